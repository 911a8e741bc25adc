package matrix

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/bootrig/bootrig/internal/teller"
	"github.com/bootrig/bootrig/scenarios/runner"
)

// A Record is what became of a row with a server.
type Record struct {
	Row
	Server  string         `json:"server"`
	Outcome runner.Outcome `json:"outcome"`
	Why     string         `json:"why,omitempty"` // it did not boot
	Elapsed time.Duration  `json:"elapsed"`
}

// Of is the record of a result.
func Of(row Row, server string, r runner.Result) Record {
	return Record{Row: row, Server: server, Outcome: r.Outcome, Why: why(r), Elapsed: r.Elapsed}
}

// why is the cause where one is known, else what was waited for in vain.
func why(r runner.Result) string {
	text := r.Reason
	if f := r.Failure; f != nil {
		text = f.Cause
		if text == "" {
			text = f.Step + ": " + f.Reason
		}
	}
	text, _, _ = strings.Cut(text, "\n")
	return text
}

// String tells it in a line.
func (r Record) String() string {
	text := fmt.Sprintf("%s, server %s: %s in %.1f s", r.Row, r.Server, r.Outcome, r.Elapsed.Seconds())
	if r.Why != "" {
		text += ": " + teller.Clean(r.Why)
	}
	return text
}

// Read reads records, a line of JSON each. A line that was cut off in the middle is the last.
func Read(data []byte) ([]Record, error) {
	var list []Record
	lines := json.NewDecoder(bytes.NewReader(data))
	for {
		var r Record
		switch err := lines.Decode(&r); {
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return list, nil
		case err != nil:
			return nil, fmt.Errorf("record %d: %w", len(list)+1, err)
		}
		list = append(list, r)
	}
}

// Find is the record of a row with a server.
func Find(list []Record, row Row, server string) (Record, bool) {
	i := slices.IndexFunc(list, func(r Record) bool { return r.Row == row && r.Server == server })
	if i < 0 {
		return Record{}, false
	}
	return list[i], true
}
