package lint

import (
	"maps"
	"net"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/internal/pxe"
	"github.com/bootrig/bootrig/server/explain"
	"github.com/bootrig/bootrig/server/policy"
	"github.com/bootrig/bootrig/server/proxydhcp"
)

// maxSpecial bounds how many of the clients that lines are about are asked for.
const maxSpecial = 64

// each asks as clients would on every network, and puts the first answer or silence to a function.
func (s *site) each(clients []explain.Client, look func(proxydhcp.Link, explain.Client, explain.Step)) {
	for _, link := range explain.Links(s.cfg) {
		for _, c := range clients {
			if steps := explain.Explain(s.cfg, link, c).Steps; len(steps) > 0 {
				look(link, c, steps[0])
			}
		}
	}
}

// clients are machines of some architectures, each by its firmware and as iPXE: any machine, and those that
// a line of the configuration is about.
func (s *site) clients(archs ...pxe.Arch) []explain.Client {
	var all []explain.Client
	for _, arch := range archs {
		for _, c := range []explain.Client{explain.Plain(arch), explain.IPXE(arch)} {
			all = append(append(all, c), s.special(c)...)
		}
	}
	for _, name := range s.interfaces() {
		for _, c := range slices.Clone(all) {
			if c.Interface == "" {
				c.Interface = name
				all = append(all, c)
			}
		}
	}
	return all
}

// special are clients like c that dhcp-mac, dhcp-host and dhcp-match lines are about.
func (s *site) special(c explain.Client) []explain.Client {
	var all []explain.Client
	add := func(special explain.Client) {
		if len(all) < maxSpecial {
			all = append(all, special)
		}
	}
	p := &s.cfg.DHCP.Policy
	patterns := []policy.Pattern{{Bytes: []byte{0x02, 0, 0, 0, 0, 0x01}}} // no maker's
	for _, m := range p.MACs {
		patterns = append(patterns, m.Pattern)
	}
	for _, h := range p.Hosts {
		patterns = append(patterns, h.MACs...)
	}
	const ethernet = 6
	for _, m := range patterns {
		if len(m.Bytes) == ethernet {
			one := c
			one.MAC = net.HardwareAddr(m.Bytes)
			add(one)
		}
	}
	for _, o := range p.Options {
		if o.Form != policy.Present && o.Code != pxe.OptClientArch && !o.Encap {
			one := c
			one.Options = maps.Clone(c.Options)
			if one.Options == nil {
				one.Options = map[uint8][]byte{}
			}
			one.Options[o.Code] = o.Value.Bytes
			add(one)
		}
	}
	return all
}

// interfaces are names of interfaces that lines ask for as tags.
func (s *site) interfaces() []string {
	var names []string
	set := s.settable()
	for _, l := range s.lines() {
		for _, want := range l.wants {
			tag := strings.TrimLeft(want, "!#")
			if rest, wild := strings.CutSuffix(tag, "*"); wild {
				tag = rest + "0"
			}
			if !set[tag] && interfaceName().MatchString(tag) && !slices.Contains(names, tag) {
				names = append(names, tag)
			}
		}
	}
	return names
}
