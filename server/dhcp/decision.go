package dhcp

import (
	"net/netip"
	"time"

	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/wire/event"
)

// A Reply is one packet to send, out of the link the request came from.
type Reply struct {
	Kind     event.Kind // Offer, Ack, Nak, BOOTPReply, ProxyAck or BootAck
	Src, Dst netip.AddrPort
	Packet   *dhcpv4.DHCPv4 // what it says, in whichever part of the Payload
	Payload  []byte
}

// A Decision is what a Request deserves. Without a Reply it is silence. Rule is the file:line that
// decided, or event.BuiltIn; Reason says why in words, for silences and answers alike.
type Decision struct {
	Asked  event.Kind // what the request was; "" if it is none of a client's
	Reply  *Reply
	Delay  time.Duration // how long to wait before sending
	Lease  bool          // the Reply tells of a lease, which must be stored before it leaves
	Probe  netip.Addr    // somebody may have this address: look before the Reply leaves (lease.Server); zero: nothing to look for
	Meant  bool          // silence because a line says to ignore the client
	Usual  bool          // silence as in every boot beside another DHCP server: nobody misses an answer
	Rule   string
	Reason string
}

// Silence is the Decision to answer nothing.
func Silence(asked event.Kind, rule, reason string) Decision {
	return Decision{Asked: asked, Rule: rule, Reason: reason}
}

// Ignored is the Decision to answer nothing because a line says so.
func Ignored(asked event.Kind, rule, reason string) Decision {
	return Decision{Asked: asked, Rule: rule, Reason: reason, Meant: true}
}
