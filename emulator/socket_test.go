//go:build unix

package emulator

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/emulator/link"
)

func TestASocketCarriesFramesBothWays(t *testing.T) {
	l := Drive(link.NewLAN(1))
	defer l.Close()
	guest, port, err := l.Socket("guest", 0)
	if err != nil {
		t.Fatal(err)
	}
	wire := newFramed(guest)
	defer wire.Close()
	var from []link.Port
	l.Do(func(now time.Time, lan *link.LAN) {
		lan.WatchAll(func(_ time.Time, p link.Port, _ []byte) { from = append(from, p) })
		lan.Plug("station", &ticker{at: []time.Time{now}})
	})
	buf := make([]byte, maxFrame)
	n, err := wire.Read(buf)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(ethernet("tick"), buf[:n]); diff != "" {
		t.Errorf("the guest hears (-want +got):\n%s", diff)
	}
	heard := make(chan struct{})
	l.Do(func(_ time.Time, lan *link.LAN) {
		lan.Watch(port, func(_ time.Time, fromGuest bool, _ []byte) {
			if fromGuest {
				close(heard)
			}
		})
	})
	wire.Write(ethernet("here I am"))
	select {
	case <-heard:
	case <-time.After(20 * time.Second):
		t.Fatal("not heard after 20 s")
	}
	l.Do(func(time.Time, *link.LAN) {
		if len(from) != 2 || from[1] != port {
			t.Errorf("frames entered at %v, the guest is at %v", from, port)
		}
	})
}
