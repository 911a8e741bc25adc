package observe

import (
	"encoding/binary"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"

	"github.com/bootrig/bootrig/wire/event"
)

func udpLayer(src, dst uint16) *layers.UDP {
	return &layers.UDP{SrcPort: layers.UDPPort(src), DstPort: layers.UDPPort(dst)}
}

func payload(b []byte) gopacket.Payload { return b }

// fragments cuts the packet of a frame.
func fragments(frame []byte, size int) (parts [][]byte) {
	head, body := frame[:34], frame[34:]
	for at := 0; at < len(body); at += size {
		end := min(at+size, len(body))
		b := append(append([]byte(nil), head...), body[at:end]...)
		binary.BigEndian.PutUint16(b[16:], uint16(20+end-at))
		flags := uint16(at / 8)
		if end < len(body) {
			flags |= 0x2000
		}
		binary.BigEndian.PutUint16(b[20:], flags)
		b[24], b[25] = 0, 0
		var sum uint32
		for i := 14; i < 34; i += 2 {
			sum += uint32(binary.BigEndian.Uint16(b[i:]))
		}
		binary.BigEndian.PutUint16(b[24:], ^uint16(sum+sum>>16))
		parts = append(parts, b)
	}
	return parts
}

func TestWhatIsNoFactOfThisGuest(t *testing.T) {
	rrq := []byte("\x00\x01f\x00octet\x00")
	for name, change := range map[string]struct {
		fromGuest bool
		edit      func(frame []byte) []byte
	}{
		"a damaged datagram":            {true, func(b []byte) []byte { b[44] ^= 4; return b }},
		"a frame cut short":             {true, func(b []byte) []byte { return b[:44] }},
		"a frame for another's card":    {false, func(b []byte) []byte { b[5]++; return b }},
		"another protocol":              {true, func(b []byte) []byte { b[12] = 0x86; return b }},
		"half of a fragmented datagram": {true, func(b []byte) []byte { return fragments(b, 8)[0] }},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWire(t)
			if !change.fromGuest {
				tftpPeer{w, 1024, 40000}.rrq("f\x00octet\x00")
				w.facts = nil
				w.o.Frame(epoch, false, change.edit(w.frame(false, 17, udpLayer(40000, 1024), payload(packet(opDATA, 1, "x")))))
			} else {
				w.o.Frame(epoch, true, change.edit(w.frame(true, 17, udpLayer(1024, 69), payload(rrq))))
			}
			if len(w.facts) != 0 {
				t.Errorf("facts %v", w.facts)
			}
		})
	}
}

func TestAGuestWithoutAKnownMACIsTheFirstThatSends(t *testing.T) {
	var got facts
	w := newWire(t)
	o := New(Config{Guest: "pc", Events: &got})
	o.Frame(epoch, true, w.frame(true, 17, udpLayer(1024, 69), payload([]byte("\x00\x01f\x00octet\x00"))))
	o.Frame(epoch, false, w.frame(false, 17, udpLayer(40000, 1024), payload(packet(opERROR, 1, "\x00"))))
	if diff := cmp.Diff([]string{"rrq f", "miss f"}, got.kinds()); diff != "" {
		t.Errorf("facts (-want +got):\n%s", diff)
	}
}

func TestAClosedPortIsAFactOnce(t *testing.T) {
	w := newWire(t)
	p := tftpPeer{w, 1024, 40000}
	closed := func(fromGuest bool, complained []byte) {
		icmp := &layers.ICMPv4{TypeCode: layers.CreateICMPv4TypeCode(3, 3)}
		w.o.Frame(epoch, fromGuest, w.frame(fromGuest, layers.IPProtocolICMPv4, icmp, payload(complained[14:42])))
	}
	p.rrq("f\x00octet\x00")
	for range 2 {
		closed(false, w.frame(true, 17, udpLayer(1024, 69), payload(nil)))
	}
	closed(true, w.frame(false, 17, udpLayer(40000, 2000), payload(nil)))
	if diff := cmp.Diff([]string{"rrq f", "unreachable f", "retry f unreachable", "unreachable"}, w.facts.kinds()); diff != "" {
		t.Errorf("facts (-want +got):\n%s", diff)
	}
	if e := w.facts[1]; e.Peer.String() != "192.168.9.2:69" || e.Kind != event.Unreachable {
		t.Errorf("server's closed port: %+v", e)
	}
	if e := w.facts[3]; e.Peer.String() != "192.168.9.2:40000" || e.Attr("by") != "guest" {
		t.Errorf("guest's closed port: %+v", e)
	}
}
