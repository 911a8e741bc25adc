package page

import (
	"fmt"
	"net/netip"
	"slices"
	"time"

	"github.com/bootrig/bootrig/internal/teller"
	"github.com/bootrig/bootrig/scenarios/runner"
	"github.com/bootrig/bootrig/wire/event"
)

// A lane is somebody who sends and hears.
type lane struct {
	Name string
	addr netip.Addr
	Left float64 // where it is drawn, in percent
}

// A row is a message, or a note of what somebody did by himself.
type row struct {
	time     time.Time
	At       string
	From, To string
	Left     float64 // of the arrow, or the note
	Width    float64
	Back     bool // from right to left
	Note     bool
	Mark     string // of a fault; with a word, since colour alone tells nobody
	Text     string
	Why      string   // the server's own reason
	Names    []string // that are not there
	times    int      // how often it was sent
}

// maxLanes is for the guest, a house, a server, and others.
const maxLanes = 6

// lanes are those that a guest talks to. House and server stand where people look for them.
func lanes(g runner.Guest, facts []event.Event) []lane {
	all := []lane{{Name: g.Name}}
	if g.House.IsValid() {
		all = append(all, lane{Name: "house", addr: g.House})
	}
	all = append(all, lane{Name: "server", addr: g.Server})
	for _, e := range facts {
		addr := e.Peer.Addr()
		if e.Client != g.Name || e.Source != "wire" || !addr.IsValid() || everybody(addr) || len(all) == maxLanes {
			continue
		}
		if !slices.ContainsFunc(all, func(l lane) bool { return l.addr == addr }) {
			all = append(all, lane{Name: addr.String(), addr: addr})
		}
	}
	for n := range all {
		all[n].Left = percent((float64(n) + 0.5) / float64(len(all)))
	}
	return all
}

// everybody tells an address that many hear.
func everybody(addr netip.Addr) bool {
	return addr.IsMulticast() || addr == netip.AddrFrom4([4]byte{255, 255, 255, 255})
}

// maxRows is how many rows are shown, and maxBegin how many of them are the first.
const (
	maxRows  = 400
	maxBegin = 300
)

// sequence tells a boot message by message.
func sequence(lanes []lane, facts []event.Event, faults []fault, g runner.Guest, began time.Time) (rows []row, cut string) {
	f := folder{lanes: lanes, facts: facts, server: g.Server, ended: map[uint64]event.Kind{}, since: map[uint64]time.Time{}}
	for _, e := range facts {
		switch e.Kind {
		case event.Got, event.Miss, event.TFTPError, event.Abort:
			if e.Source == "wire" {
				f.ended[e.Xfer] = e.Kind
			}
		}
	}
	for _, e := range facts {
		f.take(e)
	}
	for _, fault := range faults {
		if fault.concerns(g.Name) {
			f.rows = append(f.rows, fault.rows(began)...)
		}
	}
	slices.SortStableFunc(f.rows, func(a, b row) int { return a.time.Compare(b.time) })
	for n := range f.rows {
		f.finish(&f.rows[n], began)
	}
	rows = f.rows
	if more := len(rows) - maxRows; more > 0 {
		cut = fmt.Sprintf("%d rows are left out behind the first %d; the packets that the run left have them", more, maxBegin)
		rows = append(rows[:maxBegin:maxBegin], rows[maxBegin+more:]...)
	}
	return rows, cut
}

// finish settles what a row's place in the whole decides.
func (f *folder) finish(r *row, began time.Time) {
	r.At = since(began, r.time)
	if r.times > 1 {
		r.Text += fmt.Sprintf(" (%d times)", r.times)
	}
	if n := len(r.Names); n > 1 {
		r.Text = fmt.Sprintf("asks for %d names that are not there", n)
	} else {
		r.Names = nil
	}
	if r.Note && r.From == "" {
		r.From, r.Left = f.lanes[0].Name, f.lanes[0].Left
	}
}

// arrow draws a message.
func arrow(r *row, from, to lane) {
	r.From, r.To = from.Name, to.Name
	r.Left, r.Width, r.Back = min(from.Left, to.Left), max(from.Left, to.Left)-min(from.Left, to.Left), to.Left < from.Left
}

// words are what a row says of a fact.
func words(e event.Event) string { return short(teller.Words(e)) }

// percent is a share with as many digits as a screen has.
func percent(share float64) float64 { return float64(int(share*1e4+0.5)) / 100 }
