package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"time"

	"github.com/insomniacslk/dhcp/iana"

	"github.com/bootrig/bootrig/server/control"
	"github.com/bootrig/bootrig/server/lease"
)

// command answers what other commands ask.
func (s *serving) command(ctx context.Context, words []string, say func(string)) (code int) {
	if len(words) == 3 && words[0] == "profile" {
		return profile(ctx, words[1], words[2], say)
	}
	words = append(words, "", "")
	switch asked := words[0]; {
	case asked == "reload" && words[1] == "":
		return s.askedToReload(say)
	case asked == "machines" && words[1] == "":
		return each(s.machines.Machines(), say)
	case asked == "forget" && words[2] == "":
		return s.forget(words[1], say)
	case asked == "leases" && words[1] == "":
		return each(s.leases(), say)
	}
	say(fmt.Sprintf("unknown request %q: this server knows reload, machines, forget MAC, leases and profile KIND SECONDS", words[:len(words)-2]))
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

func (s *serving) forget(name string, say func(string)) int {
	mac, err := net.ParseMAC(name)
	if err != nil {
		say(fmt.Sprintf("%q is no MAC address, such as 52:54:00:12:34:56", name))
		return int(exitUsage)
	}
	if !s.machines.Forget(mac.String()) {
		say(mac.String() + " was not heard of")
		return int(exitFailed)
	}
	return 0
}

// leases are those that are kept, with their ends by the time of day.
func (s *serving) leases() (all []leased) {
	s.mu.Lock()
	store := s.store
	s.mu.Unlock()
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
