package observe

import (
	"bytes"
	"fmt"
	"net"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/wire/event"
)

// said is a frame in which a host says that it has an address.
func said(to, from net.HardwareAddr, ip string) []byte {
	b := bytes.Join([][]byte{to, from, {8, 6, 0, 1, 8, 0, 6, 4, 0, 2}, from, net.ParseIP(ip).To4(), to, {192, 168, 9, 100}}, nil)
	return append(b, make([]byte, 18)...)
}

func TestTwoHostsWithOneAddress(t *testing.T) {
	guest, one, two := net.HardwareAddr{2, 0, 0, 0, 0, 1}, net.HardwareAddr{2, 0, 0, 0, 0, 2}, net.HardwareAddr{2, 0, 0, 0, 0, 3}
	frames := [][]byte{said(guest, one, "192.168.9.2"), said(guest, one, "192.168.9.2"), said(guest, two, "0.0.0.0"), said(guest, two, "192.168.9.3"), said(guest, two, "192.168.9.2"), said(guest, one, "192.168.9.2")}
	want := []string{"conflict 192.168.9.2:0 first=02:00:00:00:00:02 other=02:00:00:00:00:03"}
	var got []string
	events := event.Func(func(e event.Event) { got = append(got, fmt.Sprint(e.Kind, " ", e.Peer, " ", e.Attrs)) })
	o := New(Config{Guest: "pc", MAC: guest, Events: events})
	for _, frame := range frames {
		o.Frame(epoch, false, frame)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("at the guest's port (-want +got):\n%s", diff)
	}
	got = nil
	w := Wire{Events: events}
	w.add([6]byte(guest))
	for _, frame := range frames {
		w.Frame(epoch, frame)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("on a wire (-want +got):\n%s", diff)
	}
}
