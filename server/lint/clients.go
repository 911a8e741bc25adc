package lint

import (
	"bytes"
	"maps"
	"net"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/explain"
	"github.com/bootrig/bootrig/server/policy"
	"github.com/bootrig/bootrig/wire/pxe"
)

// maxSpecial bounds how many of the clients that lines are about are asked for.
const maxSpecial = 32

// An exchange is what one client asks first on one network, and what it gets.
type exchange struct {
	link   dhcp.Link
	client explain.Client
	step   explain.Step
}

// exchanges asks as clients would, once: machines of every kind of firmware and iPXE on all networks, and on
// the first those that a line of the configuration is about.
func (s *site) exchanges() []exchange {
	if s.asks != nil {
		return s.asks
	}
	for i, link := range explain.Links(s.cfg) {
		for _, c := range s.clients(i == 0) {
			if steps := s.teller.Explain(link, c).Steps; len(steps) > 0 {
				s.asks = append(s.asks, exchange{link, c, steps[0]})
			}
		}
	}
	return s.asks
}

// clients are machines by their firmware and as iPXE, and a Raspberry Pi.
func (s *site) clients(special bool) []explain.Client {
	pi := explain.Plain(pxe.ArchX86BIOS)
	pi.MAC = append(piMaker(), 0x12, 0x34, 0x56)
	all := []explain.Client{pi}
	for _, arch := range []pxe.Arch{pxe.ArchX86BIOS, pxe.ArchIA32, pxe.ArchX64, pxe.ArchARM64} {
		for _, c := range []explain.Client{explain.Plain(arch), explain.IPXE(arch)} {
			all = append(all, c)
			if special {
				all = append(all, s.special(c)...)
			}
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

// piMaker is the beginning of a Raspberry Pi's address.
func piMaker() []byte { return []byte{0xdc, 0xa6, 0x32} }

func isPi(c explain.Client) bool {
	return bytes.HasPrefix(c.MAC, piMaker()) && !c.IPXE && c.Arch == pxe.ArchX86BIOS
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
	patterns := []policy.Pattern{{Bytes: nobodys()}}
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
