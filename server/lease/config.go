package lease

import (
	"math"
	"net/netip"
	"slices"
	"time"

	"github.com/bootrig/bootrig/server/policy"
)

// Config is what a lab wants of the server that gives its addresses. Without Ranges none are given. Every
// entry carries the Rule it came from: "dnsmasq.conf:4". Who has which tags, who is known and who is left
// alone is proxydhcp.Config.Policy; what to boot is in proxydhcp.Config too.
type Config struct {
	Ranges        []Range
	Options       []Option
	Domains       []Domain       // the last that holds the address wins, those for some before those for all
	Authoritative bool           // there is no other DHCP server: who asks for an unknown lease is answered
	RapidCommit   bool           // a DISCOVER that asks for it is answered with the lease (RFC 4039)
	NoPing        bool           // addresses are given without looking whether somebody has them
	Sequential    bool           // addresses are given from the lowest up
	NoOverride    bool           // boot file and server go into their header fields, never into options 66 and 67
	Max           int            // leases at a time; 0: 1000
	Broadcast     []For          // whose answers are broadcast, whatever they ask for
	DynamicBOOTP  []For          // BOOTP clients that get an address from a range; nobody: only from their host line
	IgnoreNames   []For          // clients whose own name is not believed
	ClientUpdates bool           // who sends its full name (option 81) is left to tell the DNS about it
	GenerateNames []For          // clients without a name that are called after their hardware address
	RelayServerID []netip.Addr   // relays whose address stands in for ours (option 54), so that all goes through them
	AllRelays     bool           // all relays are of that kind
	Queries       []netip.Prefix // of the relays that may ask about leases (DHCPLEASEQUERY, RFC 4388)
}

// A Range is addresses to give, or a network whose hosts have their own.
type Range struct {
	First, Last netip.Addr    // of a Static range both are the address it was written with
	Static      bool          // only hosts with an address of their own get one here
	Bits        int           // of the network; 0: the link's, or for a relay's network that of its class
	Broadcast   netip.Addr    // zero: the network's last address
	Time        time.Duration // of a lease; 0: an hour
	Tags        policy.Wants  // whom it is for
	Set         string        // the tag it gives
	Rule        string
}

// Infinite is the lease time of a lease that never ends.
const Infinite = math.MaxUint32 * time.Second

// An Option is one option that leases carry, for those who ask for it (option 55) or with Force for all.
// Among those of one number the last that fits a client wins, those with tags before those without.
type Option struct {
	Code  uint8
	Value []byte // none, for an option with a default such as the router: it is left out
	Addrs bool   // Value is addresses, of which 0.0.0.0 is ourselves
	Text  bool   // Value is a text, which gets a NUL for clients that send theirs with one
	Force bool
	PXE   bool // for PXE clients only, in the answers of a proxy too
	Inner Inner
	Tags  policy.Wants
	Rule  string
}

// Names tells whether some lease carries an option of a number.
func (c *Config) Names(code uint8) bool {
	return slices.ContainsFunc(c.Options, func(o Option) bool { return o.Code == code && o.Inner == Inner{} && len(o.Value) > 0 })
}

// Inner says of what a Code is a sub-option. Those for vendor classes (option 43) are
// proxydhcp.Config.SubOptions.
type Inner struct {
	Of         uint8  // of this option; 0: it is an option by itself
	Enterprise uint32 // of an Enterprise's part of option 125, which Of is then
}

// A Domain is the name of the clients' domain (option 15).
type Domain struct {
	Name        string
	First, Last netip.Addr // of the addresses it is for; zero: all
	Rule        string
}

// A For says for whom a switch is on: those who have all Tags, or with none everybody.
type For struct {
	Tags policy.Wants
	Rule string
}
