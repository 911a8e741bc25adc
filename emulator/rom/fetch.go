package rom

import (
	"cmp"
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
	from, why := r.locate(named)
	if why != nil {
		r.fail(why.reason, why.cause)
		return
	}
	r.from = from
	for _, line := range r.cfg.Profile.Lines.File {
		r.say(now, strings.NewReplacer("{server}", r.server(named).String(), "{file}", r.file(named), "{url}", r.url).Replace(line))
	}
	r.phase = fetch
	r.timer.Stop()
	if r.probes(named) {
		r.phase = probe
	}
	r.read(now)
}

// probes says whether the size is asked for first. EDK2 takes option 13 for it (PxeBcBoot.c, PxeBcDhcp4BootInfo).
func (r *ROM) probes(named *Reply) bool {
	switch {
	case r.from.web:
		return r.cfg.Profile.HTTP.Probe
	case r.cfg.Profile.Collect.Slots && named.Option(13) != nil:
		return false
	}
	return r.cfg.Profile.TFTP.Probe != ""
}

func (r *ROM) read(now time.Time) {
	r.local = netip.AddrPortFrom(r.addr, uint16(1024+r.rand.IntN(48128)))
	if r.from.web {
		r.get = r.overHTTP(now)
	} else {
		r.get = r.overTFTP(now)
	}
	if r.phase == fetch {
		r.told(now, r.cfg.Profile.Lines.Loading, 0)
	}
}

func (r *ROM) overTFTP(now time.Time) transfer {
	options := r.cfg.Profile.TFTP.Options
	if r.phase == probe {
		options = r.cfg.Profile.TFTP.Probe
	}
	return tftp.New(now, tftp.Config{
		Local:    r.local,
		Server:   r.from.server,
		Name:     r.from.name,
		Options:  options,
		Patience: r.cfg.Profile.TFTP.Patience,
		Dialect:  r.cfg.Profile.TFTP.Dialect,
		NoWrap:   r.cfg.Profile.TFTP.NoWrap,
		Probe:    r.phase == probe,
		Memory:   r.cfg.Memory,
	})
}

// file is the boot file that a packet names.
func (r *ROM) file(p *Reply) string {
	if r.cfg.Profile.Collect.Slots {
		return p.bootFile()
	}
	name := cmp.Or(r.now().File, p.File())
	if r.cfg.Profile.NamesFile {
		return cmp.Or(name, r.wants)
	}
	return name
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
	if r.phase == fetch || err != nil {
		r.hangUp()
	}
	for d, ok := r.get.Next(); ok; d, ok = r.get.Next() {
		r.out = append(r.out, d) // the last ACKs outlive their transfer
	}
	if r.phase == probe && (err == nil || !r.from.web) {
		r.told(now, r.cfg.Profile.Lines.Size, max(r.get.Size(), 0))
	}
	switch {
	case r.phase == probe && err != nil && err.Code != 0 && r.from.web: // EDK2 then tries GET (HttpBootGetBootFileCaller)
		r.phase = fetch
		r.read(now)
	case r.program != nil:
		r.get = nil
		r.readBeside(now)
	case err != nil:
		r.get = nil
		r.fail(Reason(err.Reason), err.Text)
	case r.phase == probe && r.isDisk():
		r.get = nil
	case r.phase == probe:
		r.phase = fetch
		r.read(now)
	default:
		r.get = nil
		r.told(now, r.cfg.Profile.Lines.Loaded, int64(len(content)))
		r.program, r.beside = content, r.now().Beside
		r.readBeside(now)
	}
}

// told prints what there is to say of a file.
func (r *ROM) told(now time.Time, lines []string, size int64) {
	for _, line := range lines {
		r.say(now, strings.NewReplacer("{server}", r.from.server.Addr().String(), "{file}", r.from.name, "{base}", path.Base(r.from.name), "{url}", r.url,
			"{size}", strconv.FormatInt(size, 10)).Replace(line))
	}
}

// readBeside reads what is read beside the boot file, there or not, and then hands over.
func (r *ROM) readBeside(now time.Time) {
	if len(r.beside) == 0 {
		r.handOver()
		return
	}
	from := r.from
	r.from.name, r.beside = r.beside[0], r.beside[1:]
	r.read(now)
	r.from = from
}

func (r *ROM) handOver() {
	h := r.handover()
	h.Program, h.Name, h.URL, h.HTTPBoot = r.program, r.from.name, r.url, r.cfg.Profile.HTTP.Boot
	r.end(Outcome{Handover: h})
}

// handover is what a program finds of what the ROM heard.
func (r *ROM) handover() *Handover {
	h := &Handover{Addr: r.addr, ACK: r.ack, Boot: r.named(), UUID: RawUUID(r.cfg.UUID), MAC: r.cfg.MAC}
	if r.cfg.Profile.ForgetsProxy {
		h.Boot = r.ack
	}
	if h.Boot != nil {
		if h.Server = r.server(h.Boot); h.Server.IsUnspecified() {
			h.Server = h.Boot.ServerID()
		}
	}
	for _, reply := range []*Reply{r.ack, r.pxe, r.boot} {
		if reply != nil && (reply == r.ack || !r.cfg.Profile.ForgetsProxy) {
			h.Replies = append(h.Replies, reply)
		}
	}
	return h
}
