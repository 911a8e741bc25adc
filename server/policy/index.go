package policy

import (
	"slices"
	"strings"
)

// few is how many lines are looked through faster than they are looked up.
const few = 32

// An index finds the lines of hosts that can be about a client, so that a packet costs the same beside forty
// lines and beside forty thousand.
type index struct {
	hosts          int // that it was made of: a policy that has grown since is looked through
	mac, id, named map[string][]int
	patterns       []int // lines with a * in an address, which may be about anybody
}

// Index makes the policy quick to ask. Whoever has filled in Hosts calls it; without it all lines are looked
// through.
func (p *Policy) Index() {
	p.index = nil
	if len(p.Hosts) < few {
		return
	}
	x := &index{hosts: len(p.Hosts), mac: map[string][]int{}, id: map[string][]int{}, named: map[string][]int{}}
	for i, h := range p.Hosts {
		for _, m := range h.MACs {
			if m.Exact() {
				x.mac[string(m.Bytes)] = append(x.mac[string(m.Bytes)], i)
			} else {
				x.patterns = append(x.patterns, i)
			}
		}
		if h.ClientID != nil {
			x.id[string(h.ClientID)] = append(x.id[string(h.ClientID)], i)
		}
		if h.Name != "" {
			name := strings.ToLower(h.Name)
			x.named[name] = append(x.named[name], i)
		}
	}
	p.index = x
}

// about are the lines that can be about a client, the last first. name is asked for too if it is not "".
func (p *Policy) about(c Client, name string) []Host {
	x := p.index
	if x == nil || x.hosts != len(p.Hosts) {
		hosts := slices.Clone(p.Hosts)
		slices.Reverse(hosts)
		return hosts
	}
	_, addr := c.hardware()
	id := c.id()
	lines := slices.Concat(x.patterns, x.mac[string(addr)], x.id[string(id)])
	if len(id) > 0 && id[0] == 0 { // see hasID
		lines = append(lines, x.id[string(id[1:])]...)
	}
	if name != "" {
		lines = append(lines, x.named[strings.ToLower(name)]...)
	}
	slices.Sort(lines)
	var hosts []Host
	for _, i := range slices.Backward(slices.Compact(lines)) {
		hosts = append(hosts, p.Hosts[i])
	}
	return hosts
}
