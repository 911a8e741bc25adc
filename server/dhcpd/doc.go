// Package dhcpd is the DHCP service: what proxydhcp and lease decide, carried by sockets.
//
// Machine drives the decisions for whoever drives machines, Listener for the network cards of this host.
//
// # Why
//
// A proxy is often on the host of the DHCP server that it must leave alone. Two sockets on port 67 share
// no unicast: one of them gets the renewals of all clients, and it may be the wrong one. So a proxy takes
// port 67 from nobody: it hears what comes to it with a packet socket, whoever has the port, and sends
// with raw sockets that have none. In whichever order the two start, both work. Port 4011 is ours, and
// with address ranges port 67 too: there a second server is a mistake, and said to be one.
//
// A client without an address answers no ARP. What is sent to one goes in a frame to its MAC address
// (RFC 2131 section 4.1).
//
// Relays (dhcp-relay) are asked before anybody decides, as in dnsmasq. What a server answers them is heard
// like a request, whoever has port 67, and goes on by the interface that has the relay's address.
//
// A lease is stored before its client is told: all that arrived together in one transaction.
//
// # Cancellation
//
// Serve returns nil when its context ends, with its sockets closed and its goroutines ended.
//
// # Limitations
//
// Ethernet, and on Linux. Where nobody has port 67, the kernel answers a relay's unicast with an ICMP port
// unreachable beside our answer; relays pay no attention. Fragmented requests are not put together.
package dhcpd
