package logs_test

import (
	"log/slog"
	"os"
	"time"

	"github.com/bootrig/bootrig/server/logs"
	"github.com/bootrig/bootrig/wire/event"
)

// A server is given the log of the program that it is part of: server.Config{Events: events}.
func Example() {
	logger := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: withoutTime}))
	events := logs.To(logger)
	defer events.Flush()

	now := time.Date(2026, 1, 2, 15, 4, 5, 0, time.UTC)
	events.Record(event.Event{Time: now, Kind: event.Got, Client: "52:54:00:12:34:56", Path: "pxelinux.0", Bytes: 42430})
	for range 6 {
		events.Record(event.Event{Time: now, Kind: event.Miss, Client: "52:54:00:12:34:56", Path: "a\x1b[2J", Rule: "a.conf:7"})
	}
	// Output:
	// level=INFO msg="got pxelinux.0, 42 kB" kind=got client=52:54:00:12:34:56 path=pxelinux.0 bytes=42430
	// level=WARN msg="asked for a\\x1b[2J, which is not there (a.conf:7)" kind=miss client=52:54:00:12:34:56 path=a\x1b[2J rule=a.conf:7
	// level=WARN msg="asked for a\\x1b[2J, which is not there (a.conf:7)" kind=miss client=52:54:00:12:34:56 path=a\x1b[2J rule=a.conf:7
	// level=WARN msg="asked for a\\x1b[2J, which is not there (a.conf:7)" kind=miss client=52:54:00:12:34:56 path=a\x1b[2J rule=a.conf:7
	// level=WARN msg="asked for a\\x1b[2J, which is not there (a.conf:7)" kind=miss client=52:54:00:12:34:56 path=a\x1b[2J rule=a.conf:7
	// level=WARN msg="asked for a\\x1b[2J, which is not there (a.conf:7): 2 times more in 1s" kind=miss client=52:54:00:12:34:56 path=a\x1b[2J rule=a.conf:7 repeated=2 within=1s
}

func withoutTime(_ []string, a slog.Attr) slog.Attr {
	if a.Key == slog.TimeKey {
		return slog.Attr{}
	}
	return a
}
