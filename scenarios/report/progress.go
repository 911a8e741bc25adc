package report

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/bootrig/bootrig/internal/event"
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
	text := "getting " + e.Path + ", " + bytesText(e.Bytes)
	if t.size > 0 {
		text += " of " + bytesText(t.size)
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

// size finds tsize in a TFTP option list.
func size(options string) int64 {
	words := strings.Fields(options)
	for i := 0; i+1 < len(words); i += 2 {
		if strings.EqualFold(words[i], "tsize") {
			n, _ := strconv.ParseInt(words[i+1], 10, 64)
			return n
		}
	}
	return 0
}

func bytesText(n int64) string {
	switch {
	case n < 10_000:
		return fmt.Sprintf("%d bytes", n)
	case n < 1_000_000:
		return fmt.Sprintf("%.0f kB", float64(n)/1e3)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}
