package observe

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/gopacket/gopacket/pcapgo"

	"github.com/bootrig/bootrig/wire/event"
)

// FuzzObserve shows frames of a capture and a made-up one to an Observer. Nothing may panic, and a fact
// must be one that readers can use.
func FuzzObserve(f *testing.F) {
	seed(f)
	w := newWire(f)
	prefix := [][]byte{
		w.frame(true, 17, udpLayer(1024, 69), payload([]byte("\x00\x01f\x00octet\x00blksize\x008\x00"))),
		w.frame(false, 17, udpLayer(40000, 1024), payload([]byte("\x00\x06blksize\x008\x00"))),
	}
	f.Fuzz(func(t *testing.T, fromGuest bool, first, second []byte) {
		var got facts
		o := New(Config{Guest: "pc", MAC: guestMAC, Events: &got})
		o.Frame(epoch, true, prefix[0])
		o.Frame(epoch, false, prefix[1])
		for _, b := range [][]byte{first, second, first} {
			o.Frame(epoch, fromGuest, b)
			o.udp(fromGuest, hostPort(guestIP, 1024), hostPort(serverIP, 40000), b)
			o.udp(!fromGuest, hostPort(serverIP, 40000), hostPort(guestIP, 1024), b)
			o.udp(fromGuest, hostPort(guestIP, 68), hostPort(serverIP, 67), b)
			o.udp(!fromGuest, hostPort(serverIP, 4011), hostPort(guestIP, 68), b)
			o.udp(true, hostPort(guestIP, 1024), hostPort(serverIP, 69), b)
			o.icmp(fromGuest, b)
			o.tcp(fromGuest, guestIP, serverIP, b)
		}
		for _, e := range got {
			if e.Kind == "" || e.Bytes < 0 || e.Kind == event.Retry && e.Attr("of") == "" {
				t.Fatalf("a strange fact: %+v", e)
			}
		}
	})
}

func seed(f *testing.F) {
	for _, name := range []string{"A", "B", "F3"} {
		file, err := os.Open(filepath.Join("..", "..", "testdata", "captures", name+"-control.pcap"))
		if err != nil {
			f.Fatal(err)
		}
		defer file.Close()
		r, err := pcapgo.NewReader(file)
		if err != nil {
			f.Fatal(err)
		}
		for {
			frame, _, err := r.ReadPacketData()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				f.Fatal(err)
			}
			f.Add(true, frame, frame[14:])
			if len(frame) > 42 {
				f.Add(false, frame[34:], frame[42:])
			}
		}
	}
}
