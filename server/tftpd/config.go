package tftpd

import (
	"cmp"
	"fmt"
	"net"
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
	Hints        *content.Hints                                                    // for names that are not there; nil: none
	MaxBlock     int                                                               // the largest blksize; 0: 65464, the end of RFC 2348. The link's MTU limits it too
	NoBlocksize  bool                                                              // leave blksize unanswered: blocks have 512 bytes
	MaxWindow    int                                                               // the largest windowsize; 0: 64
	MaxTransfers int                                                               // transfers at a time; 0: 2000. Further requests wait until one has ended
	MaxPerClient int                                                               // of those of one address; 0: a quarter of them, or 64 if that is more
	Ports        int                                                               // that transfers share; 0: 64. Not more than there are from FirstPort to LastPort
	MaxRule      string                                                            // the line of MaxTransfers
	Links        func() []Link                                                     // the links as they are now; nil: those that are given beside, for good
	LinksRule    string                                                            // the line that chooses the links
	FirstPort    uint16                                                            // transfers speak from the ports FirstPort to LastPort; 0: from any
	LastPort     uint16
	Listen       func(at netip.AddrPort) (*net.UDPConn, error) // opens what requests come to; nil: Listen
	SinglePort   bool                                          // transfers speak from the port that requests come to
	Retransmit   time.Duration                                 // before the first retransmission; 0: 2 s. The client's timeout option wins
	Idle         time.Duration                                 // without progress a transfer is given up; 0: 120 s
	Proof        time.Duration                                 // the same before the client has acknowledged a block; 0: 30 s
	Linger       time.Duration                                 // the same once the last block was sent, whose ACK some clients never send; 0: 30 s
}

func (c Config) filled() Config {
	if c.Events == nil {
		c.Events = event.Discard
	}
	if c.Listen == nil {
		c.Listen = Listen
	}
	c.MaxBlock = cmp.Or(c.MaxBlock, 65464)
	c.MaxWindow = cmp.Or(c.MaxWindow, 64)
	c.MaxTransfers = cmp.Or(c.MaxTransfers, 2000)
	c.Retransmit = cmp.Or(c.Retransmit, 2*time.Second)
	c.Idle = cmp.Or(c.Idle, 120*time.Second)
	c.Proof = cmp.Or(c.Proof, 30*time.Second)
	c.Linger = cmp.Or(c.Linger, 30*time.Second)
	c.MaxPerClient = min(cmp.Or(c.MaxPerClient, max(c.MaxTransfers/4, 64)), c.MaxTransfers)
	c.Ports = cmp.Or(c.Ports, 64)
	switch {
	case c.SinglePort:
		c.Ports = 1
	case c.FirstPort > 0:
		c.Ports = min(c.Ports, int(c.LastPort)-int(c.FirstPort)+1)
	}
	return c
}

// on has links that do not change, unless it has some that do.
func (c Config) on(links []Link) Config {
	if c.Links == nil {
		c.Links = func() []Link { return links }
	}
	return c
}

// An Arrival is a datagram that came to port 69, and what the transfer it starts is given.
type Arrival struct {
	machine.Datagram                // Src is the client
	Local            netip.AddrPort // where the transfer speaks from
	On               Link           // where the datagram came from; without an MTU it has 1500
	Xfer             uint64         // numbers the transfer in its events
	suspect          *suspect       // whom it is sent to, if anybody could have acknowledged it; nil: nobody could
}

// deserves reports whether a datagram to port 69 is answered at all, and records why not. An ERROR is
// never answered with an ERROR: two servers would talk forever.
func (c *Config) deserves(now time.Time, d machine.Datagram, on Link) bool {
	reason := on.odd(d.Src, d.Dst.Addr())
	switch {
	case reason != "":
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
	c.fault(now, cmp.Or(c.MaxRule, event.BuiltIn),
		fmt.Sprintf("there are %d transfers, as many as we may have: further requests wait", c.MaxTransfers))
}

// crowded says that an address has as many requests, or transfers, as it may have.
func (c *Config) crowded(now time.Time, client netip.Addr) {
	c.fault(now, event.BuiltIn, fmt.Sprintf("%v has as many transfers, or answers that it does not acknowledge, as one address may have: "+
		"of these the oldest give way", client))
}

func (c *Config) fault(now time.Time, rule, text string) {
	c.Events.Record(event.Event{Time: now, Kind: event.Fault, Source: "server", Rule: rule, Text: "tftp: " + text})
}

// elsewhere says that a request came by a link on which there is no TFTP.
func (c *Config) elsewhere(now time.Time, d machine.Datagram, on Link) {
	c.ignore(now, d, cmp.Or(on.Rule, c.LinksRule, event.BuiltIn), fmt.Sprintf("%v on %s is not served", d.Dst.Addr(), on.Name))
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
