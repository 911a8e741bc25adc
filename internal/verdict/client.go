package verdict

import (
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/pxe"
)

var broadcast = netip.AddrFrom4([4]byte{255, 255, 255, 255})

// A client is who asks, as its DISCOVER says.
type client struct {
	class string // option 60
	arch  int    // option 93; -1: it says none
	ipxe  bool   // option 77
	http  bool   // it boots by HTTP
}

// learn is the client of a DISCOVER. A retransmission says less than the question did.
func (c client) learn(e event.Event) client {
	class, arch := e.Attr("class"), e.Attr("arch")
	if class == "" && e.Kind == event.Retry {
		return c
	}
	return client{class, number(arch), isIPXE(e), strings.HasPrefix(class, pxe.HTTPClient)}
}

// isIPXE tells whether an iPXE asks: options 77, as the wire and as a server has it, and 175.
func isIPXE(e event.Event) bool {
	return e.Attr("userclass") == "iPXE" || e.Attr("user") == "iPXE" || e.Attr("ipxe") != ""
}

// number reads an architecture: "7", "7,11" or "x86-64_EFI (7)".
func number(arch string) int {
	if _, in, named := strings.Cut(arch, "("); named {
		arch = strings.TrimSuffix(in, ")")
	}
	first, _, _ := strings.Cut(arch, ",")
	n, err := strconv.Atoi(first)
	if err != nil {
		return -1
	}
	return n
}

// netboots tells whether it is firmware, or a boot program: others want an address and no more.
func (c client) netboots() bool {
	for _, begin := range []string{pxe.PXEClient, pxe.HTTPClient, "U-Boot"} {
		if strings.HasPrefix(c.class, begin) {
			return true
		}
	}
	return c.ipxe
}

// Netboots tells whether a question is one of firmware, or of a boot program.
func Netboots(e event.Event) bool { return client{}.learn(e).netboots() }

// uefi tells whether it runs UEFI programs.
func (c client) uefi() bool { return c.arch > 0 && c.arch != 20 && c.arch != 41 }

// Who asks, and how long it is silent at most between two tries.
var patience = []struct {
	is    func(client) bool
	tries time.Duration
}{
	{func(c client) bool { return c.ipxe }, 15 * time.Second},                               // 1, 2, 4, 8 s (iPXE src/net/udp/dhcp.c)
	{func(c client) bool { return strings.HasPrefix(c.class, "U-Boot") }, 30 * time.Second}, // doubling (U-Boot net/bootp.c)
	{func(client) bool { return true }, 40 * time.Second},                                   // 4, 8, 16, 32 s (PXE 2.1; EDK2 PxeBcDhcp4.c)
}

// tries is how long the client may be silent and still be asking.
func (c client) tries() time.Duration {
	for _, p := range patience {
		if p.is(c) {
			return p.tries
		}
	}
	return time.Minute
}
