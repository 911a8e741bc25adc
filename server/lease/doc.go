// Package lease answers: which address does this DHCP client get, and with which options?
//
// It is for isolated labs, where no other DHCP server stands. A Server holds the table of leases. Decide
// says what a request deserves: proxydhcp is asked first, and what it leaves unanswered on port 67 is decided
// here. What to boot, which a lease carries too, it asks there as well. The table is all that changes: Changes hands over what a caller must store before the replies
// leave, and a Decision's Probe names an address that should be looked for on the wire before it is given.
//
// # Why
//
// The rules are dnsmasq's (rfc2131.c, dhcp.c, lease.c), since that is what labs run, with the differences
// that server/config/dnsmasq lists. Which free address a client gets is ours to choose: it depends on the
// client alone, so it gets the same one again even if all leases are lost.
//
// A server that anybody may talk to must not be emptied by one who makes addresses up: offers are held
// for a minute only, an offered or declined address is given to another before anybody is turned away.
//
// # Limitations
//
// There is no DNS, so option 6 is sent only where it is configured. A server identifier is known only if it
// is the link's own, or that of the relay which stands in for it.
package lease
