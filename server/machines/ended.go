package machines

import (
	"strconv"
	"time"

	"github.com/bootrig/bootrig/internal/verdict"
	"github.com/bootrig/bootrig/wire/event"
)

// An Ended is what became of a boot.
type Ended struct {
	Verdict string        `json:"verdict,omitempty"` // verdict.Booted, or the cause that it did not
	Stage   verdict.Stage `json:"stage,omitempty"`   // how far it came
	Sure    verdict.Sure  `json:"sure,omitempty"`
	Why     string        `json:"why,omitempty"`
	Fix     string        `json:"fix,omitempty"` // what to do
}

// judging is what the end of a boot is told from.
type judging struct {
	story *verdict.Boot // nil: nothing was heard of it since the server began
	open  bool          // more was heard since it ended
	ended []event.Event // what became of boots, and was not asked for yet
}

// Expire ends the boots of which nothing more is to be expected, and gives what became of boots as facts.
func (b *Book) Expire(now time.Time) (ended []event.Event) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, m := range b.all {
		if at, some := m.deadline(); some && !now.Before(at) {
			m.end(now)
			b.touch(machineNote, m.MAC)
		}
		ended = append(ended, m.ended...)
		m.ended = nil
	}
	return ended
}

// judge has a fact count for what becomes of the boot.
func (m *Machine) judge(e event.Event) {
	if m.story == nil {
		m.story = &verdict.Boot{}
	}
	m.story.Take(e)
	m.open = true
}

// deadline is when the boot has ended, if it is one and has not ended before.
func (m *Machine) deadline() (at time.Time, some bool) {
	if !m.open {
		return time.Time{}, false
	}
	return m.story.Deadline()
}

// close ends the boot because another begins, which the asker says.
func (m *Machine) close(now time.Time, a asker) {
	last := m.story
	if last == nil {
		return
	}
	asks := event.Event{Time: now, Kind: event.Discover, Source: "server", Client: m.MAC, Attrs: event.Attrs("class", a.Class, "arch", a.Arch, "user", a.User, "ipxe", a.IPXE)}
	_, open := m.deadline()
	if last.Close(asks) || open {
		m.end(now)
	}
	m.story, m.open = &verdict.Boot{}, false
	m.story.Follow(last, now)
}

// end tells what became of the boot. More may be heard of it, and is told if it makes a difference.
func (m *Machine) end(now time.Time) {
	m.open = false
	s := m.story.Story()
	last := m.Boot.Ended
	m.Boot.Ended = Ended{s.ID, s.Stage, s.Sure, s.Text, ""}
	if s.Fault() && len(s.Causes) > 0 {
		m.Boot.Fix = s.Causes[0].Fix
	}
	if s.Booted() {
		m.story.Rest()
	}
	if last.Verdict == s.ID {
		return
	}
	m.ended = append(m.ended, event.Event{
		Time: now, Kind: event.Verdict, Source: "server", Client: m.MAC, Path: m.Boot.Given, Bytes: m.Boot.Bytes, Rule: m.Boot.Rule, Text: s.Text,
		Attrs: event.Attrs("id", s.ID, "sure", string(s.Sure), "stage", s.Stage.String(), "was", last.Verdict, "fix", m.Boot.Fix, "files", strconv.Itoa(m.Boot.Files)),
	})
}

// says is the verdict in a line of a boot.
func (e Ended) says() string {
	switch {
	case e.Verdict == verdict.Booted && e.Sure == verdict.Possible:
		return "booted, it seems"
	case e.Verdict == verdict.Booted:
		return "booted"
	}
	return e.Verdict + ": " + e.Why
}
