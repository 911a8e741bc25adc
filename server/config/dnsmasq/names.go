package dnsmasq

import (
	"net/netip"
	"slices"
	"strings"
)

// A named server is one that the configuration calls by its name.
type namedServer struct {
	name, rule, option string
	found              func(netip.Addr)
}

// names are what dnsmasq would know of the names of servers: those of hosts files and host-record, and
// no DNS server is asked (cache.c, a_record_from_hosts).
type names struct {
	records []record
	files   []bank
	none    bool // no-hosts: not those of /etc/hosts
}

// A record is one address of one name.
type record struct {
	name string
	addr netip.Addr
}

func (r *reader) noHosts(text) {
	r.unused(notOurs, "no-hosts")
	r.hosts.none = true
}

func (r *reader) addnHosts(value text) {
	r.unused(notOurs, "addn-hosts")
	r.hosts.files = append(r.hosts.files, bank{path: value.String(), rule: r.rule, line: (*reader).hostsLine})
}

func (r *reader) hostsDir(value text) {
	r.unused(notOurs, "hostsdir")
	r.hosts.files = append(r.hosts.files, bank{path: value.String(), rule: r.rule, line: (*reader).hostsLine, watched: "hostsdir"})
}

// hostRecord reads NAME[,NAME...][,ADDRESS][,IPV6][,TTL], in any order.
func (r *reader) hostRecord(value text) {
	r.unused(notOurs, "host-record")
	fields := value.fields()
	if len(fields) < 2 {
		r.wrong("host-record=%s: the address is missing: NAME,ADDRESS", value)
	}
	var names []string
	var addrs []netip.Addr
	for _, f := range fields {
		_, ttl := atoi(f.bare())
		if addr, ok := ip(f.bare()); ok {
			addrs = append(addrs, addr)
		} else if !ttl && domainName(f.String()) {
			names = append(names, f.String())
		} else if !ttl {
			r.wrong("host-record=%s: %q is neither a domain name nor an address", value, f)
		}
	}
	for _, addr := range addrs {
		r.hosts.add(addr, names...)
	}
}

func (n *names) add(addr netip.Addr, names ...string) {
	for _, name := range names {
		if addr.Is4() {
			n.records = append(n.records, record{strings.ToLower(strings.TrimSuffix(name, ".")), addr})
		}
	}
}

// server reads the address of a TFTP or boot server, or its name. Without one, and with 0.0.0.0, it is
// ourselves.
func (r *reader) server(f text, found func(netip.Addr)) {
	addr, err := netip.ParseAddr(f.String())
	switch {
	case len(f) == 0:
	case strings.Trim(f.String(), "0.") == "": // 0.0.0.0, and the 0 of old recipes
		r.trap("server-zero", f.String()+" is no server, so this is as if there were none: leave it out, or write the address")
	case err != nil:
		r.namedServers = append(r.namedServers, namedServer{f.String(), r.rule, r.reading, found})
	case !addr.Is4():
		r.wrong("%s is not an IPv4 address", addr)
	default:
		found(addr)
	}
}

// serverNames finds the addresses of the servers that were called by name. The files are read only if
// there are any.
func (r *reader) serverNames() {
	if len(r.namedServers) == 0 {
		return
	}
	r.readNames()
	for _, s := range r.namedServers {
		name := strings.ToLower(strings.TrimSuffix(s.name, "."))
		i := slices.IndexFunc(r.hosts.records, func(known record) bool { return known.name == name })
		if i < 0 {
			r.rule, r.reading = s.rule, s.option
			r.wrong("%q is neither an IPv4 address nor a name of %s, addn-hosts or host-record: leave it out if this server is meant", s.name, namesFile)
			continue
		}
		s.found(r.hosts.records[i].addr)
		if r.noDNS {
			r.rule = s.rule
			r.trap("server-name", s.name+" is "+r.hosts.records[i].addr.String()+"; write that in its place")
		}
	}
	r.reading = ""
}

func (r *reader) readNames() {
	r.lenient = true
	files := r.hosts.files
	if !r.hosts.none {
		files = append([]bank{{path: namesFile, rule: namesFile, line: (*reader).hostsLine}}, files...)
	}
	for _, f := range files {
		for _, below := range r.readBank(f) {
			r.readBank(below)
		}
	}
	r.lenient = false
}

// hostsLine reads ADDRESS NAME... of a hosts file.
func (r *reader) hostsLine(s string) {
	s, _, _ = strings.Cut(s, "#")
	words := strings.Fields(s)
	if len(words) < 2 {
		return
	}
	addr, err := netip.ParseAddr(words[0])
	if err != nil {
		r.wrong("%q is not an IP address", words[0])
		return
	}
	r.hosts.add(addr, words[1:]...)
}
