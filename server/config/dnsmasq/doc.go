// Package dnsmasq reads dnsmasq.conf with dnsmasq's own syntax and meaning: those of 2.90, and what has come since in
// 2.91 to 2.93.
//
// # Usage
//
//	cfg, err := dnsmasq.Load("dnsmasq.conf")
//
// # Limitations
//
// A line that is not understood is a mistake, never skipped: the error names every one of them as
// file:line. Every option of dnsmasq 2.93 is known, and one that 2.90 does not
// know is said to be of its version. One that changes nothing for this server is accepted, with
// one notice for all of a kind.
//
// Where bootrig means to behave otherwise than dnsmasq, Differences says how and why. Which lines are accepted and
// refused is compared with dnsmasq --test, of both versions, case by case: testdata/accept, and lines changed by chance. What dnsmasq
// looks at when it starts only (users, ports that are taken, bind-interfaces beside bind-dynamic) is not.
package dnsmasq
