package loader

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/bootrig/bootrig/emulator/tftp"
	"github.com/bootrig/bootrig/emulator/web"
)

func (p *pxe) protocols() string {
	if p.lwip {
		return "TFTP and HTTP"
	}
	return "TFTP"
}

// browse reads a file by HTTP: a connection a file, each from a port of its own (syslinux core/fs/pxe/http.c; capture
// lpxelinux-http).
func (p *pxe) browse(at located) ([]byte, bool) {
	host, _, _ := strings.Cut(at.host, ":") // a port is not told
	content, err := p.transfer(web.New(p.now, web.Config{
		Local: netip.AddrPortFrom(p.Handover.Addr, p.port), Server: at.server, Host: host, Path: "/" + escape(at.path),
		Request: "GET {path} HTTP/1.0\r\nHost: {host}\r\nUser-Agent: Syslinux/6.04\r\nConnection: close\r\n" + p.cookies() + "\r\n\r\n",
		Seq:     uint32(p.Seed) + uint32(p.port)<<16, Memory: p.Memory,
	}), time.Time{})
	if p.port++; p.port == 0 {
		p.port = 49152
	}
	if err != nil && (err.Reason == tftp.OpenTimeout || err.Reason == tftp.ReadTimeout) {
		p.silence = err.Text
	}
	return content, err == nil
}

// cookies tell a server what SYSAPPEND would tell a kernel. What the last of them say is QEMU's "pc" in the capture.
func (p *pxe) cookies() string {
	var b strings.Builder
	b.WriteString("Cookie: ")
	for _, word := range append(p.sysappend(7), "CPU=6PXLS", "SYSVENDOR=QEMU", "SYSPRODUCT=Standard PC (i440FX + PIIX, 1996)",
		"SYSVERSION=pc-i440fx-7.2", "BIOSVENDOR=SeaBIOS", "BIOSVERSION=1.16.2-debian-1.16.2-1", "SYSFF=1") {
		name, value, _ := strings.Cut(word, "=")
		b.WriteString("_Syslinux_" + name + "=" + cookie(value) + ";")
	}
	return b.String()
}

// escape has as much of a name escaped as HTTP's first line needs (syslinux core/fs/pxe/urlparse.c, url_escape_unsafe).
func escape(name string) string {
	return percent(name, func(c byte) bool { return c > ' ' && c <= '~' })
}

// cookie is a text as it stands in a cookie (core/fs/pxe/http.c, http_do_bake_cookies).
func cookie(text string) string {
	const special = "()<>@,;:\\\"/[]?={}\t"
	return percent(strings.ReplaceAll(text, " ", "+"), func(c byte) bool { return c >= ' ' && strings.IndexByte(special, c) < 0 })
}

func percent(text string, plain func(byte) bool) string {
	var b strings.Builder
	for i := range len(text) {
		if plain(text[i]) {
			b.WriteByte(text[i])
		} else {
			fmt.Fprintf(&b, "%%%02X", text[i])
		}
	}
	return b.String()
}
