package mutants

const (
	taken   = "server/lease/request.go"
	chosen  = "server/lease/discover.go"
	replied = "server/lease/answer.go"
)

// leases are defects of a server that gives addresses.
var leases = []mutant{
	{"an address that is taken is given again", "server/lease/pool.go",
		"return never, l.Expires",
		"return exactly, l.Expires"},
	{"an address that is offered is offered again", "server/lease/offers.go",
		"return ok && made.client != client && now.Sub(made.made) < held",
		"return ok && made.client == client"},
	{"a machine's own address is given to others", "server/lease/pool.go",
		"_, ok := s.hosts[addr]\n\treturn ok",
		"_, ok := s.hosts[addr]\n\treturn ok && false"},
	{"a machine does not get the address of its line", chosen,
		"fixed && s.obstacle(c, own) == \"\"",
		"false && fixed && s.obstacle(c, own) == \"\""},
	{"a lease is not confirmed to who asks", taken,
		"case asks && selecting:\n",
		"case asks && selecting && false:\n"},
	{"a lease names no server", replied,
		"a.addr(pxe.OptServerID, c.self())",
		""},
	{"a lease names no boot file", "server/lease/options.go",
		"a.boot(booting, chosen, s.cfg.NoOverride)\n",
		"\n"},
	{"an address that is not to be had is not refused (no DHCPNAK)", taken,
		"if len(want) > 0 && want[0].rapid {",
		"if len(want) > 0 {"},
	{"a refusal is an ACK", taken,
		"s.answer(c, nil, dhcpv4.MessageTypeNak)",
		"s.answer(c, nil, dhcpv4.MessageTypeAck)"},
	{"giaddr does not come back to the relay with a lease", replied,
		"GatewayIPAddr: in.GatewayIPAddr,",
		"GatewayIPAddr: zero(),"},
	{"a lease for a relay goes to the client's port", replied,
		"return netip.AddrPortFrom(relay, a.ports.DHCPServer())",
		"return netip.AddrPortFrom(relay, a.ports.DHCPClient())"},
	{"a lease behind a relay goes around it", replied,
		"\tcase relayed:\n",
		"\tcase relayed && false:\n"},
	{"giaddr is ignored: machines behind a relay get addresses of the server's LAN", "server/lease/network.go",
		"if relayed {",
		"if relayed && false {"},
	{"a lease has no netmask", "server/lease/options.go",
		"a.put(optNetmask, mask[:])",
		""},
}
