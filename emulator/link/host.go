package link

import (
	"bytes"
	"time"

	"github.com/bootrig/bootrig/wire/machine"
)

// NewHost puts a machine with several cards on the wire, for LAN.PlugHost. A Datagram's Link is the
// index of its card.
func NewHost(m machine.Machine, cards ...StackConfig) []*Stack {
	h := &host{m: m}
	var stacks []*Stack
	for i, cfg := range cards {
		c := &card{host: h, index: i}
		h.cards = append(h.cards, c)
		stacks = append(stacks, NewStack(cfg, c))
	}
	return stacks
}

// A host shares its machine among its cards.
type host struct {
	m     machine.Machine
	cards []*card
}

// A card is the machine as one of its stacks knows it.
type card struct {
	*host
	index int
	out   []machine.Datagram
}

// Receive says on which card something came.
func (c *card) Receive(now time.Time, in machine.Input) {
	if d, ok := in.(machine.Datagram); ok && d.Link != c.index {
		d.Link = c.index
		in = d
	}
	c.m.Receive(now, in)
}

// Expire is the machine's.
func (c *card) Expire(now time.Time) { c.m.Expire(now) }

// Next yields what the machine sends on this card. What it sends on others waits for them.
func (c *card) Next() (machine.Datagram, bool) {
	if len(c.out) > 0 {
		d := c.out[0]
		c.out = c.out[1:]
		return d, true
	}
	for d, ok := c.m.Next(); ok; d, ok = c.m.Next() {
		switch {
		case d.Link == c.index:
			return d, true
		case d.Link >= 0 && d.Link < len(c.cards):
			d.Payload = bytes.Clone(d.Payload)
			c.cards[d.Link].out = append(c.cards[d.Link].out, d)
		}
	}
	return machine.Datagram{}, false
}

// Deadline is kept by the first card.
func (c *card) Deadline() (time.Time, bool) {
	if c.index > 0 {
		return time.Time{}, false
	}
	return c.m.Deadline()
}
