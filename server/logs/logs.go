// Package logs tells a server's facts to log/slog, as `bootrig serve --log json` does: in words, with a level and
// the fields of each fact.
//
// A fault is an error; silences, files that are not there and transfers that end early are warnings; each step of a
// boot is information. A Logger that is enabled for slog.LevelDebug is told every fact. Else the names that a boot
// program tries for its configuration are one record, and what repeats is counted: after four times the fact comes
// with "repeated" and "within", and of more than a thousand records of one kind in a minute the rest is counted too.
// Whatever a client sent is escaped, and cut where it is too long.
package logs

import (
	"context"
	"log/slog"

	"github.com/bootrig/bootrig/internal/teller"
	"github.com/bootrig/bootrig/wire/event"
)

// A Log takes facts. It is an event.Recorder, and safe for concurrent use.
type Log struct{ printer teller.Printer }

// To makes a Log that tells a logger. The server waits for its handler: one that is slow wants a queue.
func To(logger *slog.Logger) *Log {
	h := logger.Handler()
	return &Log{teller.Printer{Handler: h, Sparing: true, Verbose: h.Enabled(context.Background(), slog.LevelDebug)}}
}

// Record tells a fact.
func (l *Log) Record(e event.Event) { l.printer.Record(e) }

// Flush tells what is still counted. There are no timers: a count is told with the first fact after its time, or now.
func (l *Log) Flush() { l.printer.Flush() }
