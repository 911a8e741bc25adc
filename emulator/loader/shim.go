package loader

import (
	"bytes"
	"net/netip"
	"strings"
	"time"

	"github.com/bootrig/bootrig/emulator/loader/ipxe"
	"github.com/bootrig/bootrig/emulator/tftp"
	"github.com/bootrig/bootrig/emulator/web"
)

// isShim knows shim by the version table inside it.
func isShim(program []byte) bool { return bytes.Contains(program, []byte("UEFI SHIM\n$Version: ")) }

// A shim is one at work: it has the firmware fetch what it wants.
type shim struct {
	*env
	server netip.Addr
	dir    string // where it came from, with the slash
}

// runShim is shim 16: it asks for lists of what is revoked, and for certificates, which need not be there, and starts
// its second stage (shim.c, load_unbundled_trust; capture uefi-shim).
func runShim(e *env) {
	p := &shim{env: e}
	switch h := e.Handover; {
	case e.Profile.Scripts:
		e.fail("Failed to load image: Invalid Parameter", "shim is scripted as EDK2's PXE and HTTP boot start it, and here an iPXE did")
	case h.HTTPBoot:
		p.dir = h.URL[:strings.LastIndexByte(h.URL, '/')+1]
	default:
		p.besides(h)
	}
	for _, name := range []string{"revocations_sku.efi", "revocations_sbat.efi", "shim_certificate_0.efi"} {
		_, _ = p.open(name) // it need not be there
	}
	name := "grubx64.efi"
	if e.Handover.HTTPBoot {
		name = "/" + name // it has a slash of its own, which only TFTP's names lose
	}
	content, err := p.open(name)
	if err != nil {
		e.say("start_image() returned Not Found")
		e.fail("Failed to load image: Not Found", "shim's second stage: "+err.Text)
	}
	h := *e.Handover
	h.Program, h.Name, h.URL = content, p.dir+name, p.dir+name
	if !h.HTTPBoot {
		h.URL = "tftp://" + p.server.String() + "/" + h.Name
	}
	e.end(Outcome{Chain: &h})
}

// besides finds the directory and the server of a shim that PXE started: in the lease's packet if that names a file, else
// in the proxy's, else in the boot server's (netboot.c, parseDhcp4).
func (p *shim) besides(h handover) {
	packet := h.ACK
	for _, r := range h.Replies {
		if packet.File() == "" && r.File() != "" {
			packet = r
		}
	}
	file := packet.File()
	p.server, p.dir = packet.SIAddr, file[:strings.LastIndexAny(file, `/\`)+1]
}

// open reads a file beside shim by the protocol that it came by.
func (p *shim) open(name string) ([]byte, *tftp.Error) {
	local := netip.AddrPortFrom(p.Handover.Addr, p.port)
	p.port++
	if p.Handover.HTTPBoot {
		return p.browse(local, p.dir+name)
	}
	p.say("Fetching Netboot Image %s", p.dir+name)
	profile := &p.Profile
	return p.transfer(tftp.New(p.now, tftp.Config{
		Local: local, Server: netip.AddrPortFrom(p.server, 69), Name: p.dir + name, Memory: p.Memory,
		Options: "blksize 512 windowsize 4", Patience: profile.TFTP.Patience, Dialect: profile.TFTP.Dialect,
	}), time.Time{})
}

// browse reads a URL, with a connection of its own (httpboot.c, httpboot_fetch_buffer).
func (p *shim) browse(local netip.AddrPort, url string) ([]byte, *tftp.Error) {
	uri := ipxe.ParseURI(url)
	server, ok := hostPort(uri.Host, 80)
	if !ok || uri.Scheme != "http" {
		p.fail("Failed to load image: Invalid Parameter", "the scripted shim fetches from addresses, not "+url)
	}
	return p.transfer(web.New(p.now, web.Config{
		Local: local, Server: server, Host: uri.Host, Path: uri.Request(), Request: p.Profile.HTTP.Request,
		Seq: uint32(p.Seed) + uint32(local.Port())<<16, Wait: p.Profile.HTTP.Wait, Memory: p.Memory,
	}), time.Time{})
}
