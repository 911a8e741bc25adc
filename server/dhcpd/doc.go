// Package dhcpd is the DHCP service: what proxydhcp, lease and relay decide, carried by sockets.
//
// Machine drives the decisions for whoever drives machines, Listener for the network cards of this host. Every
// packet is a fact of Config.Events: what was asked and what was answered, each by its own kind, or what was ignored
// and why. A silence that every healthy boot has says usual=yes.
//
// # Why
//
// A proxy is often on the host of the DHCP server that it must leave alone. Two sockets on port 67 share
// no unicast: one of them gets the renewals of all clients, and it may be the wrong one. So a proxy takes
// port 67 from nobody: it hears what comes to it with a packet socket, whoever has the port, and sends
// with raw sockets that have none. In whichever order the two start, both work. Port 4011 is ours, and
// with address ranges or relays port 67 too: there a second server is a mistake, and said to be one. For
// what a relay passes on, servers answer to its port 67 (RFC 1542 section 4.1.2). Where nobody has that,
// the kernel tells them that it is unreachable, and where another has it, he is sent what is not his.
//
// A client without an address answers no ARP. What is sent to one goes in a frame to its MAC address
// (RFC 2131 section 4.1).
//
// Relays (dhcp-relay) are asked before anybody decides, as in dnsmasq; where a range is for their network, it is
// asked too. Their servers may be anywhere, so
// answers are heard on every interface (Uplinks), and what is passed on leaves by the kernel's routes. To
// clients it leaves by the interface that has the relay's address.
//
// An alias (bridge-interface) needs no address: sockets are bound to it, and what it hears counts as come by
// the interface whose links it has. A client that has an address is answered by that interface's routes.
//
// A lease is stored before its client is told: all that arrived together in one transaction. A disk that fails is
// no reason to boot nobody: leases are in memory then, which is told once, and stored as soon as that works again.
//
// # Cancellation
//
// Serve returns nil when its context ends, with its sockets closed and its goroutines ended.
//
// # Limitations
//
// Ethernet, and on Linux. Where nobody has port 67, the kernel answers a relay's unicast with an ICMP port
// unreachable beside our answer; relays pay no attention. Fragmented requests are not put together, and of what is
// longer than a jumbo frame the rest is not read.
package dhcpd
