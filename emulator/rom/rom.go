package rom

import (
	"math/rand/v2"
	"net"
	"net/netip"
	"time"

	"github.com/bootrig/bootrig/emulator/retry"
	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/machine"
)

// Config is one machine with a ROM in it.
type Config struct {
	Profile Profile
	MAC     [6]byte
	UUID    [16]byte // as it is written; on the wire its first fields are little-endian
	Memory  int64    // 0: as much as any file needs
	Seed    uint64
	Events  event.Recorder // console lines; nil for none

	LeaseOnly bool     // the boot ends with an address: the Handover has no program
	Cached    []*Reply // of who started it, the strongest last: an iPXE's settings and its address until it has its own
}

// A Handover is what the ROM leaves for the program it starts: the program and the packets it would find
// through the PXE API.
type Handover struct {
	Program []byte
	Name    string // as fetched
	URL     string // the same with its server: a slash before the name, whatever that begins with
	Addr    netip.Addr
	Server  netip.Addr // siaddr of the packet that brought the file
	ACK     *Reply     // cached packet 2
	Boot    *Reply     // cached packet 3: what named the boot file
	Replies []*Reply   // every settings block, the strongest last
	UUID    [16]byte   // raw, as in option 97
	MAC     [6]byte

	HTTPBoot bool // UEFI HTTP boot started it, and there is no PXE API
	Stopped  bool // who started it has stopped the firmware's PXE
}

// PXE tells whether the program finds the packets through the PXE API.
func (h *Handover) PXE() bool { return !h.HTTPBoot && !h.Stopped }

// An Outcome is how the ROM ends: one field is set.
type Outcome struct {
	Handover *Handover
	Local    bool // the menu's local boot: the next boot device
	Failure  *Failure
}

// A phase is one conversation.
type phase int

const (
	off phase = iota
	discover
	request
	proxyRequest
	prompt
	bootServer
	probe
	fetch
	ended
)

// A ROM is a machine.Machine that boots from its Reset to its Outcome.
type ROM struct {
	cfg     Config
	rand    *rand.Rand
	phase   phase
	timer   retry.Timer
	powerOn time.Time
	session time.Time // when this try began
	began   time.Time // when the phase began
	xid     uint32
	count   int      // requests in this DHCP session
	waited  uint16   // secs of the last DISCOVER
	tried   int      // tries before this one
	wants   string   // the file that a lease named
	xids    []uint32 // of this discovery's DISCOVERs
	port    uint16   // the last request's source, where its answers come

	addr    netip.Addr // once acknowledged
	lease   *Reply     // the offer taken
	proxy   *Reply     // the proxy offer taken
	ack     *Reply
	pxe     *Reply   // the proxy's settings in use
	boot    *Reply   // the boot server's answer
	offers  []*Reply // of this discovery, where they are chosen among by slots
	answers []*Reply // of this slot on port 4011
	ask     []*Reply // proxies still to be asked there
	heard   string   // the last reason a reply was no use, for the cause of a failure

	menu      menu
	shown     bool // the menu is open, not only its prompt
	selection int
	servers   []netip.Addr
	accept    []netip.Addr

	out     []machine.Datagram
	get     transfer
	program []byte // it came, and files beside it are read
	beside  []string
	from    source         // of what is read
	local   netip.AddrPort // where it comes
	url     string
	outcome Outcome
}

// New makes a ROM that is off; a Reset switches it on.
func New(cfg Config) *ROM {
	if cfg.Events == nil {
		cfg.Events = event.Discard
	}
	return &ROM{cfg: cfg, rand: rand.New(rand.NewPCG(cfg.Seed, 0x524f4d))}
}

// Outcome is how the ROM ended, once it has.
func (r *ROM) Outcome() (Outcome, bool) { return r.outcome, r.phase == ended }

// Network is where the lease puts the machine, and its router there (options 1 and 3); invalid: unknown.
func (r *ROM) Network() (on netip.Prefix, router netip.Addr) {
	if r.ack == nil {
		return on, router
	}
	if mask := r.ack.Option(1); len(mask) == 4 {
		ones, _ := net.IPMask(mask).Size()
		on = netip.PrefixFrom(r.addr, ones).Masked()
	}
	if router = r.ack.Addr(3); router.IsUnspecified() {
		router = netip.Addr{}
	}
	return on, router
}

// Close is there for stages that hold more than memory; a ROM does not.
func (r *ROM) Close() {}

// Receive takes a Reset, a Key, or a datagram.
func (r *ROM) Receive(now time.Time, in machine.Input) {
	switch in := in.(type) {
	case machine.Reset:
		*r = ROM{cfg: r.cfg, rand: r.rand, powerOn: now}
		r.begin(now)
	case machine.Key:
		r.key(now, string(in))
	case machine.Unreachable:
		if r.get != nil {
			r.get.Receive(now, in)
			r.fetched(now)
		} else if in.Dst.Port() == 4011 {
			r.heard = "nobody listens there: port unreachable"
		}
	case machine.Datagram:
		switch {
		case r.get != nil:
			r.get.Receive(now, in)
			r.fetched(now)
		case !in.TCP:
			r.reply(now, in)
		}
	}
	r.another(now)
}

// begin asks for an address.
func (r *ROM) begin(now time.Time) {
	r.session = now
	if !r.cfg.Profile.ClockXID {
		r.xid = r.rand.Uint32()
	}
	r.sayAll(now, r.cfg.Profile.Lines.Start)
	r.enter(now, discover)
}

// Expire acts on the deadline.
func (r *ROM) Expire(now time.Time) {
	switch {
	case r.get != nil:
		r.get.Expire(now)
		r.fetched(now)
	case r.timer.Due(now):
		r.expired(now)
	}
	r.another(now)
}

// Next yields a datagram to send.
func (r *ROM) Next() (machine.Datagram, bool) {
	if len(r.out) > 0 {
		d := r.out[0]
		r.out = r.out[1:]
		return d, true
	}
	if r.get != nil {
		return r.get.Next()
	}
	return machine.Datagram{}, false
}

// Deadline is when Expire has something to do.
func (r *ROM) Deadline() (time.Time, bool) {
	if r.get != nil {
		return r.get.Deadline()
	}
	return r.timer.Deadline()
}

func (r *ROM) say(now time.Time, line string) {
	r.cfg.Events.Record(event.Event{Kind: event.Console, Time: now, Text: line})
}

// sayAll prints lines of the profile.
func (r *ROM) sayAll(now time.Time, lines []string) {
	for _, line := range lines {
		r.say(now, r.fill(line))
	}
}

func (r *ROM) end(o Outcome) {
	r.phase, r.outcome = ended, o
	r.timer.Stop()
}

func (r *ROM) fail(why Reason, cause string) {
	f := r.cfg.Profile.Fail(why, r.url, cause)
	if r.from.web {
		f = r.cfg.Profile.FailWeb(why, r.url, cause)
	}
	r.end(Outcome{Failure: f})
}
