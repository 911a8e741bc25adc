package verdict

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/bootrig/bootrig/wire/event"
)

// A Story is what became of a boot.
type Story struct {
	ID     string    `json:"id"`               // Booted, Unknown or a cause's
	Stage  Stage     `json:"stage"`            // how far it came
	Sure   Sure      `json:"sure"`             // how sure that is
	Text   string    `json:"text"`             // in one line
	Next   string    `json:"next,omitempty"`   // what should have come, if it did not boot
	Then   string    `json:"then,omitempty"`   // the class as which the firmware went on, and booted
	Causes []Finding `json:"causes,omitempty"` // what may be the cause, the most likely first
}

// A Finding is a cause that fits.
type Finding struct {
	ID       string        `json:"id"`
	Sure     Sure          `json:"sure"`
	Text     string        `json:"text"`
	Fix      string        `json:"fix"`
	Evidence []event.Event `json:"evidence,omitempty"`
}

// Booted tells whether all went well, as far as it was seen.
func (s Story) Booted() bool { return s.ID == Booted }

// Fault tells whether something went wrong: not where somebody said so, has a choice, or serves files elsewhere.
func (s Story) Fault() bool {
	if s.Then != "" {
		return false
	}
	switch s.ID {
	case Booted, AtMenu, UnderWay, "ignored":
		return false
	case "siaddr-elsewhere", "dead-http":
		return s.Sure != Possible
	}
	return true
}

// Story is what became of the boot, if nothing more is heard of it.
func (b *Boot) Story() Story {
	s := Story{Stage: b.stage}
	s.Causes = b.findings(b.open)
	if b.rebegun(s.Causes) {
		s.Causes = b.earlier
	}
	f := b.underWay()
	switch {
	case f != nil:
		s.ID, s.Sure, s.Causes = UnderWay, Certain, nil
		s.Text = fmt.Sprintf("the capture ends while %s is on its way", f.path)
	case b.blind() && b.stage < Kernel:
		s.ID, s.Sure, s.Causes = Unknown, Possible, nil
		s.Text = "the capture has what was asked of TFTP and none of the answers: capture all of UDP, and not port 69 alone"
	case len(s.Causes) > 0:
		first := s.Causes[0]
		s.ID, s.Sure, s.Text, s.Next = first.ID, first.Sure, first.Text, b.next()
	case b.stage >= Loaded || b.outcome().handoff.Kind != "" || b.local():
		s.ID = Booted
		s.Sure, s.Text = b.ended()
	default:
		s.ID, s.Sure, s.Next = Unknown, Possible, b.next()
		s.Text = fmt.Sprintf("%s should have come, and nothing says why it did not", s.Next)
	}
	return s
}

// rebegun tells that the firmware has begun anew by itself and is not far yet: what ended the round before says more.
func (b *Boot) rebegun(now []Finding) bool {
	early := b.asks() < 2 || len(now) == 0 || now[0].Sure != Certain
	return len(b.earlier) > 0 && b.stage < Loaded && len(b.files) == 0 && early && !b.local()
}

// ended says how a boot ended well.
func (b *Boot) ended() (Sure, string) {
	switch {
	case b.outcome().installed.Kind != "":
		return Certain, "its installer said that it is done"
	case b.outcome().handoff.Kind != "":
		return Certain, "it handed over to " + cmp.Or(b.outcome().handoff.Attr("kind"), "what it fetched")
	case b.local():
		return Likely, "it was told to boot from its disk"
	case b.stage == Installing:
		return Certain, "the system that it fetched runs"
	case b.stage >= Kernel:
		return Likely, "it fetched a kernel, and asked for nothing more"
	}
	return Possible, fmt.Sprintf("it fetched %s, and asked for nothing more: whether that runs its screen shows", b.program)
}

// open tells whether a cause may be that of the boot's end: of who says that it went on some are all the same.
func (b *Boot) open(c Cause) bool {
	switch {
	case b.outcome().installed.Kind != "", b.local():
		return c.ID == rebooted
	case b.outcome().handoff.Kind != "" && b.outcome().said.Kind == "":
		return c.despite
	}
	return true
}

// findings are those of some causes that fit, the surest first.
func (b *Boot) findings(open func(Cause) bool) (all []Finding) {
	for _, c := range Causes() {
		if !open(c) {
			continue
		}
		f := c.find(b)
		if f == nil || c.ID == gaveUp && len(all) > 0 {
			continue
		}
		text := f.text
		if b.outcome().said.Kind != "" && !slices.ContainsFunc(f.by, func(e event.Event) bool { return e.Kind == event.Error }) {
			text += fmt.Sprintf(" (the guest: %s)", b.outcome().said.Text)
		}
		f.by = slices.DeleteFunc(f.by, func(e event.Event) bool { return e.Kind == "" })
		all = append(all, Finding{c.ID, f.sure, text, c.Fix, f.by})
	}
	rank := map[Sure]int{Certain: 0, Likely: 1, Possible: 2}
	slices.SortStableFunc(all, func(x, y Finding) int { return rank[x.Sure] - rank[y.Sure] })
	return all
}
