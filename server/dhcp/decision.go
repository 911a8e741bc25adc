package dhcp

import (
	"net/netip"
	"time"

	"github.com/bootrig/bootrig/wire/event"
)

// A Reply is one packet to send, out of the link the request came from.
type Reply struct {
	Src, Dst netip.AddrPort
	Packet   []byte
}

// A Decision is what a Request deserves. Without Replies it is silence. Rule is the file:line that
// decided, or event.BuiltIn; Reason says why in words, for silences and answers alike.
type Decision struct {
	Replies []Reply
	Delay   time.Duration // how long to wait before sending
	Asked   event.Kind    // what the request was; "" if it is none of a client's
	Answer  event.Kind    // what the Replies are; "" where Asked says it: an Offer to a Discover, and so on
	Lease   bool          // the Replies tell of a lease, which must be stored before they leave
	Probe   netip.Addr    // somebody may have this address: look before the Replies leave (lease.Server); zero: nothing to look for
	File    string        // the boot file named in the answer
	Rule    string
	Reason  string
}

// Silence is the Decision to answer nothing.
func Silence(asked event.Kind, rule, reason string) Decision {
	return Decision{Asked: asked, Rule: rule, Reason: reason}
}
