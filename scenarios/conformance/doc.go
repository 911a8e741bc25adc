// Package conformance answers: do our proxy and our TFTP server say what the real dnsmasq says?
//
// It asks two, each in a run of its own: that of the system, 2.90 on Debian 12, and a newer one, 2.93, which .ci/newer
// unpacks beside its own libraries. Where they differ from each other, ours is like one of them, and the intended
// difference from the other says for which versions it holds. testdata/newer is what 2.90 does not understand.
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
// there. So the third answer comes behind any reply. Several questions that do not depend on each other are
// put at once: dnsmasq takes one in each round, so each needs one sentinel more.
//
// Leases are compared in conversations of one client at a time, of every kind (lease_test.go), in scenes of
// several who want addresses of one server (scene_test.go), and in scenes that begin with leases which dnsmasq
// reads from its file, some of which end while they are played (ended_test.go). Where a server is free to choose
// an address, that is masked, and so is the random part of T1 and T2.
//
// dnsmasq serves TFTP while it delays a reply (dhcp-reply-delay), so a sentinel says nothing then: for each case
// of delay_test.go the reply is awaited, and it must not come before its time.
//
// Relays, aliases and shared wires are compared with the sockets of our server, on a host with two cards
// (wires_test.go): all that leaves a card of any host, in order. There the sentinels are DISCOVERs of another
// client, and behind them each card is asked by ARP, since nothing orders the frames of two cards.
//
// A dnsmasq that hangs for ever is asked no more: hang_test.go sees that it does.
//
// # Limitations
//
// Elsewhere ours are the machines of the server, not its sockets; tftpd and dhcpd have tests of those. A client asks
// once: requests that come twice, more than tftp-max, and retransmissions are not compared.
//
// Leases are compared with no-ping. An answer that dnsmasq sends in fragments counts as silence of dnsmasq (the
// intended difference "frame"). dnsmasq refuses two lines dhcp-reply-delay, so which of several counts is ours to
// say. Options of clients that are longer than 255 bytes are compared where a class is in two parts, and in no
// other option.
package conformance
