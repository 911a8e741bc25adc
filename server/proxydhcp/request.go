package proxydhcp

import (
	"net/netip"
	"time"

	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/wire/event"
)

// A Link is one network that the server stands on.
type Link struct {
	Name   string       // "eth0"
	Alias  string       // the interface itself, if what comes by it counts as come by Name; "": it is Name
	Index  int          // the kernel's number; two addresses of one interface are two Links with one Index
	Prefix netip.Prefix // Prefix.Addr() is our own address there
}

// Device is the name of the interface itself.
func (l Link) Device() string {
	if l.Alias != "" {
		return l.Alias
	}
	return l.Name
}

// A Request is one packet and how it came.
type Request struct {
	Link   Link
	Port   uint16 // the port it came to: the DHCP server's (Ports) or 4011
	Src    netip.AddrPort
	To     netip.Addr // the address it was sent to; zero counts as everybody
	Packet *dhcpv4.DHCPv4
}

// A Reply is one packet to send, out of the link the request came from.
type Reply struct {
	Src, Dst netip.AddrPort
	Packet   []byte
}

// A Decision is what a Request deserves. Without Replies it is silence. Rule is the file:line that
// decided, or BuiltIn; Reason says why in words, for silences and answers alike.
type Decision struct {
	Replies []Reply
	Delay   time.Duration // how long to wait before sending
	Asked   event.Kind    // what the request was: Discover, Request, ProxyRequest, BootRequest; "" if it is none of these
	Answer  event.Kind    // what the Replies are; "" where Asked says it: an Offer to a Discover, and so on
	Lease   bool          // the Replies tell of a lease, which must be stored before they leave
	Probe   netip.Addr    // somebody may have this address: look before the Replies leave (lease.Server); zero: nothing to look for
	File    string        // the boot file named in the answer
	Rule    string
	Reason  string
}

// BuiltIn is the Rule of what no configuration can change.
const BuiltIn = event.BuiltIn

func silence(asked event.Kind, rule, reason string) Decision {
	return Decision{Asked: asked, Rule: rule, Reason: reason}
}
