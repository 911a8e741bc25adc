package rom

import (
	"fmt"
	"net/netip"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/bootrig/bootrig/emulator/tftp"
)

// bootFile begins to fetch what the settings name. The server is the one of the packet that named the file
// (iPXE fetch_next_server_and_filename).
func (r *ROM) bootFile(now time.Time) {
	named := r.named()
	if named == nil || r.file(named) == "" {
		r.noFile(named)
		return
	}
	server, name := r.server(named), r.file(named)
	if scheme, rest, ok := strings.Cut(name, "://"); ok && !r.cfg.Profile.Collect.Slots { // to EDK2 it is a name
		host, path, _ := strings.Cut(rest, "/")
		addr, err := netip.ParseAddr(host)
		if scheme != "tftp" || err != nil {
			r.url = name
			r.fail(NoScheme, fmt.Sprintf("the scripted ROM fetches by TFTP from addresses, not %s", name))
			return
		}
		server, name = addr, path
	}
	if !server.IsValid() || server.IsUnspecified() {
		r.fail(NoFile, fmt.Sprintf("the packet that names %q has siaddr 0.0.0.0", name))
		return
	}
	r.url = fmt.Sprintf("tftp://%s/%s", server, name)
	for _, line := range r.cfg.Profile.Lines.File {
		r.say(now, strings.NewReplacer("{server}", server.String(), "{file}", name).Replace(line))
	}
	r.phase = fetch
	r.timer.Stop()
	if r.probes(named) {
		r.phase = probe
	}
	r.read(now, server, name)
}

// probes says whether the size is asked for first. EDK2 takes option 13 for it (PxeBcBoot.c, PxeBcDhcp4BootInfo).
func (r *ROM) probes(named *Reply) bool {
	if r.cfg.Profile.Collect.Slots && named.Option(13) != nil {
		return false
	}
	return r.cfg.Profile.TFTP.Probe != ""
}

func (r *ROM) read(now time.Time, server netip.Addr, name string) {
	options := r.cfg.Profile.TFTP.Options
	if r.phase == probe {
		options = r.cfg.Profile.TFTP.Probe
	}
	r.get = tftp.New(now, tftp.Config{
		Local:    netip.AddrPortFrom(r.addr, uint16(1024+r.rand.IntN(48128))),
		Server:   netip.AddrPortFrom(server, 69),
		Name:     name,
		Options:  options,
		Patience: r.cfg.Profile.TFTP.Patience,
		Dialect:  r.cfg.Profile.TFTP.Dialect,
		Probe:    r.phase == probe,
		Memory:   r.cfg.Memory,
	})
	if r.phase == fetch {
		r.sayAll(now, r.cfg.Profile.Lines.Loading)
	}
}

// file is the boot file that a packet names.
func (r *ROM) file(p *Reply) string {
	if r.cfg.Profile.Collect.Slots {
		return p.bootFile()
	}
	return p.File()
}

// server is where a packet sends the client for its file.
func (r *ROM) server(p *Reply) netip.Addr {
	profile := &r.cfg.Profile
	switch a, err := netip.ParseAddr(p.SName); {
	case p.SIAddr != netip.IPv4Unspecified():
		return p.SIAddr
	case profile.SNameIsServer && err == nil:
		return a
	case profile.SNameIsServer || profile.IDIsServer:
		return p.ServerID()
	}
	return p.SIAddr
}

// noFile says why there is nothing to boot.
func (r *ROM) noFile(named *Reply) {
	switch {
	case named != nil && named == r.boot:
		r.fail(NoFile, fmt.Sprintf("%s answered boot server discovery without a file", named.PseudoID()))
	case named != nil:
		r.fail(NoFile, fmt.Sprintf("the packet of %s that counts names no file", named.PseudoID()))
	case r.heard != "":
		r.fail(NoFile, r.heard)
		r.outcome.Failure.Patience = strings.HasSuffix(r.heard, "ran out of patience")
	case r.pxe == nil && r.proxy == nil:
		r.fail(NoFile, fmt.Sprintf("the lease of %s names no file and no proxy offer came; ran out of patience", r.ack.ServerID()))
		r.outcome.Failure.Patience = true
	default:
		r.fail(NoFile, "neither the lease nor the proxy's offer names a file")
	}
}

// fetched looks at the transfer: it may have ended.
func (r *ROM) fetched(now time.Time) {
	content, err, done := r.get.Done()
	if !done {
		return
	}
	if d, ok := r.get.Next(); ok {
		r.out = append(r.out, d) // the final ACK outlives its transfer
	}
	cfg := r.get.Config()
	if r.phase == probe {
		r.told(now, r.cfg.Profile.Lines.Size, cfg, max(r.get.Size(), 0))
	}
	r.get = nil
	switch {
	case err != nil:
		r.fail(Reason(err.Reason), err.Text)
	case r.phase == probe:
		r.phase = fetch
		r.read(now, cfg.Server.Addr(), cfg.Name)
	default:
		r.told(now, r.cfg.Profile.Lines.Loaded, cfg, int64(len(content)))
		r.handOver(content, cfg)
	}
}

// told prints what there is to say of a file.
func (r *ROM) told(now time.Time, lines []string, cfg tftp.Config, size int64) {
	for _, line := range lines {
		r.say(now, strings.NewReplacer("{server}", cfg.Server.Addr().String(), "{file}", cfg.Name, "{base}", path.Base(cfg.Name), "{url}", r.url,
			"{size}", strconv.FormatInt(size, 10)).Replace(line))
	}
}

func (r *ROM) handOver(program []byte, from tftp.Config) {
	h := r.handover()
	h.Program, h.Name, h.URL = program, from.Name, r.url
	r.end(Outcome{Handover: h})
}

// handover is what a program finds of what the ROM heard.
func (r *ROM) handover() *Handover {
	h := &Handover{Addr: r.addr, ACK: r.ack, Boot: r.named(), UUID: RawUUID(r.cfg.UUID), MAC: r.cfg.MAC}
	if h.Boot != nil {
		if h.Server = r.server(h.Boot); h.Server.IsUnspecified() {
			h.Server = h.Boot.ServerID()
		}
	}
	for _, reply := range []*Reply{r.ack, r.pxe, r.boot} {
		if reply != nil {
			h.Replies = append(h.Replies, reply)
		}
	}
	return h
}
