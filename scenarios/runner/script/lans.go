package script

import (
	"fmt"
	"net/netip"
	"slices"
)

// LanAt is the index of a network in Lans; -1: there is none of that name. Where there is but one, a
// guest need not name it.
func (p *Plan) LanAt(name string) int {
	if name == "" && len(p.Lans) == 1 {
		return 0
	}
	return slices.IndexFunc(p.Lans, func(l Lan) bool { return l.Name == name })
}

// Hosts are the addresses of those a guest deals with. Invalid: there is no such host.
type Hosts struct{ House, Server, Router netip.Addr }

// Hosts tells whom a guest means by house and server: those of its own network, else those that its
// relay asks.
func (p *Plan) Hosts(guest string) Hosts {
	g, _ := p.Guest(guest)
	at := p.LanAt(g.Lan)
	if at < 0 {
		return Hosts{}
	}
	own := p.Lans[at]
	h := Hosts{House: own.House, Server: own.Server}
	for _, r := range p.Relays {
		if p.LanAt(r.Clients) != at {
			continue
		}
		far := p.Lans[p.LanAt(r.Servers)]
		h.Router = p.RouterOn(r, r.Clients)
		if !h.House.IsValid() {
			h.House = far.House
		}
		if !h.Server.IsValid() {
			h.Server = far.Server
		}
	}
	return h
}

// RouterOn is the address of a relay's router on one of its two networks: the last one, the second
// router's the last but one.
func (p *Plan) RouterOn(r Relay, lan string) netip.Addr {
	addr := last(p.Lans[p.LanAt(lan)].Net)
	for _, other := range p.Relays {
		if other == r {
			break
		}
		if other.Clients == lan || other.Servers == lan {
			addr = addr.Prev()
		}
	}
	return addr
}

// last is the last address of a network that a host may have.
func last(p netip.Prefix) netip.Addr {
	ip := p.Masked().Addr().As4()
	for i := p.Bits(); i < 32; i++ {
		ip[i/8] |= 0x80 >> (i % 8)
	}
	return netip.AddrFrom4(ip).Prev() // the very last is all hosts
}

func (p *Plan) fitLan(l Lan) (wrong []string) {
	if l.Name == "" && len(p.Lans) > 1 {
		wrong = append(wrong, "it has no name, as lans must have where there are several")
	}
	if !slices.ContainsFunc(p.Lans, func(l Lan) bool { return l.Server.IsValid() }) {
		wrong = append(wrong, "server= is missing: the server under test stands nowhere")
	}
	return wrong
}

func (p *Plan) fitRelay(r Relay) (wrong []string) {
	for _, name := range []string{r.Clients, r.Servers} {
		if name != "" && p.LanAt(name) < 0 {
			wrong = append(wrong, fmt.Sprintf("there is no lan %q here", name))
		}
	}
	if len(wrong) == 0 && r.Clients == r.Servers {
		wrong = append(wrong, "a relay stands between two lans")
	}
	return wrong
}

func (p *Plan) fitGuest(g Guest) []string {
	at := p.LanAt(g.Lan)
	switch {
	case at < 0 && len(p.Lans) > 0 && g.Lan == "":
		return []string{"lan= is missing: there are several"}
	case at < 0 && len(p.Lans) > 0:
		return []string{fmt.Sprintf("there is no lan %q here", g.Lan)}
	case at >= 0 && p.Lans[at].Net.IsValid() && g.IP.IsValid() && !p.Lans[at].Net.Contains(g.IP):
		return []string{fmt.Sprintf("ip=%s is not in %s", g.IP, p.Lans[at].Net)}
	}
	return nil
}
