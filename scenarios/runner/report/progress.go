package report

import (
	"fmt"
	"time"

	"github.com/bootrig/bootrig/wire/event"
)

// tellEvery is how many bytes pass between two lines about a file where there is no terminal.
const tellEvery = 8 << 20

// transfer finds or begins the transfer a fact belongs to.
func (s *Story) transfer(e event.Event) *transfer {
	key := fileKey{e.Client, e.Path}
	t := s.files[key]
	if t == nil || e.Kind == event.RRQ {
		t = &transfer{since: e.Time}
		s.files[key] = t
	}
	return t
}

// progress tells how far a file is.
func (s *Story) progress(e event.Event) {
	t := s.transfer(e)
	text := "getting " + e.Path + ", " + event.Size(e.Bytes)
	if t.size > 0 {
		text += " of " + event.Size(t.size)
	}
	switch {
	case s.Terminal:
		fmt.Fprintf(s.W, "\r\x1b[K%s%7.2fs  %-6s %s", s.Prefix, e.Time.Sub(s.start).Seconds(), e.Client, text)
		s.over = true
	case e.Bytes-t.told >= tellEvery:
		t.told = e.Bytes
		s.line(e, text)
	}
}

// took is how long a file needed, where that is worth a word.
func (s *Story) took(e event.Event) string {
	t := s.files[fileKey{e.Client, e.Path}]
	if t == nil {
		return ""
	}
	delete(s.files, fileKey{e.Client, e.Path})
	d := e.Time.Sub(t.since)
	if d < 100*time.Millisecond {
		return ""
	}
	return fmt.Sprintf(" in %.1fs", d.Seconds())
}
