package teller

import (
	"log/slog"

	"github.com/bootrig/bootrig/wire/event"
)

// level is how much a fact matters: an error is ours to mend, a warning is a machine that may not boot, and what
// only Verbose tells is for who debugs.
func level(e event.Event, t *transfer) slog.Level {
	switch e.Kind {
	case event.Fault, event.Error:
		return slog.LevelError
	case event.Nak, event.Decline, event.Conflict, event.Miss, event.TFTPError, event.Unreachable, event.Waiting:
		return slog.LevelWarn
	case event.Abort:
		if !sizeProbe(e, t) {
			return slog.LevelWarn
		}
		return slog.LevelDebug
	case event.Ignore:
		if e.Attr("usual") == "" {
			return slog.LevelWarn
		}
		return slog.LevelDebug
	case event.Heard:
		if usual(e) {
			return slog.LevelDebug
		}
		return slog.LevelWarn
	case event.Verdict:
		if e.Attr("fix") != "" {
			return slog.LevelWarn
		}
	case event.HTTPResponse:
		if e.Code >= 400 { // RFC 9110, 15.5 and 15.6
			return slog.LevelWarn
		}
	}
	if kinds[e.Kind].with != "" {
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

// priority is a level as a service manager reads it before a line (sd-daemon(3)).
func priority(l slog.Level) int {
	switch {
	case l >= slog.LevelError:
		return 3
	case l >= slog.LevelWarn:
		return 4
	case l >= slog.LevelInfo:
		return 6
	}
	return 7
}
