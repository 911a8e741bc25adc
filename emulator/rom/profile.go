package rom

import (
	"fmt"
	"net/netip"
	"slices"
	"time"

	"github.com/bootrig/bootrig/emulator/retry"
	"github.com/bootrig/bootrig/emulator/tftp"
)

// Evidence is what a profile was made from.
type Evidence string

// The strongest first.
const (
	Capture Evidence = "capture" // packets of the real thing; replayed in this package's tests
	Source  Evidence = "source"  // its source code
	Spec    Evidence = "spec"    // a specification and field knowledge: never taken as equal to the real thing
)

// A Profile is one ROM family as data. It may be written to JSON and read again; Check says whether it can work.
type Profile struct {
	Name     string
	Evidence Evidence
	Citation string // where the evidence is

	// What it is.
	Arch    uint16 // option 93
	Machine uint16 // the processor its UEFI programs are for, as PE images say it; 0: it is a BIOS
	Scripts bool   // it is an iPXE: it runs scripts
	Chip    string // what an iPXE calls the driver of its card

	// What it tries, one after the other, where that is more than one boot. A try has some of the fields below for itself.
	Tries []Try

	// What its DHCP packets hold.
	Class     string  // option 60 as sent in DISCOVER
	UserClass string  // option 77
	UNDI      [3]byte // option 94
	MaxSize   uint16  // option 57
	LeaseSize uint16  // option 57 of the REQUEST for the lease; 0: MaxSize
	Params    []byte  // option 55
	Features  []byte  // option 175
	Options   []byte  // the codes sent, in order; what a message has no value for is left out
	Unicast   []byte  // the same once it has an address; nil: Options
	Pad       int     // least length of a packet
	Broadcast BroadcastRule
	Secs      SecsRule // what it puts in the secs field
	ZeroXID   bool     // boot server discovery has xid 0
	FreshXID  bool     // each server that is asked on port 4011 gets an xid of its own
	ClockXID  bool     // each DISCOVER has an xid of its own: the MAC address and the clock (U-Boot net/bootp.c)
	NamesFile bool     // the header names the file it wants; without a name in the lease it wants that of the lease before
	ProxyPort uint16   // it sends from, and hears on, this port what concerns port 4011; 0: 68

	// How often it asks: for offers, for the lease, on port 4011, a boot server.
	Discover, Request, Proxy, BootServer retry.Backoff

	// How it takes what it hears.
	Collect        Collect
	FirstLease     bool          // the first OFFER of an address is taken at once, and no proxy is heard; without an ACK it asks for OFFERs again
	ProxyWait      time.Duration // what it waits for 4011 before it goes on without; 0: it fails instead
	BootServerWait time.Duration // what each boot server gets; 0: all of BootServer
	StrictOffer    bool          // a proxy offer must hold a file with siaddr, or a menu; otherwise 4011 is asked
	Menu           MenuRule
	NakEnds        bool   // a DHCPNAK ends the boot; otherwise it goes on asking
	InheritsClass  bool   // sends the option 60 of the settings it was given, if any
	WholeOffer     bool   // an OFFER must bring address and boot file in one; a proxy's is seen, and not used
	ForgetsProxy   bool   // what it boots finds no packet of a proxy
	RunsOn         bool   // reads option 67 up to a zero byte, whatever its length is
	AnswersTo      string // how option 60 of an answer must begin; "": PXEClient
	SNameIsServer  bool   // takes a dotted quad in sname when siaddr is 0
	IDIsServer     bool   // takes option 54 when siaddr is 0

	Configs []string // the names in pxelinux.cfg that U-Boot tries before "default"

	// How it reads its boot file.
	Fixed *Fixed // files of its own choice; nil: what the answers name
	TFTP  TFTP
	HTTP  HTTP

	// What it prints: on the way, and when it gives up. Texts may mention {url}; a reason without a text is
	// printed as it is.
	Lines Lines
	Texts map[Reason]string
}

// SecsRule is how a ROM fills the secs field.
type SecsRule int

// iPXE hides its state in secs: the number of the request times four, plus 2 when it has a lease offer and
// plus 1 when it has a proxy offer (src/net/udp/dhcp.c, dhcp_tx).
//
// EDK2's timer ticks once a second, from before its first packet, and secs counts the ticks (NetworkPkg/Dhcp4Dxe,
// DhcpOnTimerTick): 0, 4, 12, 28 in captured DISCOVERs. The REQUEST repeats the secs of its DISCOVER, and what goes
// to port 4011 counts the requests before it (PxeBcDhcp4.c, PxeBcDhcp4Discover).
const (
	SecsElapsed SecsRule = iota
	SecsState
	SecsTicks
)

// BroadcastRule is when a ROM asks for broadcast answers.
type BroadcastRule int

// A ROM that has an address already may refuse unicast answers, as iPXE knows of itself (dhcp_create_packet;
// captures A and C, frame 17).
const (
	BroadcastWithAddress BroadcastRule = iota // once it has an address
	BroadcastAlways
	BroadcastToAll // in what it sends to everybody itself (EDK2; capture B, frames 1, 7 and 11)
)

// flag says whether a packet to an address asks for a broadcast answer.
func (b BroadcastRule) flag(to netip.Addr, hasAddr bool) bool {
	return b == BroadcastAlways || b == BroadcastWithAddress && hasAddr || b == BroadcastToAll && to == broadcast
}

// Collect is how long a ROM gathers offers. Either it leaves when a lease and a proxy offer are there, or
// After has passed; or it decides only at the end of DISCOVER slots, counted from 1.
type Collect struct {
	After     time.Duration
	WithProxy int  // slot that ends the wait when both kinds of offer came
	LeaseOnly int  // slot that ends it when only a lease came
	Slots     bool // it looks at what came only when a slot ends, and chooses by class; also on port 4011
}

// A MenuRule is what a ROM makes of a menu without prompt, and of what it may choose.
type MenuRule int

// The rules. EDK2's menu is in NetworkPkg/UefiPxeBcDxe/PxeBcBoot.c, its choice of servers in PxeBcImpl.c.
const (
	MenuWaits    MenuRule = iota // without prompt it waits for a key; type 0 is the next boot device (iPXE)
	MenuPrompted                 // without prompt it is an error
	MenuFirst                    // without prompt the first item is taken; type 0 cancels; one way to find a server
	MenuHangs                    // no menu is ever left
)

// TFTP is how a ROM reads its boot file.
type TFTP struct {
	Probe    string // options of a first RRQ that only asks for the size, then aborts; "" for none
	Options  string // options of the RRQ, in order
	Dialect  tftp.Dialect
	Patience retry.Backoff
	NoWrap   bool // hears no block behind 65535
}

// HTTP is how a ROM reads what a URL names. Without a Request it cannot.
type HTTP struct {
	Boot    bool              // UEFI HTTP boot: what its offers call themselves, and what they name (edk2url.go)
	Request string            // what it sends, line ends and all; {method} {path} {host} stand for themselves
	Probe   bool              // HEAD asks for the size first
	Wait    time.Duration     // how long an answer may stand still; 0: for ever
	Texts   map[Reason]string // what it prints of a file by HTTP, where that is not what Profile.Texts says
}

// Lines are what a ROM prints on the way. {mac} {ip} {mask} {gw} {dhcp} {server} {file} {base} {url} {size}
// stand for themselves; an empty line is not printed. Size comes after the probe, even one that found nothing.
type Lines struct{ Start, Lease, File, Size, Loading, Loaded []string }

// Profiles lists the profiles of firmware that boots by PXE or UEFI HTTP boot. What boots otherwise is in Boards.
func Profiles() []Profile {
	return []Profile{ipxeBIOS(), ipxeEFI(), intelUNDI(), edk2X64(), edk2HTTP()}
}

// Versions lists the profiles of other versions of all of these, as NAME@VERSION: what real machines are called too.
func Versions() []Profile {
	return []Profile{
		ipxeBIOSOf("1.21.1"), ipxeBIOSOf("2.0.0"), ipxeDriverOf("1.21.1"), ipxeDriverOf("2.0.0"),
		edk2X64Of("2025.02"), edk2X64Of("2026.08"), edk2HTTPOf("2025.02"), edk2HTTPOf("2026.08"),
		ubootARM642025(),
	}
}

// Lookup finds a profile by name.
func Lookup(name string) (Profile, error) {
	var known []string
	for _, p := range slices.Concat(Profiles(), Versions(), Boards(), Odd()) {
		if p.Name == name {
			return p, nil
		}
		known = append(known, p.Name)
	}
	return Profile{}, fmt.Errorf("no firmware profile %q; there are %q", name, known)
}
