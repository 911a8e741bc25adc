package rom

import (
	"fmt"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/bootrig/bootrig/emulator/tftp"
	"github.com/bootrig/bootrig/emulator/web"
	"github.com/bootrig/bootrig/wire/machine"
)

// A transfer reads one file, by TFTP or HTTP.
type transfer interface {
	machine.Machine
	Done() (content []byte, err *tftp.Error, done bool)
	Size() int64
}

// A source is where a boot file is.
type source struct {
	web    bool // by HTTP, else by TFTP
	server netip.AddrPort
	host   string // of the URL
	name   string // the path of the URL, or what an RRQ asks for
}

// lost is why there is no source.
type lost struct {
	reason Reason
	cause  string
}

// locate finds the source that a packet names, and its URL. EDK2's PXE takes a URL for a name, and its HTTP boot
// takes nothing else.
func (r *ROM) locate(named *Reply) (source, *lost) {
	name, profile := r.file(named), &r.cfg.Profile
	if u, err := url.Parse(name); strings.Contains(name, "://") && (!profile.Collect.Slots || profile.HTTP.Boot) {
		r.url = name
		return r.address(u, err)
	}
	server := r.server(named)
	if !server.IsValid() || server.IsUnspecified() {
		return source{}, &lost{NoFile, fmt.Sprintf("the packet that names %q has siaddr 0.0.0.0", name)}
	}
	r.url = fmt.Sprintf("tftp://%s/%s", server, name)
	return source{server: netip.AddrPortFrom(server, 69), name: name}, nil
}

// address reads a URL.
func (r *ROM) address(u *url.URL, err error) (source, *lost) {
	var addr netip.Addr
	if err == nil {
		addr, err = netip.ParseAddr(u.Hostname())
	}
	http := r.cfg.Profile.HTTP.Request != ""
	if err != nil || u.Scheme != "tftp" && (u.Scheme != "http" || !http) {
		protocols := "TFTP"
		if http {
			protocols += " and HTTP"
		}
		return source{}, &lost{NoScheme, fmt.Sprintf("the scripted ROM fetches by %s from addresses, not %s", protocols, r.url)}
	}
	s := source{web: u.Scheme == "http", server: netip.AddrPortFrom(addr, 69), host: u.Host, name: strings.TrimPrefix(u.Path, "/")}
	if s.web {
		s.server, s.name = netip.AddrPortFrom(addr, 80), u.RequestURI()
	}
	if port := u.Port(); port != "" {
		s.server, err = netip.ParseAddrPort(addr.String() + ":" + port)
	}
	if err != nil {
		return source{}, &lost{NoScheme, r.url + ": " + err.Error()}
	}
	return s, nil
}

func (r *ROM) overHTTP(now time.Time) transfer {
	probed, _ := r.get.(*web.Transfer)
	return web.New(now, web.Config{
		Local:   r.local,
		Server:  r.from.server,
		Host:    r.from.host,
		Path:    r.from.name,
		Request: r.cfg.Profile.HTTP.Request,
		Probe:   r.phase == probe,
		Seq:     r.rand.Uint32(),
		Wait:    r.cfg.Profile.HTTP.Wait,
		Memory:  r.cfg.Memory,
		Over:    probed,
	})
}

// hangUp ends the connection of a transfer that is over.
func (r *ROM) hangUp() {
	if w, ok := r.get.(*web.Transfer); ok {
		w.Close()
	}
}
