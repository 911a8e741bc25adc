package teller

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"sync"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/bootrig/bootrig/wire/event"
)

// JSON prints facts and other values for programs, one on each line. It is an event.Recorder, and safe
// for concurrent use.
type JSON struct {
	W io.Writer

	mu  sync.Mutex
	seq uint64
}

// Record prints one fact, numbered from 1.
func (j *JSON) Record(e event.Event) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.seq++
	e.Seq = j.seq
	_ = j.print(e) // nobody is left to tell
}

// Print prints any value. Programs' output is shown on terminals too: what does not print is escaped there
// as Clean does, in JSON's own way.
func (j *JSON) Print(value any) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.print(value)
}

func (j *JSON) print(value any) error {
	data, err := json.Marshal(value)
	if err != nil {
		return err
	}
	_, err = j.W.Write(append(escaped(data), '\n'))
	return err
}

// escaped escapes what encoding/json leaves: it cares for C0 controls and bytes that are no UTF-8, not for
// DEL, C1 controls and what turns the direction of text. Only strings hold such characters.
func escaped(data []byte) []byte {
	out := make([]byte, 0, len(data)+1)
	for len(data) > 0 {
		r, n := utf8.DecodeRune(data)
		switch high, low := utf16.EncodeRune(r); {
		case strconv.IsPrint(r):
			out = append(out, data[:n]...)
		case high != utf8.RuneError:
			out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
		data = data[n:]
	}
	return out
}
