package trial

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/bootrig/bootrig/internal/teller"
	"github.com/bootrig/bootrig/internal/verdict"
	"github.com/bootrig/bootrig/wire/event"
)

// A Column is what one machine was answered, and how that ended: in a trial, or in a capture.
type Column struct {
	Name  string
	Facts []event.Event
	Story verdict.Story
}

// Column is the trial as one.
func (t *Trial) Column() Column { return Column{t.Profile, t.Facts, t.Story} }

// A Row is one thing that machines are answered.
type Row struct {
	What    string   `json:"what"`
	Values  []string `json:"values"` // one for each column; "": nothing
	Differs bool     `json:"differs"`
}

// A Table holds machines against each other.
type Table struct {
	Columns []string `json:"columns"`
	Rows    []Row    `json:"rows"`
}

// Compare makes one. Addresses that were given are not compared, nor how long it took.
func Compare(columns ...Column) Table {
	var t Table
	for _, row := range rows() {
		t.Rows = append(t.Rows, Row{What: row.what})
	}
	for _, c := range columns {
		t.Columns = append(t.Columns, c.Name)
		facts := firmwares(c.Facts)
		for i, row := range rows() {
			value := row.of(facts)
			if row.what == "ends" {
				value = c.Story.ID
			}
			r := &t.Rows[i]
			r.Values = append(r.Values, value)
			r.Differs = r.Differs || value != r.Values[0]
		}
	}
	return t
}

// Differs tells whether the machines were answered differently.
func (t Table) Differs() bool {
	return slices.ContainsFunc(t.Rows, func(r Row) bool { return r.Differs })
}

// Tell tells it to people: a line with ! is one in which they differ.
func (t Table) Tell(w io.Writer) error {
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	write := func(mark, what string, values []string) {
		fmt.Fprintf(out, "%s %s", mark, what)
		for _, v := range values {
			fmt.Fprintf(out, "\t%s", teller.Clean(cmp.Or(v, "-")))
		}
		fmt.Fprintln(out)
	}
	write(" ", "", t.Columns)
	for _, r := range t.Rows {
		mark := " "
		if r.Differs {
			mark = "!"
		}
		write(mark, r.What, r.Values)
	}
	return out.Flush()
}

// firmwares are the facts of the firmware alone: what follows its first file is of the program in that.
func firmwares(facts []event.Event) []event.Event {
	for i, e := range facts {
		if fetched(e) != "" {
			return facts[:i+1]
		}
	}
	return facts
}

// fetched is how a file ended, "" of other facts and of the question how large it is.
func fetched(e event.Event) string {
	switch e.Kind {
	case event.Got:
		return fmt.Sprintf("%s, %d bytes", e.Path, e.Bytes)
	case event.Miss:
		return e.Path + " is not there"
	case event.TFTPError:
		return fmt.Sprintf("%s: ERROR %d %s", e.Path, e.Code, e.Text)
	case event.HTTPResponse:
		if e.Attr("method") != "HEAD" {
			return fmt.Sprintf("%s: HTTP %d", e.Path, e.Code)
		}
	}
	return ""
}

// rows are what is compared.
func rows() []struct {
	what string
	of   func([]event.Event) string
} {
	type facts = []event.Event
	boots := func(e event.Event) bool { return e.Kind == event.Offer && (isPXE(e.Attr("class")) || e.Path != "") }
	return []struct {
		what string
		of   func(facts) string
	}{
		{"DHCP servers", func(f facts) string {
			return all(f, func(e event.Event) bool { return e.Kind == event.Offer && e.Attr("yiaddr") != "" }, from)
		}},
		{"boot servers", func(f facts) string { return all(f, boots, from) }},
		{"option 60", func(f facts) string { return all(f, boots, attr("class")) }},
		{"option 43", func(f facts) string { return all(f, boots, attr("vendor")) }},
		{"port 4011", port4011},
		{"boot file", func(f facts) string { return all(f, names, func(e event.Event) string { return e.Path }) }},
		{"siaddr", func(f facts) string { return all(f, names, attr("siaddr")) }},
		{"fetched", func(f facts) string {
			return all(f, func(event.Event) bool { return true }, fetched)
		}},
		{"ends", func(facts) string { return "" }},
	}
}

// names tells an answer with a boot file.
func names(e event.Event) bool {
	return e.Path != "" && slices.Contains([]event.Kind{event.Offer, event.Ack, event.ProxyAck, event.BootAck}, e.Kind)
}

func from(e event.Event) string { return cmp.Or(e.Attr("server"), e.Peer.Addr().String()) }

func attr(name string) func(event.Event) string {
	return func(e event.Event) string { return e.Attr(name) }
}

// all are the values of facts, each once and in order: who answers first is chance.
func all(facts []event.Event, which func(event.Event) bool, value func(event.Event) string) string {
	var values []string
	for _, e := range facts {
		if v := value(e); which(e) && v != "" {
			values = append(values, v)
		}
	}
	slices.Sort(values)
	return strings.Join(slices.Compact(values), ", ")
}

// port4011 is what became of questions there.
func port4011(facts []event.Event) string {
	says := ""
	for _, e := range facts {
		switch e.Kind {
		case event.ProxyRequest, event.BootRequest:
			says = cmp.Or(says, "silent")
		case event.ProxyAck, event.BootAck:
			says = "answers"
		}
	}
	return says
}
