package rom

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// bootFile begins to fetch what the settings name. The server is the one of the packet that named the file
// (iPXE fetch_next_server_and_filename).
func (r *ROM) bootFile(now time.Time) {
	named := r.named()
	if named == nil || named.File() == "" {
		r.noFile(named)
		return
	}
	server, name := r.server(named), named.File()
	if scheme, rest, ok := strings.Cut(name, "://"); ok {
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
	r.url = fmt.Sprintf("tftp://%s/%s", server, strings.TrimPrefix(name, "/"))
	for _, line := range r.cfg.Profile.Lines.File {
		r.say(now, strings.NewReplacer("{server}", server.String(), "{file}", name).Replace(line))
	}
	r.phase, r.timer.running = fetch, false
	if r.cfg.Profile.TFTP.Probe != "" {
		r.phase = probe
	}
	r.read(now, server, name)
}

func (r *ROM) read(now time.Time, server netip.Addr, name string) {
	options := r.cfg.Profile.TFTP.Options
	if r.phase == probe {
		options = r.cfg.Profile.TFTP.Probe
	}
	r.get = NewTransfer(now, TransferConfig{
		Local:    netip.AddrPortFrom(r.addr, uint16(1024+r.rand.IntN(48128))),
		Server:   netip.AddrPortFrom(server, 69),
		Name:     name,
		Options:  options,
		Patience: r.cfg.Profile.TFTP.Patience,
		Probe:    r.phase == probe,
		Memory:   r.cfg.Memory,
	})
}

// server is where a packet sends the client for its file.
func (r *ROM) server(p *Reply) netip.Addr {
	if p.SIAddr == netip.IPv4Unspecified() && r.cfg.Profile.SNameIsServer {
		if a, err := netip.ParseAddr(p.SName); err == nil {
			return a
		}
		return p.ServerID()
	}
	return p.SIAddr
}

// noFile says why there is nothing to boot.
func (r *ROM) noFile(named *Reply) {
	switch {
	case named != nil:
		r.fail(NoFile, fmt.Sprintf("%s answered boot server discovery without a file", named.PseudoID()))
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
	cfg := r.get.cfg
	r.get = nil
	switch {
	case err != nil:
		r.fail(err.Fault, err.Text)
	case r.phase == probe:
		r.phase = fetch
		r.read(now, cfg.Server.Addr(), cfg.Name)
	default:
		for _, line := range r.cfg.Profile.Lines.Loaded {
			r.say(now, strings.NewReplacer("{file}", cfg.Name, "{url}", r.url, "{size}", strconv.Itoa(len(content))).Replace(line))
		}
		r.handOver(content, cfg)
	}
}

func (r *ROM) handOver(program []byte, from TransferConfig) {
	named := r.named()
	h := &Handover{
		Program: program, Name: from.Name, Addr: r.addr, Server: r.server(named),
		ACK: r.ack, Boot: named, UUID: RawUUID(r.cfg.UUID), MAC: r.cfg.MAC,
	}
	if h.Server.IsUnspecified() {
		h.Server = named.ServerID()
	}
	for _, reply := range []*Reply{r.ack, r.pxe, r.boot} {
		if reply != nil {
			h.Replies = append(h.Replies, reply)
		}
	}
	r.end(Outcome{Handover: h})
}
