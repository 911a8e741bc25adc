// Package relay answers: where does a DHCP packet go that is for a server elsewhere? It is dnsmasq's
// dhcp-relay, which is RFC 1542's BOOTP relay agent.
//
// # Limitations
//
// A packet is passed on as it is but for hops and giaddr: agent information (option 82) is added by a relay in two
// halves only (dhcp-split-relay), and what other relays added is left alone, as in dnsmasq. DHCPv6 is not relayed. What a server answers to
// port 4011 is nobody's; dnsmasq sends it back to the server.
package relay
