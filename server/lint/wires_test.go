package lint_test

// wireCases are those of relays and shared wires.
func wireCases() []ruleCase {
	return []ruleCase{
		{"two-servers", leases + "dhcp-relay=192.168.9.2,10.0.0.1", nil, "2"},
		{"two-servers", leases + "dhcp-split-relay=192.168.9.2,10.0.0.1,eth1", nil, "2"},
		{"two-servers", bios + "dhcp-relay=192.168.9.2,10.0.0.1", nil, ""}, // a proxy is meant to be beside others
		{"two-servers", leases + "dhcp-relay=192.168.20.1,192.168.9.1", nil, ""},
		{"shared-in-vain", bios + "shared-network=eth0,192.168.30.0", nil, "4"},
		{"shared-in-vain", bios + "shared-network=eth0,192.168.30.0\ndhcp-range=192.168.30.10,192.168.30.20", nil, "4"},
		{"shared-in-vain", bios + "shared-network=eth0,192.168.30.0\ndhcp-range=192.168.30.10,192.168.30.20,255.255.255.0", nil, ""},
		{"shared-in-vain", bios + "shared-network=192.168.20.1,192.168.9.0", nil, ""},
		{"tag-unset", bios + "bridge-interface=labnet,tap0\ndhcp-boot=tag:labnet,x", nil, ""},
		{"tag-unset", bios + "bridge-interface=labnet,tap0\ndhcp-boot=tag:farnet,x", nil, "5"},
	}
}
