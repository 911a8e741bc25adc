package tftpd

import (
	"cmp"
	"fmt"
	"net/netip"
	"time"

	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/machine"
)

// A Config says what is served and within which limits. Zero values are useful, but for Tree.
type Config struct {
	Tree         content.Tree
	TreeFor      func(on Link, client netip.Addr) (tree content.Tree, rule string) // what one client is served, and the line that says so; nil: Tree
	Who          func(client netip.Addr) string                                    // names a client in its facts, once for each transfer; nil: by its address
	Events       event.Recorder                                                    // nil: nobody listens
	MaxBlock     int                                                               // the largest blksize; 0: 65464, the end of RFC 2348. The link's MTU limits it too
	NoBlocksize  bool                                                              // leave blksize unanswered: blocks have 512 bytes
	MaxWindow    int                                                               // the largest windowsize; 0: 64
	MaxTransfers int                                                               // transfers at a time; 0: 2000. Further requests wait until one has ended
	MaxRule      string                                                            // the line of MaxTransfers
	LinksRule    string                                                            // the line that chooses the links
	FirstPort    uint16                                                            // transfers speak from the ports FirstPort to LastPort; 0: from any
	LastPort     uint16
	SinglePort   bool          // transfers speak from the port that requests come to
	Retransmit   time.Duration // before the first retransmission; 0: 2 s. The client's timeout option wins
	Idle         time.Duration // without progress a transfer is given up; 0: 120 s
	Linger       time.Duration // the same once the last block was sent, whose ACK some clients never send; 0: 30 s
}

func (c Config) filled() Config {
	if c.Events == nil {
		c.Events = event.Discard
	}
	c.MaxBlock = cmp.Or(c.MaxBlock, 65464)
	c.MaxWindow = cmp.Or(c.MaxWindow, 64)
	c.MaxTransfers = cmp.Or(c.MaxTransfers, 2000)
	c.Retransmit = cmp.Or(c.Retransmit, 2*time.Second)
	c.Idle = cmp.Or(c.Idle, 120*time.Second)
	c.Linger = cmp.Or(c.Linger, 30*time.Second)
	if c.FirstPort > 0 && !c.SinglePort {
		c.MaxTransfers = min(c.MaxTransfers, int(c.LastPort)-int(c.FirstPort)+1)
	}
	return c
}

// An Arrival is a datagram that came to port 69, and what the transfer it starts is given.
type Arrival struct {
	machine.Datagram                // Src is the client
	Local            netip.AddrPort // where the transfer speaks from
	On               Link           // where the datagram came from; without an MTU it has 1500
	Xfer             uint64         // numbers the transfer in its events
}

// deserves reports whether a datagram to port 69 is answered at all, and records why not. An ERROR is
// never answered with an ERROR: two servers would talk forever.
func (c *Config) deserves(now time.Time, d machine.Datagram) bool {
	var reason string
	switch {
	case len(d.Payload) < 2:
		reason = "the datagram is too short for TFTP"
	case opcode(d.Payload) == opERROR:
		reason = "an ERROR to port 69 belongs to no transfer"
	default:
		return true
	}
	c.ignore(now, d, event.BuiltIn, reason)
	return false
}

// tree is what a client is served, and the line that says so.
func (c *Config) tree(a Arrival) (tree content.Tree, rule string) {
	if c.TreeFor != nil {
		return c.TreeFor(a.On, a.Src.Addr().Unmap())
	}
	return c.Tree, event.BuiltIn
}

// full says that requests have to wait.
func (c *Config) full(now time.Time) {
	c.Events.Record(event.Event{Time: now, Kind: event.Fault, Source: "server", Rule: cmp.Or(c.MaxRule, event.BuiltIn),
		Text: fmt.Sprintf("tftp: there are %d transfers, as many as we may have: further requests wait", c.MaxTransfers)})
}

// elsewhere says that a request came by a link on which there is no TFTP.
func (c *Config) elsewhere(now time.Time, d machine.Datagram, on Link, where string) {
	c.ignore(now, d, cmp.Or(on.Rule, c.LinksRule, event.BuiltIn), fmt.Sprintf("%v on %s is not served", d.Dst.Addr(), where))
}

func (c *Config) ignore(now time.Time, d machine.Datagram, rule, reason string) {
	c.Events.Record(event.Event{Time: now, Kind: event.Ignore, Source: "server", Rule: rule,
		Client: c.who(d.Src), Peer: d.Src, Text: "tftp: " + reason})
}

// who is what a client is called in facts.
func (c *Config) who(client netip.AddrPort) string {
	addr := client.Addr().Unmap()
	if c.Who == nil {
		return addr.String()
	}
	return c.Who(addr)
}
