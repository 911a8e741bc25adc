package loader

import (
	"net/netip"
	"regexp"
	"time"

	"github.com/bootrig/bootrig/emulator/tftp"
	"github.com/bootrig/bootrig/emulator/web"
)

// userAgent is how a GRUB with the module http calls itself; "" for one without.
func userAgent(program []byte) string {
	said := regexp.MustCompile(`User-Agent: (GRUB [ -~]+)\r\n`).FindSubmatch(program)
	if said == nil {
		return ""
	}
	return string(said[1])
}

// browse reads a file by HTTP, with a connection of its own (net/http.c, http_establish; capture uefi-shim).
func (p *gnu) browse(server netip.Addr, host, path string) ([]byte, *tftp.Error) {
	return p.transfer(web.New(p.now, web.Config{
		Local: netip.AddrPortFrom(p.Handover.Addr, p.port), Server: netip.AddrPortFrom(server, 80), Host: host, Path: path,
		Request: "{method} {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: " + p.core.agent + "\r\n\r\n",
		Seq:     uint32(p.Seed) + uint32(p.port)<<16, Memory: p.Memory,
	}), time.Time{})
}
