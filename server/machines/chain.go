package machines

import (
	"strings"
	"time"

	"github.com/bootrig/bootrig/wire/event"
)

// An asker is a program that asks DHCP for what to boot, as far as it tells one from another.
type asker struct {
	Class string `json:"class,omitempty"` // option 60
	Arch  string `json:"arch,omitempty"`  // option 93
	User  string `json:"user,omitempty"`  // option 77: "iPXE"
	IPXE  string `json:"ipxe,omitempty"`  // option 175: what that iPXE was built with, and its network card
	BOOTP bool   `json:"bootp,omitempty"`
	has   bool   // an address already, as an iPXE has whose script says dhcp
}

// askerOf is who asked.
func askerOf(e event.Event) asker {
	a := asker{BOOTP: e.Kind == event.BOOTP}
	for name, value := range e.Attrs.All() {
		switch name {
		case "class":
			a.Class = value
		case "arch":
			a.Arch = value
		case "user":
			a.User = value
		case "ipxe":
			a.IPXE = value
		case "had":
			a.has = value != ""
		}
	}
	return a
}

// firmware tells programs that boot a machine, ROMs and what they load, from systems and installers that want an
// address: only the first say of which architecture they are (RFC 4578, section 2.1).
func (a asker) firmware() bool {
	return a.BOOTP || a.Arch != "" || strings.HasPrefix(a.Class, "PXEClient") || strings.HasPrefix(a.Class, "HTTPClient")
}

func (a asker) ipxe() bool { return a.User == "iPXE" || a.IPXE != "" }

// A chain is a boot as its requests show it: from the program that began it to the last that was loaded.
type chain struct {
	By      asker `json:"by,omitzero"`
	Asked   bool  `json:"asked,omitempty"`   // for a file
	Fetched bool  `json:"fetched,omitempty"` // one
	Unseen  bool  `json:"unseen,omitempty"`  // what it was given lies elsewhere: whether it fetches that, nobody tells us
}

const (
	// silence is how long no program of a chain is silent before it asks, but for menus.
	silence = time.Minute
	// forgotten is when the menu that was left alone is no menu any more.
	forgotten = time.Hour
)

// begins tells whether who asks, after some silence, begins another boot: the program that began the last one is
// there again though that has fetched something, or it was silent for so long.
func (c chain) begins(a asker, quiet time.Duration) bool {
	switch {
	case !a.firmware() || a.has: // an installer, or what a script says to an iPXE
		return false
	case c.By == asker{}, quiet >= forgotten:
		return true
	case a.ipxe() && !c.By.ipxe(): // an iPXE that was loaded, perhaps from a menu that somebody looked at for long
		return false
	case quiet >= silence:
		return true
	}
	return c.Fetched && (a == c.By || !a.ipxe() && c.By.ipxe())
}

// early tells whether who asks is still at the beginning of the boot: a ROM that asks again.
func (c chain) early(a asker) bool { return a == c.By && !c.Fetched && a.firmware() }

// take learns from a fact that is no request of DHCP. What was under way when the machine was reset ends after that,
// and was not asked for since.
func (c *chain) take(e event.Event) {
	switch {
	case e.Kind == event.RRQ || e.Kind == event.HTTPRequest:
		c.Asked = true
	case fetched(e):
		c.Fetched = c.Fetched || c.Asked
	}
}

// fetched tells whether a file has gone to a machine.
func fetched(e event.Event) bool {
	return e.Kind == event.Got || e.Kind == event.HTTPResponse && e.Code < 400
}
