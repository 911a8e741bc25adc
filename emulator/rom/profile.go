package rom

import (
	"fmt"
	"time"
)

// Evidence is what a profile was made from.
type Evidence string

// The strongest first.
const (
	Capture Evidence = "capture" // packets of the real thing; replayed in this package's tests
	Source  Evidence = "source"  // its source code
	Spec    Evidence = "spec"    // a specification and field knowledge: never taken as equal to the real thing
)

// A Profile is one ROM family as data.
type Profile struct {
	Name     string
	Evidence Evidence
	Citation string

	Arch      uint16   // option 93
	Class     string   // option 60 as sent in DISCOVER
	UserClass string   // option 77
	UNDI      [3]byte  // option 94
	MaxSize   uint16   // option 57
	Params    []byte   // option 55
	Features  []byte   // option 175
	Options   []byte   // the codes sent, in order; those that belong to one message follow
	Pad       int      // least length of a packet
	Broadcast bool     // asks for broadcast answers while it has no address
	Secs      SecsRule // what it puts in the secs field
	ZeroXID   bool     // boot server discovery has xid 0

	Discover, Request, Proxy, BootServer Backoff

	Collect        Collect
	ProxyWait      time.Duration // what it waits for 4011 before it goes on without; 0: it fails instead
	BootServerWait time.Duration // what each boot server gets; 0: all of BootServer
	StrictOffer    bool          // a proxy offer must hold a file with siaddr, or a menu; otherwise 4011 is asked
	PromptNeeded   bool          // a menu without a prompt (43.10) is an error; otherwise it waits for a key
	InheritsClass  bool          // sends the option 60 of the settings it was given, if any
	SNameIsServer  bool          // takes a dotted quad in sname when siaddr is 0
	TFTP           TFTP
	Lines          Lines
	Texts          map[Fault]string
}

// SecsRule is how a ROM fills the secs field.
type SecsRule int

// iPXE hides its state in secs: the number of the request times four, plus 2 when it has a lease offer and
// plus 1 when it has a proxy offer (src/net/udp/dhcp.c, dhcp_tx).
const (
	SecsElapsed SecsRule = iota
	SecsState
)

// Collect is how long a ROM gathers offers. Either it leaves when a lease and a proxy offer are there, or
// After has passed; or it decides only at the end of DISCOVER slots, counted from 1.
type Collect struct {
	After     time.Duration
	WithProxy int // slot that ends the wait when both kinds of offer came
	LeaseOnly int // slot that ends it when only a lease came
}

// TFTP is how a ROM reads its boot file.
type TFTP struct {
	Probe    string // options of a first RRQ that only asks for the size, then aborts; "" for none
	Options  string // options of the RRQ, in order
	Patience Backoff
}

// Lines are what a ROM prints on the way. {mac} {ip} {mask} {gw} {dhcp} {server} {file} {url} {size}
// stand for themselves; an empty line is not printed.
type Lines struct{ Lease, File, Loaded []string }

// Profiles lists every profile.
func Profiles() []Profile { return []Profile{ipxeBIOS(), intelUNDI()} }

// Lookup finds a profile by name.
func Lookup(name string) (Profile, error) {
	var known []string
	for _, p := range Profiles() {
		if p.Name == name {
			return p, nil
		}
		known = append(known, p.Name)
	}
	return Profile{}, fmt.Errorf("no firmware profile %q; there are %q", name, known)
}
