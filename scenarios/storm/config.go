package storm

import (
	"fmt"

	"github.com/bootrig/bootrig/scenarios/runner"
)

// A Config is a storm.
type Config struct {
	Clients  int     `json:"clients"`
	Together int     `json:"together"` // on one LAN; more are on LANs of their own. Real time has one LAN, and there the others wait
	Mix      Mix     `json:"mix"`
	Arrival  Arrival `json:"arrival"`
	Seed     uint64  `json:"seed"` // of the first LAN; the next has the next
	// Keys are pressed, one after the other, when a client waits for nothing else. With none it is lost then.
	Keys []string `json:"keys,omitempty"`
	// Mark is in all MAC addresses: that of a host on a network where others storm too.
	Mark [2]byte `json:"mark,omitzero"`
	// Only is the client, from 1, whose facts are told; 0: nobody's.
	Only int `json:"only,omitempty"`
}

// Check says what is wrong with it.
func (c Config) Check() error {
	switch {
	case c.Clients < 1:
		return mistake("-n %d: a storm has a client at least", c.Clients)
	case c.Clients > most:
		return mistake("-n %d: %d clients are the most", c.Clients, most)
	case c.Together < 1:
		return mistake("--together %d: a LAN has a client at least", c.Together)
	case c.Only < 0 || c.Only > min(c.Clients, c.Together):
		return mistake("--only %d: the first LAN has the clients 1 to %d", c.Only, min(c.Clients, c.Together))
	}
	return c.Mix.check()
}

// most keeps a mistyped number from filling the memory.
const most = 10_000_000

// lans are how many clients each LAN has. A client whose facts are told is on the first.
func (c Config) lans() (sizes []int) {
	if c.Only > 0 {
		return []int{min(c.Clients, c.Together)}
	}
	for left := c.Clients; left > 0; left -= c.Together {
		sizes = append(sizes, min(left, c.Together))
	}
	return sizes
}

func mistake(format string, v ...any) error { return &runner.Mistake{Err: fmt.Errorf(format, v...)} }
