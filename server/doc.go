// Package server is a netboot server: proxyDHCP on ports 67 and 4011, TFTP on 69 and HTTP if asked,
// beside the DHCP server a site already has. With address ranges it is the DHCP server of an isolated lab
// itself, and with relays it asks servers elsewhere.
//
// # Usage
//
//	settings, err := dnsmasq.Load("dnsmasq.conf") // or yaml.Load("bootrig.yaml")
//	...
//	s, err := server.New(server.Config{Links: links, Settings: *settings, Events: events})
//	...
//	err = s.Run(ctx)
//
// New checks everything that can be wrong with the configuration and opens no socket. Run opens them
// all, closes Ready, and serves. Machine is the same server without sockets or clock, for the simulator.
//
// While it runs Move tells it of links and addresses that came and went, and Change gives it another configuration, or
// says what is wrong with that. What differs counts from the next packet on; transfers, leases and the sockets that are
// still wanted stay.
//
// Config.Sockets are what somebody else has opened, such as systemd: TFTP's and HTTP's, and DHCP's where port 67 must be
// ours, and 4011, each bound to its interface. All others are packet sockets, or of interfaces that may come later.
//
// Settings with Media serve what people downloaded: New looks into them and chooses how each kind of machine boots.
//
// A Config without Settings serves the embedded boot programs to the x86 BIOS and x64 UEFI machines of every
// link.
//
// # Cancellation
//
// Run returns nil when its context ends, after the last of its goroutines. HTTP bodies under way get two
// seconds; a TFTP transfer stops where it is.
//
// # Limitations
//
// IPv4 and Linux. Without address ranges it gives no addresses: no machine boots without a DHCP server
// beside it. HTTP is not part of Machine, and neither is the probing of addresses before they are given.
//
// # Why
//
// Config reads nothing of the host: who makes it, the command from the host's interfaces or a scenario
// from its own, says which links there are. So the server that boots thousands of simulated machines is
// the server that boots real ones.
//
// What is decided is apart from what has sockets. Of DHCP: dhcp is what came and what it deserves, proxydhcp decides
// for a proxy, lease asks it first and gives addresses, relay says where a packet for a server elsewhere goes, and
// dhcpd drives the three. Of files: content says which one a name means, tftpd and httpd carry it. No package of
// the one half imports one of the other. What both are told is config.Config, whatever language said it, and
// explain and lint ask the same decisions. Who wants to know what happened reads the one stream of facts: machines keeps
// how far each machine came, metrics counts, and logs tells log/slog.
//
// Where what is served is a medium, three more stand before these two halves. content's archive, iso9660 and udf read
// it in place, and image tells which of them does. media says what it is and what of it boots. media/ways gives both
// halves their part: boot entries to the one, and to the other a tree with what was made for whoever asks. seed is
// what its installer is answered.
package server
