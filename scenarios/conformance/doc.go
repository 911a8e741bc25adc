// Package conformance answers: do our proxy and our TFTP server say what the real dnsmasq 2.90 says?
//
// Its test reads every configuration of testdata/conf into both, asks both as every kind of client asks,
// and compares what comes back: addresses and ports, each field of the header, each option's bytes. What
// differs must be one of the intended differences of server/config/dnsmasq, and an excuse covers the
// fields it is about and no others. Those that were seen must be those that `bootrig check` tells of
// (server/lint, Differences), so what check says of dnsmasq is what dnsmasq does.
//
// The same for TFTP (tftp_test.go): several configurations, and of each all the names, option strings and odd
// packets of tftpquestion_test.go. Compared are whether and how often there is an answer, its opcode, from
// which port it comes (69, the range, another), the code of an ERROR, every option of an OACK in order, the
// number of blocks and every byte of the file, which is fetched to its end. Of the text of an ERROR only the
// beginning of the sentence is: the paths and reasons in it are written otherwise.
//
// # Usage
//
//	make conformance
//
// # Why
//
// dnsmasq runs in a network namespace of its own behind a TAP device, so that its frames are seen as a
// ROM would see them. That it keeps silent is proved, not waited for: behind each question come three
// TFTP requests for a file that is not there, each when the one before it was answered. dnsmasq has one
// loop, which reads TFTP before DHCP. While its poll looks at one socket after the other the question may
// come too late for the first round; in the second it is seen, behind the TFTP request that is answered
// there. So the third answer comes behind any reply.
//
// # Limitations
//
// Ours are the machines of the server, not its sockets; tftpd and dhcpd have tests of those. A client asks
// once: requests that come twice, more than tftp-max, and retransmissions are not compared.
//
// dhcp-reply-delay is left out: dnsmasq serves TFTP while it delays a reply. Leases are compared with
// no-ping, one client at a time: DISCOVER, REQUEST, renewal, INFORM, a reboot with the right and a wrong
// address, RELEASE. What happens when leases end is not.
package conformance
