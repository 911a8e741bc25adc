package page

import (
	"fmt"
	"time"

	"github.com/bootrig/bootrig/internal/teller"
	"github.com/bootrig/bootrig/wire/event"
)

// A bar is a file on its way, over the time of the boot.
type bar struct {
	Name        string
	Left, Width float64 // in percent of the whole time
	Text        string
	Mark        string // what went wrong
	Again       []tick // when something was sent again
	from, to    time.Time
	bytes       int64
	http        bool
	missing     bool
}

// A tick is a time on an axis.
type tick struct {
	Left float64
	Text string
}

// maxBars is how many files are shown.
const maxBars = 120

// bars are the files that a guest asked for. Names that are not there took no time.
func bars(facts []event.Event, began time.Time) (shown []bar, cut string, axis []tick) {
	all := transfers(facts)
	missing := 0
	for _, b := range all {
		if b.missing {
			missing++
			continue
		}
		shown = append(shown, *b)
	}
	if len(shown) == 0 {
		return nil, "", nil
	}
	if more := len(shown) - maxBars; more > 0 {
		shown, cut = shown[:maxBars], fmt.Sprintf("%d files more are left out. ", more)
	}
	if missing > 0 {
		cut += fmt.Sprintf("%d names were asked for that are not there.", missing)
	}
	end := began
	for _, e := range facts {
		if e.Source != "server" {
			end = e.Time
		}
	}
	whole := max(end.Sub(began), time.Microsecond)
	share := func(t time.Time) float64 { return percent(min(max(float64(t.Sub(began))/float64(whole), 0), 1)) }
	for n := range shown {
		b := &shown[n]
		b.Left, b.Width = share(b.from), share(b.to)-share(b.from)
		b.Text += fmt.Sprintf("%s in %s", event.Size(b.bytes), brief(b.to.Sub(b.from)))
		for k := range b.Again {
			b.Again[k].Left = share(b.from.Add(time.Duration(b.Again[k].Left)))
		}
	}
	for quarter := range 5 {
		at := began.Add(whole * time.Duration(quarter) / 4)
		axis = append(axis, tick{25 * float64(quarter), since(began, at) + " s"})
	}
	return shown, cut, axis
}

// transfers follows files by TFTP, and by HTTP: of these the witness sees where the answer begins, and our server says
// when it was sent.
func transfers(facts []event.Event) (all []*bar) {
	open, fetched := map[uint64]*bar{}, map[string]*bar{}
	begin := func(e event.Event) *bar {
		b := &bar{Name: short(teller.Clean(e.Path)), from: e.Time, to: e.Time, Mark: "not finished", http: e.Kind == event.HTTPRequest}
		all = append(all, b)
		return b
	}
	for _, e := range facts {
		http := e.Kind == event.HTTPRequest || e.Kind == event.HTTPResponse
		switch {
		case e.Source == "wire" && e.Kind == event.HTTPRequest:
			fetched[e.Path] = begin(e)
		case http && e.Kind == event.HTTPResponse && fetched[e.Path] != nil:
			fetched[e.Path].take(e)
		case e.Source != "wire" || e.Xfer == 0:
		case e.Kind == event.RRQ:
			open[e.Xfer] = begin(e)
		case open[e.Xfer] != nil:
			open[e.Xfer].take(e)
		}
	}
	return all
}

// maxAgain is how many retransmissions of a file are drawn.
const maxAgain = 40

// take takes a fact about a file.
func (b *bar) take(e event.Event) {
	b.bytes = max(b.bytes, e.Bytes)
	switch e.Kind {
	case event.Retry:
		if len(b.Again) < maxAgain {
			b.Again = append(b.Again, tick{Left: float64(e.Time.Sub(b.from))})
		}
	case event.Got:
		b.Mark = ""
	case event.Miss:
		b.missing = true
	case event.TFTPError:
		b.Mark = "refused"
	case event.Abort:
		if b.Mark = "stopped"; b.bytes == 0 && e.Attr("by") == "" {
			b.Mark = "asked for its size"
		}
	case event.HTTPResponse:
		b.Mark = ""
		if e.Code >= 400 { // RFC 9110, 15.5 and 15.6
			b.Mark = fmt.Sprintf("HTTP %d", e.Code)
		}
	}
	b.to = e.Time
}
