package dnsmasq

import "net/netip"

// names reads the interface names of a line. A `*` at the end stands for any rest.
func (r *reader) interfaceNames(option string, value text) []string {
	var names []string
	for _, f := range value.fields() {
		if len(f) == 0 {
			r.wrong("%s=%s: an interface name is missing", option, value)
			return nil
		}
		names = append(names, f.String())
	}
	return names
}

func (r *reader) interfaces(value text) {
	if names := r.interfaceNames("interface", value); names != nil {
		r.cfg.Interfaces.Names = append(r.cfg.Interfaces.Names, names...)
		r.cfg.Interfaces.Rule = r.rule
	}
}

func (r *reader) exceptInterface(value text) {
	r.cfg.Interfaces.Except = append(r.cfg.Interfaces.Except, r.interfaceNames("except-interface", value)...)
}

func (r *reader) noDHCPInterface(value text) {
	r.cfg.Interfaces.NoDHCP = append(r.cfg.Interfaces.NoDHCP, r.interfaceNames("no-dhcp-interface", value)...)
	r.cfg.Interfaces.NoDHCPRule = r.rule
}

func (r *reader) listenAddress(value text) {
	for _, f := range value.fields() {
		addr, err := netip.ParseAddr(f.String())
		if err != nil {
			r.wrong("listen-address=%s: %q is not an IP address", value, f)
			return
		}
		r.cfg.Interfaces.Addrs = append(r.cfg.Interfaces.Addrs, addr)
		r.cfg.Interfaces.Rule = r.rule
	}
}
