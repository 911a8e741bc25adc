package teller

import (
	"context"
	"fmt"
	"log/slog"
	"strconv"

	"github.com/bootrig/bootrig/wire/event"
)

// tells reports whether what matters so much is told.
func (p *Printer) tells(l slog.Level) bool { return p.Least == nil || l >= p.Least.Level() }

// line tells a fact, unless it matters too little or was told lately.
func (p *Printer) line(e event.Event, l slog.Level, text string) {
	switch {
	case !p.tells(l):
	case p.Sparing && !p.Verbose && !p.lines.admit(p.same(e, text), e, l, text):
	default:
		p.oneOfMany(e, l, text)
	}
}

// oneOfMany tells a line, unless too much was told of its kind.
func (p *Printer) oneOfMany(e event.Event, l slog.Level, text string, more ...slog.Attr) {
	if !p.Sparing || p.Verbose || p.many.admit(e.Kind, e, l, "") {
		p.write(e, l, text, more...)
	}
}

// floods tells whether enough was told of a kind, and counts the fact then: what nobody reads is not put into words.
func (p *Printer) floods(e event.Event, l slog.Level) bool {
	return p.Sparing && !p.Verbose && p.many.full(e.Kind) && !p.many.admit(e.Kind, e, l, "")
}

// same stands for all that is told alike: a file that comes again takes another time.
func (p *Printer) same(e event.Event, text string) digest {
	switch e.Kind {
	case event.Got, event.Abort, event.HTTPResponse:
		text = join(e.Path, strconv.Itoa(e.Code), e.Text)
	}
	return p.digest(string(e.Kind), e.Client, text)
}

// settleRepeats tells how often something came, when its time is over. When the configuration is another all is new.
func (p *Printer) settleRepeats(e event.Event) {
	p.lines.settle(e.Time)
	p.many.settle(e.Time)
	if e.Kind == event.Change {
		p.lines.flush()
		p.many.flush()
	}
}

// tellRepeat tells how often a line came.
func (p *Printer) tellRepeat(m *repeat[digest]) {
	e := m.fact
	e.Time = p.now
	p.oneOfMany(e, m.level, m.text+": "+m.often(), slog.Int("repeated", m.more), slog.Duration("within", m.within()))
}

// tellMany tells how many lines of a kind were left out.
func (p *Printer) tellMany(m *repeat[event.Kind]) {
	e := event.Event{Time: p.now, Kind: m.key, Source: m.fact.Source}
	text := fmt.Sprintf("%d lines more of kind %s in %s are left out", m.more, m.key, m.within())
	p.write(e, slog.LevelWarn, text, slog.Int("repeated", m.more), slog.Duration("within", m.within()))
}

// erase takes back what stands in the terminal's line.
const erase = "\r\x1b[K"

// write puts a line out.
func (p *Printer) write(e event.Event, l slog.Level, text string, more ...slog.Attr) {
	text = cut(Clean(text))
	if p.Handler != nil {
		ctx := context.Background()
		if p.Handler.Enabled(ctx, l) {
			r := slog.NewRecord(e.Time, l, text, 0)
			r.AddAttrs(append(fields(e), more...)...)
			_ = p.Handler.Handle(ctx, r) // nobody is left to tell
		}
		return
	}
	end := ""
	if p.over {
		end, p.over = erase, false
	}
	fmt.Fprintf(p.W, "%s%s\n", end, p.beginning(e, l)+text)
}

// beginning is what stands before the text: when, and who.
func (p *Printer) beginning(e event.Event, l slog.Level) string {
	client := Clean(e.Client)
	if client == "" {
		client = "-"
	}
	switch p.Clock {
	case Seconds:
		return fmt.Sprintf("%s%7.2fs  %-6s ", Clean(p.Prefix), e.Time.Sub(p.start).Seconds(), client)
	case Journal:
		return fmt.Sprintf("<%d>%s%-17s ", priority(l), Clean(p.Prefix), client)
	}
	return fmt.Sprintf("%s%s %-17s ", Clean(p.Prefix), e.Time.Format("15:04:05"), client)
}

// fields are what is known of a fact, for a program that reads a log: as harmless as its text, and as short.
func fields(e event.Event) (all []slog.Attr) {
	add := func(name, value string) {
		if value != "" {
			all = append(all, slog.String(name, cut(Clean(value))))
		}
	}
	count := func(name string, n int64) {
		if n != 0 {
			all = append(all, slog.Int64(name, n))
		}
	}
	add("kind", string(e.Kind))
	add("client", e.Client)
	if e.Peer.IsValid() {
		add("peer", e.Peer.String())
	}
	add("path", e.Path)
	count("bytes", e.Bytes)
	count("code", int64(e.Code))
	count("transfer", int64(e.Xfer))
	add("rule", e.Rule)
	add("reason", e.Text)
	outer := all
	all = nil
	for name, value := range e.Attrs.All() {
		add(Clean(name), value)
	}
	if len(all) > 0 {
		outer = append(outer, slog.Attr{Key: "attrs", Value: slog.GroupValue(all...)})
	}
	return outer
}

// outline is what is worth to be remembered of a fact.
func outline(e event.Event) event.Event {
	return event.Event{Kind: e.Kind, Source: e.Source, Client: cut(e.Client), Peer: e.Peer, Path: cut(e.Path), Rule: e.Rule, Code: e.Code}
}
