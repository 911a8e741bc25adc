package script

import (
	"net"
	"net/netip"
	"regexp"
	"time"
)

// Lan is a network of the lab and who is on it.
type Lan struct {
	Name          string // "" where there is but one
	Net           netip.Prefix
	House, Server netip.Addr // invalid: it is not there
}

// Relay is the router between two networks, which relays the DHCP of the first to the second.
type Relay struct{ Clients, Servers string }

// Server says which file of the archive configures the server under test, or what it is to serve as it is. Neither
// is the embedded boot program.
type Server struct {
	Config string
	Paths  []string // of content and image lines
	Seed   string   // of a content line: answers for installers
	Offer  string   // the form of ours: direct, redirect; "": its choice
	HTTP   uint16   // the port where ours serves its files by HTTP; 0: none
}

// Content puts a content set, or a directory of the caller's, at a path of the server under test. With neither
// it is files of the archive alone.
type Content struct {
	Path     string
	Packed   bool // as one file: an ISO image or a tarball
	Set      string
	Dir      string           // instead of Set: beside the scenario, or absolute
	Omit     []string         // names left out
	Truncate map[string]int64 // names cut to a size
	Scale    int64            // every larger file is cut to this size, kernels still look whole
}

// Guest is one machine that boots.
type Guest struct {
	Name, Firmware, NIC string
	Machine             string // pc or q35; "" is what the firmware is for
	MAC                 net.HardwareAddr
	IP                  netip.Addr // the house reserves it for MAC
	UUID                [16]byte   // as written, most significant byte first
	Memory              int64
	Lan                 string // "" where there is but one
	Knobs                      // of a real machine
}

// Knobs are what a real machine has that a scripted one does not know.
type Knobs struct {
	Serial  string   // of the machine, as SMBIOS has it
	Disk    int64    // an empty one behind the network, of so many bytes; 0: none
	Idle    []string // cards without a cable, before its own
	Default bool     // the firmware's own boot order
}

// An Act is what is done to a guest once its steps so far have matched.
type Act struct {
	Guest string
	Do    string
	Key   string // of Press
}

// What an Act does.
const (
	Press    = "key"
	Reset    = "reset"
	PowerOff = "poweroff"
	Unplug   = "cut"
	Plug     = "plug"
)

// Screen waits for text on the screen of a real machine.
type Screen struct {
	Guest string
	Text  *regexp.Regexp // what a line of it must contain
}

// Expect waits for a fact of a guest, or with ! says that there must be none in the whole run.
type Expect struct {
	Guest, Kind string
	Path        string         // a name, with path.Match patterns
	Text        *regexp.Regexp // what its text must contain
	From        string         // house, server or an address
	Fields      []Field        // what else must be equal
	Within      time.Duration  // from the guest's previous matched step; 0: no limit of its own
	Stall       time.Duration  // how long nothing may be seen of the guest meanwhile; 0 is the world's own patience
}

// A Field is one key=value of an expect line: a field of the fact or one of its attributes.
type Field struct{ Key, Value string }

// Count bounds how often facts of a kind are seen in the whole run.
type Count struct {
	Guest string
	Of    string // retries, misses, discovers, errors
	Max   int
}

// Golden compares the guest's trace with a golden file beside the scenario.
type Golden struct{ Guest, File string }

// Cmp compares something the guest ended with to a file of the archive.
type Cmp struct{ Guest, What, File string }

// Fails declares a broken lab: the scenario passes only if exactly this step fails for this cause.
type Fails struct {
	Step  string // the text of the step
	Cause *regexp.Regexp
}

// Skip says that a scenario is not meant for an environment.
type Skip struct{ Reason string }
