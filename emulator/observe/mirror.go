package observe

import (
	"encoding/binary"
	"net"

	"time"

	"github.com/bootrig/bootrig/emulator/link"
	"github.com/bootrig/bootrig/wire/event"
)

// A Wire reads frames of many machines, as a mirror port or a capture has them: whoever asks for an address or a boot
// file by DHCP or TFTP is one, and is called by its MAC.
type Wire struct {
	Events event.Recorder

	machines map[[6]byte]*Observer
}

// maxMachines bounds who is remembered: a wire may be full of strangers.
const maxMachines = 1 << 12

// Frame reads a frame.
func (w *Wire) Frame(now time.Time, frame []byte) {
	frame = untagged(frame)
	p, ok := link.ParseIPv4(frame)
	if !ok {
		return
	}
	if o := w.machine(p); o != nil {
		o.Frame(now, true, frame)
	}
	if o := w.machines[p.DstMAC]; o != nil {
		o.Frame(now, false, frame)
		return
	}
	if client, ok := answered(p); ok && p.DstMAC[0]&1 != 0 { // to everybody, and meant for one
		if o := w.machines[client]; o != nil {
			o.Frame(now, false, frame)
		}
	}
}

// machine is the one that sent a packet, which this may be the first of.
func (w *Wire) machine(p link.IPv4) *Observer {
	if o := w.machines[p.SrcMAC]; o != nil {
		return o
	}
	if len(w.machines) >= maxMachines || !begins(p) {
		return nil
	}
	if w.machines == nil {
		w.machines = map[[6]byte]*Observer{}
	}
	mac := net.HardwareAddr(p.SrcMAC[:])
	o := New(Config{Guest: mac.String(), MAC: mac, Events: w.Events})
	w.machines[p.SrcMAC] = o
	return o
}

const (
	tagLen  = 4
	tagType = 0x8100 // IEEE 802.1Q
	qinq    = 0x88a8 // IEEE 802.1ad
	macsLen = 12
)

// untagged is a frame without its VLAN tags.
func untagged(frame []byte) []byte {
	for len(frame) > macsLen+tagLen {
		if kind := binary.BigEndian.Uint16(frame[macsLen:]); kind != tagType && kind != qinq {
			break
		}
		frame = append(append([]byte{}, frame[:macsLen]...), frame[macsLen+tagLen:]...)
	}
	return frame
}

// begins tells whether a machine is known by a packet: it asks by DHCP for itself, or by TFTP.
func begins(p link.IPv4) bool {
	port, payload, ok := port(p)
	switch {
	case !ok:
		return false
	case port == serverPort || port == pxePort:
		return len(payload) >= fixedLen && payload[0] == bootRequest && [6]byte(payload[28:]) == p.SrcMAC
	}
	return port == tftpPort
}

// answered is the client that a packet of DHCP is for.
func answered(p link.IPv4) (client [6]byte, ok bool) {
	const clientPort = 68
	if port, payload, ok := port(p); ok && (port == clientPort || port == pxePort) && len(payload) >= fixedLen && payload[0] == bootReply {
		return [6]byte(payload[28:]), true
	}
	return client, false
}

// port is where a datagram goes. What is in the later fragments of one is nowhere.
func port(p link.IPv4) (dst uint16, payload []byte, ok bool) {
	const udpLen = 8
	if p.Protocol != link.ProtocolUDP || p.Offset > 0 || len(p.Payload) < udpLen {
		return 0, nil, false
	}
	return binary.BigEndian.Uint16(p.Payload[2:]), p.Payload[udpLen:], true
}
