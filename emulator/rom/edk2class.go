package rom

import "net/netip"

// A class is what EDK2 takes an offer for (NetworkPkg/UefiPxeBcDxe/PxeBcDhcp4.c, PxeBcParseDhcp4Packet).
type class int

const (
	useless class = iota
	bootp
	dhcpOnly
	dhcpPXE10 // has a menu, or says that there is none
	dhcpBINL  // PXEClient alone: port 4011 knows more
	proxyPXE10
	proxyBINL
)

// classify tells a proxy by its yiaddr of 0, and PXE by option 60.
func classify(r *Reply) class {
	proxy := r.YIAddr == netip.IPv4Unspecified()
	switch {
	case r.Type == 0 && r.bootFile() == "":
		return useless
	case r.Type == 0:
		return bootp
	case r.PXEClient() && r.hasAny(6, 7, 8, 9, 10):
		return pick(proxy, proxyPXE10, dhcpPXE10)
	case r.PXEClient() && r.hasAll(1, 2, 3, 4, 5):
		return useless // MTFTP of Wired for Management 1.1a
	case r.PXEClient():
		return pick(proxy, proxyBINL, dhcpBINL)
	case proxy:
		return useless
	}
	return dhcpOnly
}

func pick(proxy bool, yes, no class) class {
	if proxy {
		return yes
	}
	return no
}

// bootFile is the boot file as EDK2 reads it: option 67 beats the header's field.
func (r *Reply) bootFile() string {
	if o := cstring(r.Option(67)); o != "" {
		return o
	}
	return r.file
}

func (r *Reply) hasAny(subs ...byte) bool {
	for _, s := range subs {
		if r.PXE(s) != nil {
			return true
		}
	}
	return false
}

func (r *Reply) hasAll(subs ...byte) bool {
	for _, s := range subs {
		if r.PXE(s) == nil {
			return false
		}
	}
	return true
}

// A choice is the lease taken, and what says where the boot file is.
type choice struct {
	lease *Reply
	proxy *Reply   // says it without being asked again; nil: the lease does, or one of ask
	ask   []*Reply // are asked on port 4011, one after the other
}

// choose picks among the offers by EDK2's order of preference (PxeBcDhcp4.c, PxeBcSelectDhcp4Offer). A DHCP
// server that calls itself PXEClient beats every proxy, and a plain lease alone must name a file.
func choose(offers []*Reply) (c choice, ok bool) {
	by := map[class][]*Reply{}
	for _, o := range offers {
		by[classify(o)] = append(by[classify(o)], o)
	}
	switch {
	case by[dhcpPXE10] != nil:
		return choice{lease: by[dhcpPXE10][0]}, true
	case by[dhcpOnly] != nil && by[proxyPXE10] != nil:
		return choice{lease: by[dhcpOnly][0], proxy: by[proxyPXE10][0]}, true
	case by[dhcpBINL] != nil:
		return choice{lease: by[dhcpBINL][0], ask: by[dhcpBINL][:1]}, true
	case by[dhcpOnly] != nil && by[proxyBINL] != nil:
		return choice{lease: by[dhcpOnly][0], ask: by[proxyBINL]}, true
	}
	for _, o := range append(by[dhcpOnly], by[bootp]...) {
		if o.bootFile() != "" {
			return choice{lease: o}, true
		}
	}
	return c, false
}
