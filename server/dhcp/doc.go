// Package dhcp is what all DHCP parts of the server share: what came, what it deserves, and on which networks.
//
// A Request is a packet and how it came. Who decides about one, server/proxydhcp or server/lease, makes a
// Decision of it: replies or silence, with the line of the configuration that says so. A Link is a network that
// the server stands on, a Network one whose clients it answers.
//
// # Why
//
// A proxy, a server that gives addresses, a relay and `check --explain` read the same packets, and differ in what
// they make of them. What they read must not differ: Parse takes what dnsmasq takes (rfc2131.c, option_find),
// since that is what ROMs are tried with, and which address a client has or through which relay it asks is said
// here once. It is not in wire/pxe, because the emulator must not read packets with the server's eyes.
//
// # Limitations
//
// IPv4 only.
package dhcp
