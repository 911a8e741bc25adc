package verdict

import "fmt"

// A Stage is how far a boot came.
type Stage int

// The stages, in their order.
const (
	Silent     Stage = iota // nothing was heard
	Asking                  // it asked for an address and a boot file
	Offered                 // the boot server answered
	Leased                  // it has an address, or asked for that which it was offered
	Told                    // it knows its boot file
	Loaded                  // it has the boot program
	Configured              // the program has its configuration
	Kernel                  // it has a kernel
	RAMDisk                 // it has an initial RAM disk
	Installing              // what the kernel started asks for more
	Installed               // an installer said that it is done
)

var stages = [...]string{"silent", "asking", "offered", "leased", "told", "loaded", "configured", "kernel", "initrd", "installing", "installed"}

func (s Stage) String() string { return stages[s] }

// MarshalText is the name.
func (s Stage) MarshalText() ([]byte, error) { return []byte(stages[s]), nil }

// UnmarshalText reads a name.
func (s *Stage) UnmarshalText(text []byte) error {
	for n, name := range stages {
		if name == string(text) {
			*s = Stage(n)
			return nil
		}
	}
	return fmt.Errorf("no stage of a boot is called %q", text)
}

// next is what should come after a stage, by the rules of the firmware.
func (b *Boot) next() string {
	if b.local() {
		return ""
	}
	switch b.stage {
	case Silent:
		return "a DISCOVER"
	case Asking:
		return "an OFFER of the boot server"
	case Offered:
		return "a REQUEST for the address that a DHCP server offered"
	case Leased:
		if b.wants4011() {
			return "a request to port 4011 of the boot server"
		}
		return "a request for the boot file"
	case Told:
		return "the boot file"
	case Loaded:
		return "what the boot program asks for"
	case Configured:
		return "a kernel"
	}
	return ""
}
