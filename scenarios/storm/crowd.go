package storm

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"net"
	"time"

	"github.com/bootrig/bootrig/emulator/link"
	"github.com/bootrig/bootrig/emulator/rom"
	"github.com/bootrig/bootrig/wire/event"
)

// A crowd is the clients of one LAN.
type crowd struct {
	cfg      Config
	number   int // of the LAN
	seed     uint64
	firmware []rom.Profile
	arrivals []time.Duration
	began    time.Time
	on       int // how many were switched on
	booting  map[int]*client
	waiting  []*client      // for a key
	leaving  []*client      // whose boot has ended, the first first
	lent     bool           // addresses are those of a network that others need too: they are given back
	parting  []*client      // who have given theirs back, the first first
	facts    event.Recorder // of all clients; nil: nobody listens
}

// newCrowd decides all that chance decides about the clients of a LAN.
func newCrowd(cfg Config, number, clients int, began time.Time, facts event.Recorder) (*crowd, error) {
	c := &crowd{cfg: cfg, number: number, seed: cfg.Seed + uint64(number), began: began, facts: facts, booting: map[int]*client{}}
	random := rand.New(rand.NewPCG(c.seed, 0x53544f524d))
	var err error
	if c.firmware, err = cfg.Mix.firmware(clients, random); err != nil {
		return nil, err
	}
	c.arrivals = cfg.Arrival.times(clients, random)
	return c, nil
}

// next is when the next client is switched on; false: all are.
func (c *crowd) next() (time.Time, bool) {
	if c.on == len(c.arrivals) {
		return time.Time{}, false
	}
	return c.began.Add(c.arrivals[c.on]), true
}

// over tells that everybody has come and gone.
func (c *crowd) over() bool {
	return c.on == len(c.arrivals) && c.plugged() == 0
}

// plugged is how many are on the LAN.
func (c *crowd) plugged() int { return len(c.booting) + len(c.leaving) + len(c.parting) }

// arrive switches on who is due, as far as there is room.
func (c *crowd) arrive(now time.Time, lan *link.LAN) {
	for at, more := c.next(); more && !at.After(now) && c.plugged() < c.cfg.Together; at, more = c.next() {
		c.on++
		c.switchOn(now, lan, c.on)
	}
}

// lastWords is how long a client stays whose boot has ended: the ACK of its last block is on the way.
const lastWords = 5 * time.Millisecond

// settle presses keys, takes those off the LAN whose boot has ended, and gives what became of them.
func (c *crowd) settle(now time.Time, lan *link.LAN) (boots []Boot) {
	waiting := c.waiting
	c.waiting = nil
	for _, w := range waiting {
		w.press(now, lan)
	}
	for gone := range due(&c.leaving, now, lastWords) {
		if c.lent && gone.giveBack(now, lan) {
			c.parting = append(c.parting, gone)
			continue
		}
		boots = append(boots, gone.unplug(lan))
	}
	for gone := range due(&c.parting, now, goodbye) {
		boots = append(boots, gone.unplug(lan))
	}
	return boots
}

// due takes those off a queue who have been in it for a time.
func due(queue *[]*client, now time.Time, stay time.Duration) iter.Seq[*client] {
	return func(yield func(*client) bool) {
		for len(*queue) > 0 && !now.Before((*queue)[0].left.Add(stay)) {
			first := (*queue)[0]
			*queue = (*queue)[1:]
			if !yield(first) {
				return
			}
		}
	}
}

// expel loses those that boot for longer than anybody waits: a menu may come again for ever.
func (c *crowd) expel(now time.Time) {
	if now.Sub(c.began) < longest+c.arrivals[len(c.arrivals)-1] {
		return
	}
	for n := range len(c.arrivals) {
		if m := c.booting[n+1]; m != nil {
			m.end(now, 0, &Loss{Text: fmt.Sprintf("it still boots after %s", longest)})
		}
	}
}

const longest = 24 * time.Hour

// mac is a client's address. Those of two hosts that storm one network differ by what is to mark them.
func mac(mark [2]byte, client int) net.HardwareAddr {
	return net.HardwareAddr{0x52, 0x55, byte(client>>24) ^ mark[0], byte(client>>16) ^ mark[1], byte(client >> 8), byte(client)}
}

func (c *crowd) uuid(client int) (u [16]byte) {
	copy(u[:], fmt.Sprintf("bootrig%09d", client%1_000_000_000))
	return u
}
