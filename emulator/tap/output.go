package tap

import (
	"bytes"
	"io"
	"strings"

	"github.com/bootrig/bootrig/emulator/internal/tail"
)

// stream is one of the two streams of a process: what it writes goes to the lines and on to w.
type stream struct {
	out  *tail.Lines
	w    io.Writer // may be nil
	part []byte    // a line without its end
}

func (s *stream) Write(p []byte) (int, error) {
	s.part = append(s.part, p...)
	for {
		line, rest, found := bytes.Cut(s.part, []byte("\n"))
		if !found {
			break
		}
		s.out.Add(strings.TrimSuffix(string(line), "\r"))
		s.part = rest
	}
	if s.w == nil {
		return len(p), nil
	}
	return s.w.Write(p)
}

// flush gives a last line that had no end.
func (s *stream) flush() {
	if len(s.part) > 0 {
		s.out.Add(string(s.part))
		s.part = nil
	}
}
