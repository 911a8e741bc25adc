package dhcpd

import (
	"fmt"
	"net/netip"
	"slices"
	"time"

	"github.com/bootrig/bootrig/internal/event"
	"github.com/bootrig/bootrig/internal/machine"
	"github.com/bootrig/bootrig/internal/pxe"
	"github.com/bootrig/bootrig/server/proxydhcp"
)

// Machine is proxydhcp.Decide as a machine.Machine: ports 67 and 4011 of the links. Its answers are ready when
// Receive returns, but for those that dhcp-reply-delay holds back.
type Machine struct {
	cfg    *proxydhcp.Config
	links  []proxydhcp.Link
	events event.Recorder
	out    []machine.Datagram
	later  []delayed // the next to send first
}

// A delayed answer is sent at its time.
type delayed struct {
	at time.Time
	machine.Datagram
}

// NewMachine makes a Machine. A Datagram's Link is an index into links; events may be nil.
func NewMachine(cfg *proxydhcp.Config, links []proxydhcp.Link, events event.Recorder) *Machine {
	if events == nil {
		events = event.Discard
	}
	return &Machine{cfg: cfg, links: links, events: events}
}

// Receive decides about one datagram and queues the answer.
func (m *Machine) Receive(now time.Time, in machine.Input) {
	d, ok := in.(machine.Datagram)
	if !ok || d.Link < 0 || d.Link >= len(m.links) {
		return
	}
	packet, err := proxydhcp.Parse(d.Payload)
	if err != nil {
		m.events.Record(garbage(now, d, err))
		return
	}
	link := m.link(d)
	req := proxydhcp.Request{Link: m.links[link], Port: d.Dst.Port(), Src: d.Src, Packet: packet}
	decision := proxydhcp.Decide(m.cfg, req)
	m.record(now, req, decision)
	for _, r := range decision.Replies {
		m.queue(now.Add(decision.Delay), decision.Delay, machine.Datagram{Link: link, Src: r.Src, Dst: r.Dst, Payload: r.Packet})
	}
}

// link picks the right address of an interface that has several: the one the packet was sent to, else
// the first that a range is for.
func (m *Machine) link(d machine.Datagram) int {
	same := func(fits func(proxydhcp.Link) bool) int {
		return slices.IndexFunc(m.links, func(l proxydhcp.Link) bool {
			return l.Index == m.links[d.Link].Index && l.Name == m.links[d.Link].Name && fits(l)
		})
	}
	if i := same(func(l proxydhcp.Link) bool { return l.Prefix.Addr() == d.Dst.Addr() }); i >= 0 {
		return i
	}
	if i := same(func(l proxydhcp.Link) bool {
		return slices.ContainsFunc(m.cfg.Ranges, func(r proxydhcp.Range) bool { return r.On(l) })
	}); i >= 0 {
		return i
	}
	return d.Link
}

// Next yields the next answer.
func (m *Machine) Next() (machine.Datagram, bool) {
	if len(m.out) == 0 {
		return machine.Datagram{}, false
	}
	d := m.out[0]
	m.out = m.out[1:]
	return d, true
}

// maxDelayed bounds the answers that wait. Clients ask again.
const maxDelayed = 1000

func (m *Machine) queue(at time.Time, delay time.Duration, d machine.Datagram) {
	switch {
	case delay <= 0:
		m.out = append(m.out, d)
	case len(m.later) < maxDelayed:
		i := slices.IndexFunc(m.later, func(l delayed) bool { return l.at.After(at) })
		if i < 0 {
			i = len(m.later)
		}
		m.later = slices.Insert(m.later, i, delayed{at, d})
	}
}

// Expire sends the answers whose delay is over.
func (m *Machine) Expire(now time.Time) {
	for len(m.later) > 0 && !m.later[0].at.After(now) {
		m.out = append(m.out, m.later[0].Datagram)
		m.later = m.later[1:]
	}
}

// Deadline is that of the next delayed answer.
func (m *Machine) Deadline() (time.Time, bool) {
	if len(m.later) == 0 {
		return time.Time{}, false
	}
	return m.later[0].at, true
}

// Listens tells whether a port is the DHCP service's.
func Listens(port uint16) bool { return port == pxe.PortDHCPServer || port == pxe.PortBootServer }

func garbage(now time.Time, d machine.Datagram, err error) event.Event {
	return event.Event{
		Time: now, Kind: event.Ignore, Source: "server", Rule: proxydhcp.BuiltIn,
		Text:  err.Error(),
		Attrs: event.Attrs("from", d.Src.String(), "port", fmt.Sprint(d.Dst.Port())),
	}
}

// record tells what was asked and what it deserved. A silence is one fact, an answer two.
func (m *Machine) record(now time.Time, req proxydhcp.Request, d proxydhcp.Decision) {
	fact := event.Event{
		Time: now, Source: "server", Client: req.Packet.ClientHWAddr.String(), Rule: d.Rule,
		Peer: netip.AddrPortFrom(req.Link.Prefix.Addr(), req.Port),
	}
	if len(d.Replies) == 0 {
		fact.Kind, fact.Text = event.Ignore, d.Reason
		fact.Attrs = event.Attrs("of", string(d.Asked), "link", req.Link.Name, "from", req.Src.String())
		m.events.Record(fact)
		return
	}
	asked := fact
	asked.Kind, asked.Rule, asked.Attrs = d.Asked, "", asking(req)
	m.events.Record(asked)
	fact.Kind, fact.Path, fact.Text = answerKind(d.Asked), d.File, d.Reason
	fact.Attrs = answering(d.Replies[0])
	m.events.Record(fact)
}

func answerKind(asked event.Kind) event.Kind {
	switch asked {
	case event.Discover:
		return event.Offer
	case event.ProxyRequest:
		return event.ProxyAck
	case event.BootRequest:
		return event.BootAck
	}
	return event.Ack
}

func asking(req proxydhcp.Request) string {
	p := req.Packet
	arch, named := "", ""
	if archs := pxe.ParseArchs(p.Options[pxe.OptClientArch]); len(archs) > 0 {
		arch = archs[0].String()
	}
	if want, ok := proxydhcp.Item(p); ok {
		named = want.String()
	}
	return event.Attrs("link", req.Link.Name, "from", req.Src.String(), "xid", p.TransactionID.String(),
		"class", string(p.Options[pxe.OptVendorClass]), "arch", arch, "item", named)
}

func answering(r proxydhcp.Reply) string {
	p, err := proxydhcp.Parse(r.Packet)
	if err != nil {
		return ""
	}
	return event.Attrs("to", r.Dst.String(), "siaddr", p.ServerIPAddr.String(), "xid", p.TransactionID.String(),
		"vendor", fmt.Sprintf("%x", p.Options[pxe.OptVendorSpecific]))
}
