package observe

import (
	"encoding/binary"
	"net"
	"net/netip"
	"time"

	"github.com/bootrig/bootrig/emulator/link"
	"github.com/bootrig/bootrig/wire/event"
)

// A Wire reads frames of many machines, as a mirror port or a capture has them: whoever asks for an address or a boot
// file by DHCP or TFTP is one, and is called by its MAC. One behind a relay is known by what the relay passes on, and
// then by the address that it was given.
type Wire struct {
	Events event.Recorder

	machines map[[6]byte]*Observer
	routed   map[netip.Addr]*Observer
}

// maxMachines bounds who is remembered: a wire may be full of strangers.
const maxMachines = 1 << 12

// Frame reads a frame.
func (w *Wire) Frame(now time.Time, frame []byte) {
	frame = untagged(frame)
	if ip, mac, ok := claim(frame); ok {
		for _, m := range [][6]byte{[6]byte(frame), mac} { // who is told of it, and whose it is
			if o := w.machines[m]; o != nil {
				o.arp(now, ip, mac)
			}
		}
		return
	}
	p, ok := link.ParseIPv4(frame)
	if !ok {
		return
	}
	if q, ok := message(p); ok {
		w.message(now, p, q)
		return
	}
	from, to := w.from(p), w.to(p)
	if from != nil {
		from.packet(now, true, p)
	}
	if to != nil {
		to.packet(now, false, p)
	}
}

// message reads one of DHCP: it says whose it is.
func (w *Wire) message(now time.Time, p link.IPv4, m dhcpMessage) {
	o := w.machines[m.client]
	if o == nil && m.question && (m.client == p.SrcMAC || m.relayed) {
		o = w.add(m.client)
	}
	if o == nil {
		return
	}
	if m.relayed && m.given.IsValid() && len(w.routed) < maxMachines {
		if w.routed == nil {
			w.routed = map[netip.Addr]*Observer{}
		}
		w.routed[m.given] = o
	}
	o.packet(now, m.question, p)
}

// from is the machine that sent a packet, which this may be the first of.
func (w *Wire) from(p link.IPv4) *Observer {
	if o := w.machines[p.SrcMAC]; o != nil {
		return o
	}
	if o := w.routed[p.Src]; o != nil {
		return o
	}
	if dst, _, ok := port(p); ok && dst == tftpPort {
		return w.add(p.SrcMAC)
	}
	return nil
}

// to is the machine that a packet is for.
func (w *Wire) to(p link.IPv4) *Observer {
	if o := w.machines[p.DstMAC]; o != nil {
		return o
	}
	return w.routed[p.Dst]
}

func (w *Wire) add(client [6]byte) *Observer {
	if len(w.machines) >= maxMachines {
		return nil
	}
	if w.machines == nil {
		w.machines = map[[6]byte]*Observer{}
	}
	mac := net.HardwareAddr(client[:])
	o := New(Config{Guest: mac.String(), MAC: mac, Events: w.Events})
	w.machines[client] = o
	return o
}

// End says that nothing more comes: how far transfers are that no fact has told of yet.
func (w *Wire) End() {
	for _, o := range w.machines {
		o.end()
	}
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

// A dhcpMessage is whose a packet of DHCP is.
type dhcpMessage struct {
	client   [6]byte
	question bool
	relayed  bool
	given    netip.Addr // the address that an answer gives; invalid if it gives none
}

// message tells whose a packet of DHCP is, which servers send to clients and relays.
func message(p link.IPv4) (m dhcpMessage, ok bool) {
	const clientPort = 68
	dst, b, ok := port(p)
	if !ok || dst != serverPort && dst != pxePort && dst != clientPort || len(b) < fixedLen {
		return m, false
	}
	m = dhcpMessage{client: [6]byte(b[28:]), question: b[0] == bootRequest, relayed: !addr4(b[24:]).IsUnspecified()}
	if given := addr4(b[16:]); !m.question && !given.IsUnspecified() {
		m.given = given
	}
	return m, b[0] == bootRequest || b[0] == bootReply
}

// port is where a datagram goes. What is in the later fragments of one is nowhere.
func port(p link.IPv4) (dst uint16, payload []byte, ok bool) {
	const udpLen = 8
	if p.Protocol != link.ProtocolUDP || p.Offset > 0 || len(p.Payload) < udpLen {
		return 0, nil, false
	}
	return binary.BigEndian.Uint16(p.Payload[2:]), p.Payload[udpLen:], true
}
