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
// ROM would see them. That it keeps silent is proved, not waited for: behind each question come two TFTP
// requests for a file that is not there. dnsmasq has one loop; in the round that answers the first one it
// has also read the question, so once the second is answered no reply can follow.
//
// # Limitations
//
// Proxy mode only. dhcp-reply-delay is left out: dnsmasq serves TFTP while it delays a reply.
package conformance
