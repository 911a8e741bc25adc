package golden

import (
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/wire/event"
)

var masks = Masks{
	MAC:   net.HardwareAddr{0x52, 0x54, 0, 0x12, 0x34, 0x56},
	IP:    netip.MustParseAddr("192.168.9.111"),
	UUID:  [16]byte{0, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff},
	House: netip.MustParseAddr("192.168.9.1"), Server: netip.MustParseAddr("192.168.9.2"),
}

func wire(k event.Kind, peer, path, attrs string) event.Event {
	e := event.Event{Kind: k, Source: "wire", Client: "pc", Path: path, Attrs: event.Attributes(attrs), Time: time.Now()}
	if peer != "" {
		e.Peer = netip.MustParseAddrPort(peer)
	}
	return e
}

func TestATraceKeepsWhatMattersAndMasksTheRest(t *testing.T) {
	const offer = "yiaddr=0.0.0.0 siaddr=192.168.9.2 class=PXEClient servers=\"32768:192.168.9.2\" xid=1"
	events := []event.Event{
		wire(event.Discover, "255.255.255.255:67", "", "arch=0 xid=1"),
		wire(event.Offer, "192.168.9.2:67", "pxelinux.0", offer),
		wire(event.Retry, "255.255.255.255:67", "", "of=discover"),
		wire(event.Discover, "255.255.255.255:67", "", "arch=0 xid=2"),
		wire(event.Offer, "192.168.9.1:67", "", "yiaddr=192.168.9.111"),
		wire(event.Offer, "192.168.9.2:67", "pxelinux.0", offer),
		{Kind: event.Offer, Source: "server", Client: "pc"},
		{Kind: event.Offer, Source: "wire", Client: "other"},
		wire(event.Request, "255.255.255.255:67", "", "server=192.168.9.1"),
		wire(event.Offer, "192.168.9.2:67", "pxelinux.0", offer), // late: it is in the set already
		wire(event.RRQ, "192.168.9.2:69", "pxelinux.0", `options="tsize 0 blksize 1408"`),
		wire(event.OACK, "192.168.9.2:40001", "pxelinux.0", `options="tsize 42000 blksize 1408"`),
		wire(event.Data, "192.168.9.2:40001", "pxelinux.0", ""),
		wire(event.Got, "192.168.9.2:40001", "pxelinux.0", ""),
		wire(event.Miss, "192.168.9.2:40002", "pxelinux.cfg/33221100-5544-7766-8899-aabbccddeeff", ""),
		wire(event.Miss, "192.168.9.2:40002", "pxelinux.cfg/01-52-54-00-12-34-56", ""),
		wire(event.Miss, "192.168.9.2:40002", "pxelinux.cfg/C0A8096F", ""),
		wire(event.Miss, "192.168.9.2:40002", "pxelinux.cfg/C0A", ""),
		wire(event.Got, "192.168.9.2:40003", "a b", ""),
		{Kind: event.Cmdline, Source: "guest", Client: "pc", Text: "BOOT_IMAGE=linux console=ttyS0"},
		{Kind: event.Cmdline, Source: "guest", Client: "pc", Text: "BOOT_IMAGE=linux console=ttyS0"},
		wire(event.Discover, "255.255.255.255:67", "", "arch=0"), // the operating system's own
	}
	want := []string{
		"discover arch=0",
		"offer {house} yiaddr={ip}",
		"offer {server} pxelinux.0 yiaddr=0.0.0.0 siaddr={server} class=PXEClient servers=32768:{server}",
		"request server={house}",
		`rrq {server} pxelinux.0 options="tsize 0 blksize 1408"`,
		`oack {server} pxelinux.0 options="tsize {size} blksize 1408"`,
		"got {server} pxelinux.0",
		"miss {server} pxelinux.cfg/{uuid}",
		"miss {server} pxelinux.cfg/01-{mac}",
		"miss {server} pxelinux.cfg/{iphex}",
		"miss {server} pxelinux.cfg/{iphex:3}",
		`got {server} "a b"`,
		"cmdline BOOT_IMAGE=linux console=ttyS0",
	}
	if diff := cmp.Diff(want, Trace(events, "pc", masks)); diff != "" {
		t.Errorf("trace (-want +got):\n%s", diff)
	}
}

func TestATraceWithoutFilesIsKeptWhole(t *testing.T) {
	got := Trace([]event.Event{wire(event.Discover, "", "", ""), wire(event.Offer, "192.168.9.1:67", "", "")}, "pc", masks)
	if diff := cmp.Diff([]string{"discover", "offer {house}"}, got); diff != "" {
		t.Errorf("trace (-want +got):\n%s", diff)
	}
}

func TestAGoldenFileShowsTheDifference(t *testing.T) {
	for _, from := range []Origin{Real, Scripted} {
		file := Text(from, []string{"a", "b"})
		if got := OriginOf(file); got != from {
			t.Errorf("a trace from %s is from %s", from, got)
		}
		if diff := Compare("x", file, []string{"a", "b"}); diff != "" {
			t.Errorf("the same lines differ: %s", diff)
		}
		if diff := Compare("x", file, []string{"a", "c"}); !strings.Contains(diff, "\n-b\n") || !strings.Contains(diff, "\n+c\n") {
			t.Errorf("difference of b and c: %q", diff)
		}
	}
	if got := OriginOf([]byte("discover\n")); got != Real {
		t.Errorf("a trace without a comment is from %s", got)
	}
}
