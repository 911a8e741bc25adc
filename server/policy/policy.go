package policy

import (
	"maps"
	"strings"
)

// A Policy is every line that gives tags or leaves clients alone, in the order they were written.
type Policy struct {
	MACs           []MAC
	Options        []Option
	Classes        []Class
	Names          []Name
	Origins        []Origin
	IPXEs          []IPXE
	Hosts          []Host
	Implications   []Implication
	Ignores        []Ignore
	IgnoreClientID bool // dhcp-ignore-clid

	index *index
}

// An Implication gives tags to those who have others: tag-if.
type Implication struct {
	Wants Wants
	Sets  []string
	Rule  string
}

// An Ignore leaves those alone who have all its tags: dhcp-ignore.
type Ignore struct {
	Wants Wants
	Rule  string
}

// A Result is what is known of a client.
type Result struct {
	Tags Tags
	Host Host   // the line that the client is known by; zero, with Rule "", if it is not known
	Name string // what it calls itself, with what it says of its domain
	// Ignore is the rule that leaves the client alone, and Reason says why. "" for the others.
	Ignore, Reason string

	policy *Policy
	given  Tags // without what tag-if adds
}

// Evaluate looks at a client. Its order is dnsmasq's (rfc2131.c, dhcp_reply): interface, relay,
// addresses, options, classes, the host's line, host names, the tags of the host's line, tag-if.
func (p *Policy) Evaluate(c Client) Result {
	given := p.matched(c)
	host, known := p.host(c, "", p.imply(given), false)
	switch {
	case known:
		given["known"] = host.Rule
	default:
		if other, ok := p.host(c, "", p.imply(given), true); ok {
			given["known-othernet"] = other.Rule
		}
	}
	name := c.name()
	if c.bootp() {
		name = ""
	}
	if name != "" {
		for _, m := range p.Names {
			if m.fits(name) {
				given[m.Tag] = m.Rule
			}
		}
		if !known {
			host, _ = p.named(c, name, given)
		}
	}
	for _, tag := range host.Sets {
		given[tag] = host.Rule
	}
	if c.bootp() {
		given["bootp"] = ""
		if file := c.Packet.BootFileName; file != "" {
			given[file] = ""
		}
	}
	r := Result{Tags: p.imply(given), Host: host, Name: name, policy: p, given: given}
	r.ignore(host)
	return r
}

// named finds a line that has only a name, which anybody may claim; so one with addresses is no answer.
func (p *Policy) named(c Client, name string, given Tags) (Host, bool) {
	name, _, _ = strings.Cut(name, ".")
	host, ok := p.host(c, name, p.imply(given), false)
	if !ok || host.ClientID != nil || len(host.MACs) > 0 {
		return Host{}, false
	}
	given["known"] = host.Rule
	return host, true
}

func (p *Policy) matched(c Client) Tags {
	tags := Tags{}
	maps.Copy(tags, c.Marks)
	if c.Interface != "" {
		tags[c.Interface] = ""
	}
	if c.gateway() {
		tags["cpewan-id"] = ""
	}
	kind, addr := c.hardware()
	for _, m := range p.MACs {
		if m.Pattern.Hardware(kind, addr) {
			tags[m.Tag] = m.Rule
		}
	}
	for _, m := range p.Options {
		if m.fits(c) {
			tags[m.Tag] = m.Rule
		}
	}
	for _, m := range p.Classes {
		if m.fits(c) {
			tags[m.Tag] = m.Rule
		}
	}
	for _, m := range p.Origins {
		if m.fits(c) {
			tags[m.Tag] = m.Rule
		}
	}
	for _, m := range p.IPXEs {
		if m.fits(c) {
			tags[m.Tag] = m.Rule
		}
	}
	return tags
}

// imply adds what tag-if gives. Each line sees the tags of those before it, and none after. Where there is none the tags
// are the same, not a copy.
func (p *Policy) imply(given Tags) Tags {
	if len(p.Implications) == 0 {
		return given
	}
	tags := given.with("", "")
	delete(tags, "")
	for _, i := range p.Implications {
		if i.Wants.metWild(tags) {
			for _, tag := range i.Sets {
				tags[tag] = i.Rule
			}
		}
	}
	return tags
}

func (r *Result) ignore(host Host) {
	if host.Ignore {
		r.Ignore, r.Reason = host.Rule, "dhcp-host says to ignore it"
	}
	for _, i := range r.policy.Ignores {
		if len(i.Wants) > 0 && i.Wants.Met(r.Tags) {
			r.Ignore, r.Reason = i.Rule, "dhcp-ignore: "+i.Wants.Because(r.Tags)
		}
	}
}

// With is the tags of a client that gets another: the one its range gives. tag-if is asked again.
func (r Result) With(tag, rule string) Tags {
	if tag == "" || r.policy == nil {
		return r.Tags
	}
	return r.policy.imply(r.given.with(tag, rule))
}
