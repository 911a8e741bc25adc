package main

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/term"

	"github.com/bootrig/bootrig/server/config/dnsmasq"
	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/media/ways"
	"github.com/bootrig/bootrig/server/proxydhcp"
	"github.com/bootrig/bootrig/wire/pxe"
)

// UnpackCmd is `bootrig unpack`.
type UnpackCmd struct {
	Words    []string   `arg:"" name:"path" help:"What was downloaded, one PATH or several, and last the directory to make."`
	Server   netip.Addr `name:"server" required:"" placeholder:"ADDR" help:"The address by which machines will reach the server: menus have it in them."`
	Programs []string   `name:"programs" placeholder:"DIR" help:"As with serve."`
	HTTP     string     `name:"http" placeholder:"PORT" help:"The port of the HTTP server. Default: 80."`
}

// Help is what `bootrig unpack --help` adds.
func (UnpackCmd) Help() string {
	return `It writes what serve would give to machines, media, menus and boot programs, as plain files that any TFTP and HTTP server can serve, and prints the lines of a dnsmasq.conf that do.

Examples:

  bootrig unpack XenServer.iso /srv/xen --server 192.168.9.2 >dnsmasq.conf
  bootrig unpack netboot.tar.gz alpine.iso /srv/netboot --server 192.168.9.2

The directory must not be there yet: it is there when all of it is written. An installer that fetches files needs the
same directory by HTTP, at the address of --server: python3 -m http.server --directory /srv/xen 80 does.

Exit code: 0 it was written, 1 it could not be, 2 used wrongly.`
}

// Run unpacks.
func (c *UnpackCmd) Run(ctx context.Context) error {
	const least = 2
	if len(c.Words) < least {
		return usage(errors.New("unpack: what, and where to? bootrig unpack X.iso DIR --server ADDR"))
	}
	last := len(c.Words) - 1
	dir := filepath.Clean(c.Words[last])
	if _, err := os.Lstat(dir); err == nil {
		return fmt.Errorf("%s is there already: name a directory that is not", dir)
	}
	s := source{Paths: c.Words[:last], Programs: c.Programs, offering: offering{HTTP: c.HTTP}}
	settings, err := s.settings(dnsmasq.Unrun())
	if err != nil {
		return err
	}
	what, err := openContents(settings, "")
	if err != nil {
		return err
	}
	defer what.Close()
	src, err := what.media.Source(c.Server)
	if err != nil {
		return err
	}
	if err := extract(ctx, src, dir); err != nil {
		return interrupted(ctx, err)
	}
	return c.conf(what, dir)
}

// extract makes the directory, or leaves nothing of it.
func extract(ctx context.Context, src content.Source, dir string) error {
	made, err := os.MkdirTemp(filepath.Dir(dir), "."+filepath.Base(dir)+"-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(made)
	if err := os.Chmod(made, 0o755); err != nil {
		return err
	}
	if err := content.Extract(ctx, src, made, progress()); err != nil {
		return err
	}
	return os.Rename(made, dir)
}

// progress tells on a terminal what is being written, a few times a second.
func progress() func(name string, size int64) {
	if !term.IsTerminal(int(os.Stderr.Fd())) {
		return nil
	}
	var last time.Time
	files, bytes := 0, int64(0)
	return func(name string, size int64) {
		files, bytes = files+1, bytes+size
		if time.Since(last) < time.Second/4 {
			return
		}
		last = time.Now()
		fmt.Fprintf(os.Stderr, "\r\x1b[K%d files, %d MB: %q", files, bytes/1e6, name)
	}
}

// conf prints what dnsmasq needs to serve the directory.
func (c *UnpackCmd) conf(what *contents, dir string) error {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	if term.IsTerminal(int(os.Stderr.Fd())) {
		fmt.Fprint(os.Stderr, "\r\x1b[K")
	}
	fmt.Printf("# TFTP is dnsmasq's. HTTP is not: have a web server give %s at http://%s/\nport=0\ndhcp-range=%s,proxy\nenable-tftp\ntftp-root=%s\n", abs, what.media.Host(c.Server), c.Server, abs)
	fmt.Println("dhcp-pxe-vendor=PXEClient,HTTPClient")
	if slices.ContainsFunc(what.media.Ways, func(w ways.Way) bool { return w.Boot.Script != "" }) {
		fmt.Println("dhcp-match=set:ipxe,175")
	}
	for _, w := range what.media.Ways {
		fmt.Printf("\n# %s: %s\n", w.Firmware, w.Title)
		for _, arch := range w.Boot.Archs {
			c.lines(arch, w.Boot.File, w.Boot.Script)
		}
	}
	return nil
}

// lines are how dnsmasq is told a boot file. It answers PXE clients for whose architecture there is a pxe-service, and
// has no such lines for those of HTTP boot.
func (c *UnpackCmd) lines(arch pxe.Arch, file, script string) {
	file, script = proxydhcp.ToOurselves(file, c.Server), proxydhcp.ToOurselves(script, c.Server)
	tag := fmt.Sprintf("arch%d", arch)
	names := pxe.DnsmasqArchNames()
	if script != "" || int(arch) >= len(names) {
		fmt.Printf("dhcp-match=set:%s,option:client-arch,%d\n", tag, arch)
	}
	switch {
	case int(arch) >= len(names):
		fmt.Printf("dhcp-boot=tag:%s,%s\n", tag, file)
	case script != "":
		fmt.Printf("pxe-service=tag:!ipxe,%s,Network boot,%s\ndhcp-boot=tag:%s,tag:ipxe,%s\n", names[arch], file, tag, script)
	default:
		fmt.Printf("pxe-service=%s,Network boot,%s\n", names[arch], file)
	}
}
