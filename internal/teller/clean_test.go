package teller

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/bootrig/bootrig/wire/event"
)

func TestWhatAClientSentIsHarmless(t *testing.T) {
	for _, c := range []struct{ says, text, want, json string }{
		{"a plain name", "pxelinux.0", "pxelinux.0", `pxelinux.0`},
		{"letters of any language", "größe 大きさ", "größe 大きさ", `größe 大きさ`},
		{"a new line that fakes a fact", "a\n15:04:05 ok", `a\n15:04:05 ok`, `a\n15:04:05 ok`},
		{"a carriage return", "a\rb", `a\rb`, `a\rb`},
		{"an escape sequence", "\x1b[2J\x1b]0;title\a", `\x1b[2J\x1b]0;title\a`, `\u001b[2J\u001b]0;title\u0007`},
		{"its C1 twin", "\u009b2J", `\u009b2J`, `\u009b2J`},
		{"DEL and backspace", "a\x7f\b", `a\x7f\b`, `a\u007f\b`},
		{"bytes that are no UTF-8", "a\xff\xc3", `a\xff\xc3`, `a\ufffd\ufffd`},
		{"the other direction", "a\u202egnp.0", `a\u202egnp.0`, `a\u202egnp.0`},
		{"isolated directions", "\u2066a\u2069", `\u2066a\u2069`, `\u2066a\u2069`},
		{"invisible characters", "a\u200b\ufeffb", `a\u200b\ufeffb`, `a\u200b\ufeffb`},
		{"lines of Unicode", "a\u2028b\u2029c\u0085", `a\u2028b\u2029c\u0085`, `a\u2028b\u2029c\u0085`},
		{"a tag beyond the first plane", "\U000e0041", `\U000e0041`, `\udb40\udc41`},
		{"NUL", "a\x00b", `a\x00b`, `a\u0000b`},
		{"a backslash", `boot\x64\wdsnbp.com`, `boot\x64\wdsnbp.com`, `boot\\x64\\wdsnbp.com`},
		{"a quote", `'a'`, `'a'`, `'a'`},
	} {
		if got := Clean(c.text); got != c.want {
			t.Errorf("%s: Clean(%q) = %q, want %q", c.says, c.text, got, c.want)
		}
		var out bytes.Buffer
		if err := (&JSON{W: &out}).Print(c.text); err != nil {
			t.Fatal(err)
		}
		if got := strings.Trim(strings.TrimSpace(out.String()), `"`); got != c.json {
			t.Errorf("%s: JSON of %q is %s, want %s", c.says, c.text, got, c.json)
		}
	}
}

func TestALongTextIsCut(t *testing.T) {
	for _, text := range []string{strings.Repeat("a", 70_000), strings.Repeat("ö", 70_000)} {
		got := told(&Printer{}, moment{none, server(event.Ready, event.Event{Text: text})})
		if len(got) > maxText+100 || !utf8.ValidString(got) || !strings.HasSuffix(got, "...\n") {
			t.Errorf("%d bytes, valid UTF-8: %t", len(got), utf8.ValidString(got))
		}
		all := records(t, &Printer{}, moment{none, server(event.Miss, event.Event{Path: text})})
		if path := all[0]["path"].(string); len(path) > maxText+3 || !strings.HasSuffix(path, "...") {
			t.Errorf("a field has %d bytes", len(path))
		}
	}
}

// Whatever a fact holds, a line is a line: it begins with prefix and time, and what it holds prints.
func FuzzPrinter(f *testing.F) {
	for i, kind := range event.Kinds() {
		f.Add(string(kind), i%2 == 0, i%3 == 0, "pc", "pxelinux.cfg/C0A80964", "options=\"tsize 7\"", "a\ntext\x1b", "r:1", uint64(i), int64(i))
	}
	f.Add("miss", false, true, "pc\u202e", "a\u202e\u009b\xff", "cl\u202eass=\"PXE\u009bClient\"", "\u2066", "r:1\u2028", uint64(1), int64(1))
	f.Fuzz(func(t *testing.T, kind string, witnessed, verbose bool, client, path, attrs, text, rule string, xfer uint64, n int64) {
		e := event.Event{
			Kind: event.Kind(kind), Source: "server", Client: client, Path: path, Attrs: event.Attributes(attrs), Text: text, Rule: rule, Xfer: xfer, Bytes: n,
			Code: int(n), Time: start.Add(time.Duration(n)),
		}
		all := &slog.HandlerOptions{Level: slog.LevelDebug}
		for prefix, handler := range map[string]func(io.Writer) slog.Handler{
			"> ":      func(io.Writer) slog.Handler { return nil },
			"time=":   func(w io.Writer) slog.Handler { return slog.NewTextHandler(w, all) },
			`{"time"`: func(w io.Writer) slog.Handler { return slog.NewJSONHandler(w, all) },
		} {
			var out strings.Builder
			p := &Printer{W: &out, Prefix: "> ", Handler: handler(&out), Witnessed: witnessed, Verbose: verbose, Sparing: true}
			for i := range 6 {
				e.Source = []string{"server", "wire"}[i%2]
				p.Record(e)
			}
			p.Flush()
			for line := range strings.Lines(out.String()) {
				body, whole := strings.CutSuffix(line, "\n")
				if !whole || !strings.HasPrefix(line, prefix) || strings.ContainsFunc(body, unprintable) || !utf8.ValidString(body) {
					t.Errorf("%+v is told as %q", e, line)
				}
			}
		}
	})
}

func unprintable(r rune) bool { return !strconv.IsPrint(r) }

// JSON holds what a fact held, but for bytes that are no UTF-8, and prints.
func FuzzJSON(f *testing.F) {
	f.Add("pc", "a\u202e\x1b\u009b\U000e0041", "PXEClient")
	f.Add("\xff", "\u2028<>&", "a\x1b\xffb")
	f.Fuzz(func(t *testing.T, client, path, class string) {
		e := event.Event{Kind: event.RRQ, Time: start, Client: client, Path: path, Attrs: event.Attrs("class", class)}
		var out bytes.Buffer
		(&JSON{W: &out}).Record(e)
		line, whole := strings.CutSuffix(out.String(), "\n")
		if !whole || strings.ContainsFunc(line, unprintable) || !utf8.ValidString(line) {
			t.Fatalf("%+v is %q", e, out.String())
		}
		var back event.Event
		if err := json.Unmarshal([]byte(line), &back); err != nil {
			t.Fatal(err)
		}
		e.Seq = 1
		valid := func(s string) string { return string([]rune(s)) }
		if e.Client, e.Path, e.Attrs = valid(client), valid(path), event.Attrs("class", valid(class)); back != e {
			t.Errorf("got %+v, want %+v", back, e)
		}
	})
}
