package script

import (
	"fmt"
	"slices"
	"strings"
)

// An Env is what conditions ask about: the world a scenario runs in and the server under test.
type Env struct {
	World  string // sim, tap or qemu
	Server string // ours, dnsmasq or other
}

// Worlds are the worlds there are, and Servers the kinds of server conditions can name.
var (
	Worlds  = []string{"sim", "tap", "qemu"}
	Servers = []string{"ours", "dnsmasq", "other"}
)

// Conditions describes the words that may stand in [brackets] before a line.
const Conditions = `  [sim] [tap] [qemu]     only in that world
  [real]                 in tap and qemu, where time is real
  [server:ours]          only when that server is under test (ours, dnsmasq, other)
  [!sim]                 everywhere else`

// A Cond is one condition before a line.
type Cond struct {
	Name string
	Not  bool
}

// parseCond reads the text between brackets.
func parseCond(text string) (Cond, error) {
	c := Cond{Name: strings.TrimPrefix(text, "!")}
	c.Not = c.Name != text
	server, isServer := strings.CutPrefix(c.Name, "server:")
	switch {
	case isServer && slices.Contains(Servers, server):
	case c.Name == "real" || slices.Contains(Worlds, c.Name):
	default:
		return c, fmt.Errorf("unknown condition [%s]; there are [sim] [tap] [qemu] [real] [server:ours] [server:dnsmasq] [server:other], each with ! before it", text)
	}
	return c, nil
}

// Holds reports whether the condition is true in env.
func (c Cond) Holds(env Env) bool {
	server, isServer := strings.CutPrefix(c.Name, "server:")
	var holds bool
	switch {
	case isServer:
		holds = env.Server == server
	case c.Name == "real":
		holds = env.World != "sim"
	default:
		holds = env.World == c.Name
	}
	return holds != c.Not
}

// allHold reports whether a line with these conditions counts in env.
func allHold(conds []Cond, env Env) bool {
	return !slices.ContainsFunc(conds, func(c Cond) bool { return !c.Holds(env) })
}

// Holds tells whether a step counts in an environment.
func (s Step) Holds(env Env) bool { return allHold(s.Conds, env) }
