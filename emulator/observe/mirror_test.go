package observe

import (
	"bytes"
	"encoding/binary"
	"net/netip"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/internal/verdict"
	"github.com/bootrig/bootrig/wire/event"
)

// A capture of one machine tells the same to who knows its port and to who finds it among all others, with a tag of a
// VLAN and without.
func TestAMachineIsFoundOnAWireOfMany(t *testing.T) {
	for _, tag := range [][]byte{nil, {0x81, 0, 0, 7}, {0x88, 0xa8, 0, 7, 0x81, 0, 0, 9}} {
		var alone, found facts
		one := New(Config{Guest: guestMAC.String(), MAC: guestMAC, Events: event.Func(func(e event.Event) { alone = append(alone, e) })})
		wire := Wire{Events: event.Func(func(e event.Event) { found = append(found, e) })}
		file, err := os.Open("../../testdata/captures/A-control.pcap")
		if err != nil {
			t.Fatal(err)
		}
		err = Read(file, func(now time.Time, frame []byte) {
			one.Frame(now, bytes.Equal(frame[6:12], guestMAC), frame)
			wire.Frame(now, slices.Concat(frame[:12], tag, frame[12:]))
		})
		if err != nil || len(alone) < 50 {
			t.Fatalf("%d facts, %v", len(alone), err)
		}
		if diff := cmp.Diff(alone.kinds(), found.kinds()); diff != "" {
			t.Errorf("with the tag %x (-alone +among many):\n%s", tag, diff)
		}
	}
}

// A capture at the server's side of a relay has what the relay passes on, and the machine's files through a router.
func TestAMachineBehindARelayIsFound(t *testing.T) {
	var found facts
	wire := Wire{Events: event.Func(func(e event.Event) { found = append(found, e) })}
	w := newWire(t)
	relayed := func(op byte, fromGuest bool, options string) {
		m := bootpBytes(op, 1, "", "", options)
		copy(m[24:], []byte{192, 168, 20, 1})
		if op == bootReply {
			copy(m[16:], guestIP.AsSlice())
		}
		frame := w.frame(fromGuest, 17, udpLayer(67, 67), payload(m))
		copy(frame[:12], "relay-router")
		wire.Frame(epoch, frame)
	}
	relayed(bootRequest, true, "\x35\x01\x01")
	relayed(bootReply, false, "\x35\x01\x02")
	rrq := w.frame(true, 17, udpLayer(2000, 69), payload([]byte("\x00\x01a\x00octet\x00")))
	oops := w.frame(false, 17, udpLayer(4000, 2000), payload([]byte("\x00\x05\x00\x01no\x00")))
	for _, frame := range [][]byte{rrq, oops} {
		copy(frame[:12], "relay-router")
		wire.Frame(epoch, frame)
	}
	if diff := cmp.Diff([]string{"discover", "offer", "rrq a", "miss a"}, found.kinds()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(found) > 0 && (found[0].Client != guestMAC.String() || found[0].Attr("relay") != "192.168.20.1") {
		t.Errorf("%+v", found[0])
	}
}

func TestWhoNeitherAsksByDHCPNorByTFTPIsNoMachine(t *testing.T) {
	var found facts
	wire := Wire{Events: event.Func(func(e event.Event) { found = append(found, e) })}
	w := newWire(t)
	for n := range 3 * maxMachines { // and of too many the first
		frame := w.frame(true, 17, udpLayer(68, 67), payload(bootpBytes(bootRequest, 1, "", "", "\x35\x01\x01")))
		binary.BigEndian.PutUint32(frame[8:], uint32(n))
		wire.Frame(epoch, frame)
	}
	if len(found) != 0 || len(wire.machines) > 1 { // the client in them is another than their sender, but for one
		t.Errorf("%d facts of %d machines", len(found), len(wire.machines))
	}
}

func TestWhatIsNoCapture(t *testing.T) {
	for name, text := range map[string]string{
		"nothing": "", "a text": "port=0\ndhcp-range=192.168.9.0,proxy\n", "the beginning of a pcapng": "\x0a\x0d\x0d\x0a\x00",
		"frames of another kind": "\xd4\xc3\xb2\xa1\x02\x00\x04\x00" + strings.Repeat("\x00", 8) + "\xff\xff\x00\x00\x71\x00\x00\x00",
	} {
		if err := Read(strings.NewReader(text), func(time.Time, []byte) {}); err == nil {
			t.Errorf("%s is read", name)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, name := range []string{"A-control.pcap", "ovmf-menu.pcap"} {
		data, err := os.ReadFile("../../testdata/captures/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	var ng bytes.Buffer
	c, err := NewCapture(&ng)
	if err != nil {
		f.Fatal(err)
	}
	chatter(f, c.Frame)
	f.Add(ng.Bytes())
	f.Add([]byte("\x0a\x0d\x0d\x0a\x1c\x00\x00\x00\x4d\x3c\x2b\x1a"))
	f.Fuzz(func(_ *testing.T, data []byte) {
		facts, _, _ := Machines(bytes.NewReader(data))
		for _, all := range facts {
			verdict.Boots(all, netip.Addr{}, epoch)
		}
	})
}
