package rom

import (
	"strings"
	"time"

	"github.com/bootrig/bootrig/emulator/tftp"
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

// A Reason is a way to fail that every ROM family has its own words for.
type Reason string

// The reasons, in the order they can happen. Those of a download are the ones of emulator/tftp.
const (
	NoOffer       Reason = "no offer"        // nobody answered the DISCOVERs with an address
	OnlyProxy     Reason = "only proxy"      // a proxy did, a DHCP server did not
	NoUseful      Reason = "no useful offer" // offers came, and none or no two of them make a boot
	NoAck         Reason = "no ack"          // the REQUEST was not answered
	Refused       Reason = "refused"         // the REQUEST was answered with a DHCPNAK
	NoProxyAck    Reason = "no proxy ack"    // the request to port 4011 was not answered
	BadMenu       Reason = "bad menu"        // the menu cannot be shown
	Cancelled     Reason = "cancelled"       // a key ended the menu
	NoBootServer  Reason = "no boot server"  // no server is known for the chosen type
	NoBootAck     Reason = "no boot ack"     // none of them answered
	NoFile        Reason = "no file"         // no boot file name, or nobody to get it from
	NoSize               = Reason(tftp.NoSize)
	Unreachable          = Reason(tftp.Unreachable)
	OpenTimeout          = Reason(tftp.OpenTimeout)
	ReadTimeout          = Reason(tftp.ReadTimeout)
	NotFound             = Reason(tftp.NotFound)
	AccessDenied         = Reason(tftp.AccessDenied)
	IllegalOp            = Reason(tftp.IllegalOp)
	ServerError          = Reason(tftp.ServerError)
	BadPacket            = Reason(tftp.BadPacket)
	TooBig               = Reason(tftp.TooBig)
	NotExecutable Reason = "not executable" // it is not a program for this machine
	NoScheme      Reason = "no scheme"      // a boot file name that is a URI of another protocol
)

// Fail makes a Failure in the words of p. Texts may mention {url}.
func (p *Profile) Fail(why Reason, url, cause string) *Failure {
	text, ok := p.Texts[why]
	if !ok {
		text = string(why)
	}
	patience := false
	switch why {
	case NoOffer, OnlyProxy, NoUseful, NoAck, NoProxyAck, NoBootAck, OpenTimeout, ReadTimeout:
		patience = true
		cause += "; ran out of patience"
	}
	return &Failure{Text: strings.ReplaceAll(text, "{url}", url), Cause: cause, Patience: patience}
}

// FailWeb is Fail for a file by HTTP.
func (p *Profile) FailWeb(why Reason, url, cause string) *Failure {
	f := p.Fail(why, url, cause)
	if text, ok := p.HTTP.Texts[why]; ok {
		f.Text = strings.ReplaceAll(text, "{url}", url)
	}
	return f
}
