package dnsmasq

// interfaceNames reads the interface names of a line. A `*` at the end stands for any rest. Where there is no
// name, dnsmasq means no interface.
func interfaceNames(value text) []string {
	var names []string
	for _, f := range value.fields() {
		if len(f) > 0 {
			names = append(names, f.String())
		}
	}
	return names
}

// interfaces reads those to serve; with none but an empty one no interface is served.
func (r *reader) interfaces(value text) {
	names := interfaceNames(value)
	if len(names) == 0 {
		names = []string{""}
		r.notice("interface=%s: no interface has that name, so without other interface lines none is served", value)
	}
	r.cfg.Interfaces.Names = append(r.cfg.Interfaces.Names, names...)
	r.cfg.Interfaces.Rule = r.rule
}

func (r *reader) exceptInterface(value text) {
	r.cfg.Interfaces.Except = append(r.cfg.Interfaces.Except, interfaceNames(value)...)
}

func (r *reader) noDHCPInterface(value text) {
	r.cfg.Interfaces.NoDHCP = append(r.cfg.Interfaces.NoDHCP, interfaceNames(value)...)
	r.cfg.Interfaces.NoDHCPRule = r.rule
}

func (r *reader) listenAddress(value text) {
	for _, f := range value.fields() {
		addr, ok := ip(f.String())
		if !ok {
			r.wrong("listen-address=%s: %q is not an IP address", value, f)
			return
		}
		r.cfg.Interfaces.Addrs = append(r.cfg.Interfaces.Addrs, addr)
		r.cfg.Interfaces.Rule = r.rule
	}
}

// bindInterfaces wants what is named to be there. DHCP and HTTP have sockets of each interface, whatever is said.
func (r *reader) bindInterfaces(text) {
	r.cfg.Interfaces.BindRule = r.rule
	r.cfg.Interfaces.ByAddress = true
}

func (r *reader) bindDynamic(text) {
	r.cfg.Interfaces.ByAddress = true
	r.note("bind-dynamic: interfaces and addresses that come and go are followed with and without it")
}
