// Package dnsmasq reads dnsmasq.conf with dnsmasq 2.90's own syntax and meaning.
//
// # Usage
//
//	cfg, err := dnsmasq.Load("dnsmasq.conf")
//
// # Limitations
//
// A line that is not understood is a mistake, never skipped: the error names every one of them as
// file:line, and tells an option that dnsmasq knows and bootrig does not yet from one nobody knows.
// An option that changes nothing for a proxy is accepted, with one notice for all of a kind.
//
// Relaying and what else unsupported lists are not read yet.
//
// Where bootrig means to behave otherwise than dnsmasq, Differences says how and why.
package dnsmasq
