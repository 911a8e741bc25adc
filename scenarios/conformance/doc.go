// Package conformance answers: does our proxy say what the real dnsmasq 2.90 says?
//
// Its test reads every configuration of testdata/conf into both, asks both as every kind of client asks,
// and compares what comes back: addresses and ports, each field of the header, each option's bytes. What
// differs must be one of the intended differences of server/config/dnsmasq, and an excuse covers the
// fields it is about and no others.
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
// Proxy mode only. dhcp-reply-delay is left out: dnsmasq serves TFTP while it delays a reply.
package conformance
