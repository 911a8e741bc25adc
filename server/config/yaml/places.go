package yaml

import (
	"errors"
	"net/netip"
	"strings"

	"github.com/bootrig/bootrig/server/policy"
	"github.com/bootrig/bootrig/wire/pxe"
)

// A placed says which machine it is, where it asks from, or which iPXE it runs.
type placed struct {
	uuids      []pxe.UUID
	interfaces []string
	networks   []netip.Prefix
	relays     []netip.Addr
	features   []pxe.Feature
}

// places are the keys for it.
func places() []field[tagEntry] {
	type T = tagEntry
	return []field[T]{
		key("uuid", "machines' UUIDs, as firmware and dmidecode show them (option 97)", some(uuid()), func(e *T) *[]pxe.UUID { return &e.uuids }),
		key("interface", "interfaces by which requests come; with * at the end all that begin so", some(text()), func(e *T) *[]string { return &e.interfaces }),
		key("network", "networks that machines are in, also behind a relay", some(prefix()), func(e *T) *[]netip.Prefix { return &e.networks }),
		key("relay", "relays that requests come through, by their address (giaddr)", some(address()), func(e *T) *[]netip.Addr { return &e.relays }),
		key("features", "what an iPXE must have, all of it", some(feature()), func(e *T) *[]pxe.Feature { return &e.features }),
	}
}

// place adds what gives a tag for that; false: nothing does.
func (e placed) place(p *policy.Policy, tag, rule string) bool {
	for _, u := range e.uuids {
		p.Options = append(p.Options, policy.Option{Tag: tag, Code: pxe.OptMachineID, Form: policy.Machine, Value: policy.Pattern{Bytes: u[:]}, Rule: rule})
	}
	for _, name := range e.interfaces {
		p.Origins = append(p.Origins, policy.Origin{Tag: tag, Interface: name, Rule: rule})
	}
	for _, n := range e.networks {
		p.Origins = append(p.Origins, policy.Origin{Tag: tag, Network: n, Rule: rule})
	}
	for _, a := range e.relays {
		p.Origins = append(p.Origins, policy.Origin{Tag: tag, Relay: a, Rule: rule})
	}
	if len(e.features) > 0 {
		p.IPXEs = append(p.IPXEs, policy.IPXE{Tag: tag, Features: e.features, Rule: rule})
	}
	return len(e.uuids)+len(e.interfaces)+len(e.networks)+len(e.relays)+len(e.features) > 0
}

// placeEntries are the entries of a policy that say where.
func placeEntries(p policy.Policy) (all []tagEntry) {
	for _, o := range p.Origins {
		e := tagEntry{sets: []string{o.Tag}, rule: o.Rule}
		switch {
		case o.Interface != "":
			e.interfaces = []string{o.Interface}
		case o.Network.IsValid():
			e.networks = []netip.Prefix{o.Network}
		default:
			e.relays = []netip.Addr{o.Relay}
		}
		all = append(all, e)
	}
	for _, i := range p.IPXEs {
		all = append(all, tagEntry{sets: []string{i.Tag}, placed: placed{features: i.Features}, rule: i.Rule})
	}
	return all
}

func uuid() form[pxe.UUID] {
	return word(schema{"type": "string", "pattern": "^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$"}, "a UUID", func(s string) (pxe.UUID, error) {
		u, err := pxe.ParseUUID(s)
		if err == nil && !strings.EqualFold(s, u.String()) {
			err = errors.New("no UUID, such as 00112233-4455-6677-8899-aabbccddeeff")
		}
		return u, err
	}, pxe.UUID.String)
}

// prefix is a network whose size is written.
func prefix() form[netip.Prefix] {
	const what = "an IPv4 network, such as 192.168.9.0/24"
	return word(schema{"type": "string", "pattern": ipv4 + "/[0-9]{1,2}$"}, what, func(s string) (netip.Prefix, error) {
		p, err := netip.ParsePrefix(s)
		if err != nil || !p.Addr().Is4() {
			return p, errors.New("not " + what)
		}
		return p.Masked(), nil
	}, netip.Prefix.String)
}
