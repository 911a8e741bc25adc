package script

import (
	"fmt"
	"slices"
	"strings"
)

// A Plan is what a scenario means in one environment: its conditions are settled.
type Plan struct {
	Env      Env
	Lans     []Lan
	Relays   []Relay
	House    House   // how those of the lans behave
	Houses   []House // further ones
	Server   Server
	Contents []Content
	Guests   []Guest
	Faults   []Fault
	Steps    []Step // Act, Screen, Expect, Count, Golden, Cmp and Host, in order
	Fails    *Fails
	Skip     string // why the scenario is not for this environment
}

// Guest finds a guest of the plan.
func (p *Plan) Guest(name string) (Guest, bool) {
	n := slices.IndexFunc(p.Guests, func(g Guest) bool { return g.Name == name })
	if n < 0 {
		return Guest{}, false
	}
	return p.Guests[n], true
}

// Plan settles the conditions of a scenario that Parse found no mistake in.
func (f *File) Plan(env Env) *Plan {
	p, _ := f.plan(env)
	return p
}

// plan settles the conditions and says what does not fit together in env.
func (f *File) plan(env Env) (*Plan, []Mistake) {
	p := &Plan{Env: env}
	var mistakes []Mistake
	count := map[string]int{}
	once := func(s Step, what string) {
		if count[what]++; count[what] > 1 {
			mistakes = append(mistakes, Mistake{f.Name, s.Line, what + " is there twice"})
		}
	}
	for _, s := range f.Steps {
		if !allHold(s.Conds, env) {
			continue
		}
		switch v := s.Statement.(type) {
		case Lan:
			once(s, strings.TrimSpace("lan "+v.Name))
			p.Lans = append(p.Lans, v)
		case Relay:
			once(s, "a relay from "+v.Clients)
			p.Relays = append(p.Relays, v)
		case Server:
			once(s, "server")
			p.Server = v
		case House:
			once(s, strings.TrimSuffix("house "+v.Addr.String(), " invalid IP"))
			if v.Addr.IsValid() {
				p.Houses = append(p.Houses, v)
			} else {
				p.House = v
			}
		case Content:
			p.Contents = append(p.Contents, v)
		case Guest:
			once(s, "guest "+v.Name)
			once(s, "mac "+v.MAC.String())
			once(s, "ip "+v.IP.String())
			p.Guests = append(p.Guests, v)
		case Fault:
			p.Faults = append(p.Faults, v)
		case Fails:
			once(s, "fails")
			p.Fails = &v
		case Skip:
			p.Skip = v.Reason
		case nil:
		case Act, Screen, Expect, Count, Golden, Cmp, Host:
			p.Steps = append(p.Steps, s)
		default:
			mistakes = append(mistakes, Mistake{f.Name, s.Line, fmt.Sprintf("nothing acts on %q: this program has an error", s.Text)})
		}
	}
	count["lan"] = len(p.Lans)
	for _, what := range []string{"lan", "server"} {
		if count[what] == 0 {
			mistakes = append(mistakes, Mistake{f.Name, 1, fmt.Sprintf("there is no %s line", what)})
		}
	}
	return p, append(mistakes, f.fit(p)...)
}

// fit checks what one line says of another.
func (f *File) fit(p *Plan) []Mistake {
	var mistakes []Mistake
	for _, s := range f.Steps {
		if !allHold(s.Conds, p.Env) {
			continue
		}
		for _, text := range f.fitStep(p, s) {
			mistakes = append(mistakes, Mistake{f.Name, s.Line, text})
		}
	}
	return mistakes
}

func (f *File) fitStep(p *Plan, s Step) (wrong []string) {
	guest := func(name string) {
		if _, ok := p.Guest(name); !ok && name != "" {
			wrong = append(wrong, fmt.Sprintf("there is no guest %q here", name))
		}
	}
	file := func(name string) {
		if _, ok := f.File(name); !ok && name != "" {
			wrong = append(wrong, fmt.Sprintf("the archive has no file %q", name))
		}
	}
	switch v := s.Statement.(type) {
	case Server:
		file(v.Config)
		wrong = append(wrong, p.fitPaths(v)...)
		if v.YAML() && v.Offer != "" {
			wrong = append(wrong, "server: offer= goes with a dnsmasq.conf; a bootrig.yaml has offers of its own")
		}
	case Lan:
		wrong = p.fitLan(v)
	case Relay:
		wrong = p.fitRelay(v)
	case Content:
		wrong = p.fitContent(v)
	case Guest:
		wrong = p.fitGuest(v)
	case House:
		wrong = p.fitHouse(v)
	case Fault:
		wrong = p.fitFault(v)
	case Host:
		wrong = f.fitHost(p, v)
	case Act:
		guest(v.Guest)
	case Screen:
		guest(v.Guest)
	case Expect:
		guest(v.Guest)
	case Count:
		guest(v.Guest)
	case Golden:
		guest(v.Guest)
	case Cmp:
		guest(v.Guest)
		file(v.File)
	case Fails:
		if n := matching(p.Steps, v.Step); n != 1 {
			wrong = append(wrong, fmt.Sprintf("%d steps read %q; fails names exactly one", n, v.Step))
		}
	}
	return wrong
}

// matching counts the steps whose text is text.
func matching(steps []Step, text string) int {
	n := 0
	for _, s := range steps {
		if s.Text == text {
			n++
		}
	}
	return n
}

// check looks for what does not fit in any environment the scenario may run in. Lines that are
// already known to be wrong are not blamed twice, and while a line cannot be read at all nothing is
// said to be missing.
func (f *File) check(known []Mistake) []Mistake {
	var all []Mistake
	for _, world := range Worlds {
		for _, server := range Servers {
			_, mistakes := f.plan(Env{World: world, Server: server})
			for _, m := range mistakes {
				if !slices.Contains(all, m) && !slices.ContainsFunc(known, func(k Mistake) bool { return k.Line == m.Line }) {
					all = append(all, m)
				}
			}
		}
	}
	unread := slices.ContainsFunc(f.Steps, func(s Step) bool { return s.Statement == nil })
	return slices.DeleteFunc(all, func(m Mistake) bool { return unread && strings.HasPrefix(m.Text, "there is no ") })
}
