package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/insomniacslk/dhcp/iana"

	"github.com/bootrig/bootrig/server/control"
	"github.com/bootrig/bootrig/server/lease"
)

// command answers what other commands ask.
func (s *serving) command(ctx context.Context, words []string, say func(string)) (code int) {
	for i, word := range words {
		if plain, err := url.PathUnescape(word); err == nil {
			words[i] = plain
		}
	}
	switch verb, n := strings.Join(words[:min(1, len(words))], ""), len(words); {
	case verb == "reload" && n == 1:
		return s.askedToReload(say)
	case verb == "machines" && n == 1:
		return each(s.machines.Machines(), say)
	case verb == "leases" && n == 1:
		return each(s.leases(), say)
	case verb == "profile" && n == 3:
		return profile(ctx, words[1], words[2], say)
	case verb == "set" && n > 1:
		return s.set(words[1], words[2:], say)
	case verb == "once" && n > 3 && strings.HasPrefix(words[2], until):
		return s.once(words[1], strings.TrimPrefix(words[2], until), words[3:], say)
	case verb == "done" && n == 2:
		return aboutMachine(words[1], say, s.done)
	case verb == "forget" && n == 2:
		return aboutMachine(words[1], say, s.forget)
	}
	say(fmt.Sprintf("unknown request %q: this server knows reload, machines, leases, set MAC TAG..., once MAC until=WHAT TAG..., done MAC, forget MAC and profile KIND SECONDS", words))
	return int(exitUsage)
}

func (s *serving) askedToReload(say func(string)) int {
	said, err := s.reload(true)
	if err != nil {
		for _, mistake := range flat(err) {
			say(mistake.Error())
		}
		return int(exitFailed)
	}
	for _, line := range said {
		say(line)
	}
	return 0
}

// each says values, as JSON, each in a line.
func each[T any](all []T, say func(string)) int {
	for _, v := range all {
		line, err := json.Marshal(v)
		if err != nil {
			say(err.Error())
			return int(exitFailed)
		}
		say(string(line))
	}
	return 0
}

// leases are those that are kept, with their ends by the time of day.
func (s *serving) leases() (all []leased) {
	store, _ := s.memory.file()
	if store == nil {
		return nil
	}
	ahead := time.Until(store.Now())
	for _, l := range store.Leases() {
		if next := newLeased(l, ahead); next.live() {
			all = append(all, next)
		}
	}
	return all
}

// A leased is a lease as it is told.
type leased struct {
	Address  string    `json:"address"`
	MAC      string    `json:"mac"`
	Hardware uint16    `json:"hardware,omitempty"` // its type, if that is not Ethernet (1)
	Name     string    `json:"name,omitempty"`
	ClientID string    `json:"clientId,omitempty"` // option 61, "01:52:54:00:12:34:56"
	Expires  time.Time `json:"expires,omitzero"`   // zero: never
	Class    string    `json:"class,omitempty"`    // option 60
}

// newLeased tells a lease whose times are of a clock that is ahead of the time of day.
func newLeased(l lease.Lease, ahead time.Duration) leased {
	t := leased{Address: l.Addr.String(), MAC: l.MAC.String(), Name: l.Name, ClientID: clientID(l), Class: string(l.Class)}
	if l.HWType != iana.HWTypeEthernet {
		t.Hardware = uint16(l.HWType)
	}
	if !l.Expires.IsZero() {
		t.Expires = l.Expires.Add(-ahead).Round(time.Second)
	}
	return t
}

// live tells whether it has not ended.
func (l leased) live() bool { return l.Expires.IsZero() || time.Now().Before(l.Expires) }

// listen opens the control socket. A server without one serves, unless it was asked for.
func (s *serving) listen() (err error) {
	s.control, err = control.Listen(s.at())
	if err == nil || s.Socket != "" {
		return err
	}
	s.control = nil
	s.remark(fmt.Sprintf("warning: %v, so no command finds this server: SIGHUP does what bootrig reload would, or give it --socket PATH", err))
	return nil
}
