package tftpd

import (
	"errors"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// terms is what the client and we agree on.
type terms struct {
	block, window int
	timeout       time.Duration // 0: the client asked for none
	netascii      bool
	oack          []Option // empty: the transfer starts with DATA 1
}

// negotiate answers the options of r. An option that is unknown or whose value makes no sense is left
// out of the OACK (RFC 2347); whatever was not asked for is never in it. The order is dnsmasq's.
func (c *Config) negotiate(r Request, size int64, maxBlock int) terms {
	t := terms{block: 512, window: 1, netascii: strings.EqualFold(r.Mode, "netascii")}
	var blksize, tsize, timeout, windowsize []Option
	for _, o := range r.Options {
		n, err := strconv.ParseUint(o.Value, 10, 31)
		if errors.Is(err, strconv.ErrRange) {
			err = nil // and n is the largest number there is
		}
		switch name := strings.ToLower(o.Name); {
		case o.Value == "":
		case name == "tsize" && !t.netascii:
			// In netascii the size on the wire is another, and known only at the end.
			tsize = offer(name, int(size))
		case err != nil:
		case name == "blksize" && c.NoBlocksize:
		case name == "blksize":
			// RFC 2348 starts at 8; dnsmasq takes 1, and 0 for 1.
			t.block = min(max(int(n), 1), maxBlock)
			blksize = offer(name, t.block)
		case name == "timeout" && n >= 1 && n <= 255:
			t.timeout = time.Duration(n) * time.Second
			timeout = offer(name, int(n))
		case name == "windowsize" && n >= 1 && n <= 65535 && !t.netascii:
			t.window = min(int(n), c.MaxWindow)
			windowsize = offer(name, t.window)
		}
	}
	if len(windowsize) > 0 {
		t.window = min(t.window, c.maxWindow(t.block))
		windowsize = offer(windowsize[0].Name, t.window)
	}
	for _, o := range [][]Option{blksize, tsize, timeout, windowsize} {
		t.oack = append(t.oack, o...)
	}
	return t
}

func offer(name string, value int) []Option { return []Option{{name, strconv.Itoa(value)}} }

// maxWindow is the largest window of blocks of one size. Who does not know which of our ports a transfer
// has must send an ACK to each of them to be believed, so a window may weigh a frame for each port:
// no ACK, however many are forged, fetches more than a frame (doc.go has the numbers).
func (c *Config) maxWindow(block int) int {
	const frame, headers = 1500, 32
	return max(c.Ports*frame/(block+headers), 1)
}

// maxBlock is the largest block that fits into one frame of the link: fragments are lost on many a boot
// ROM (crowbar-core#1078). Headers are 20 (IPv4) or 40 (IPv6), 8 (UDP) and 4 (TFTP).
func (c *Config) maxBlock(mtu int, local netip.Addr) int {
	overhead := 32
	if local.Is6() && !local.Is4In6() {
		overhead = 52
	}
	return max(min(c.MaxBlock, mtu-overhead), 1)
}
