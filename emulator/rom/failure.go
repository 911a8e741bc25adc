package rom

import (
	"strings"
	"time"

	"github.com/bootrig/bootrig/wire/event"
)

// A Failure is why a guest gave up.
type Failure struct {
	Text     string // what the real program prints
	Cause    string // what it means, where that is known
	Patience bool   // nothing was wrong but silence: the program waited as long as it ever does
}

// Error is the text, then the cause.
func (f *Failure) Error() string {
	if f.Cause == "" {
		return f.Text
	}
	return f.Text + ": " + f.Cause
}

// Event is the failure as a fact.
func (f *Failure) Event(now time.Time) event.Event {
	patience := ""
	if f.Patience {
		patience = "true"
	}
	return event.Event{Kind: event.Error, Time: now, Text: f.Text, Attrs: event.Attrs("cause", f.Cause, "patience", patience)}
}

// A Fault is a way to fail that every ROM family has its own words for.
type Fault string

// The faults of protocol conversations, in the order they can happen.
const (
	NoOffer       Fault = "no offer"        // nobody answered the DISCOVERs with an address
	OnlyProxy     Fault = "only proxy"      // a proxy did, a DHCP server did not
	NoUseful      Fault = "no useful offer" // offers came, and none or no two of them make a boot
	NoAck         Fault = "no ack"          // the REQUEST was not answered
	Refused       Fault = "refused"         // the REQUEST was answered with a DHCPNAK
	NoProxyAck    Fault = "no proxy ack"    // the request to port 4011 was not answered
	BadMenu       Fault = "bad menu"        // the menu cannot be shown
	Cancelled     Fault = "cancelled"       // a key ended the menu
	NoBootServer  Fault = "no boot server"  // no server is known for the chosen type
	NoBootAck     Fault = "no boot ack"     // none of them answered
	NoFile        Fault = "no file"         // no boot file name, or nobody to get it from
	NoSize        Fault = "no size"         // the server does not say how long the file is
	Unreachable   Fault = "unreachable"     // ICMP says that nobody listens there
	OpenTimeout   Fault = "open timeout"    // no answer to an RRQ
	ReadTimeout   Fault = "read timeout"    // the data stopped
	NotFound      Fault = "not found"       // ERROR 1
	AccessDenied  Fault = "access denied"   // ERROR 2
	IllegalOp     Fault = "illegal op"      // ERROR 4
	ServerError   Fault = "server error"    // any other ERROR
	BadPacket     Fault = "bad packet"      // a packet that breaks the protocol
	TooBig        Fault = "too big"         // the program does not fit in memory
	NotExecutable Fault = "not executable"  // it is not a program for this machine
	NoScheme      Fault = "no scheme"       // a boot file name that is a URI of another protocol
)

// Fail makes a Failure in the words of p. Texts may mention {url}.
func (p *Profile) Fail(f Fault, url, cause string) *Failure {
	text, ok := p.Texts[f]
	if !ok {
		text = string(f)
	}
	patience := false
	switch f {
	case NoOffer, OnlyProxy, NoUseful, NoAck, NoProxyAck, NoBootAck, OpenTimeout, ReadTimeout:
		patience = true
		cause += "; ran out of patience"
	}
	return &Failure{Text: strings.ReplaceAll(text, "{url}", url), Cause: cause, Patience: patience}
}
