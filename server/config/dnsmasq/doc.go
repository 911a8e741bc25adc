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
// Where bootrig means to behave otherwise than dnsmasq, Differences says how and why.
package dnsmasq
