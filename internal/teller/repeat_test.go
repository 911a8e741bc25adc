package teller

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/bootrig/bootrig/wire/event"
)

// discovers are a question and its answer from a machine, n times.
func discovers(n int, every time.Duration, client func(int) string) (moments []moment) {
	for i := range n {
		e := event.Event{Client: client(i), Path: "pxelinux.0", Rule: "a.conf:5"}
		moments = append(moments, moment{every, server(event.Discover, event.Event{Client: e.Client, Attrs: "class=PXEClient"})}, moment{none, server(event.Offer, e)})
	}
	return moments
}

func one(int) string { return card }

// of is one of so many machines.
func of(n int) func(int) string {
	return func(i int) string { return fmt.Sprintf("52:54:00:%02x:%02x:%02x", i%n>>16, i%n>>8&0xff, i%n&0xff) }
}

func lines(text string) int { return strings.Count(text, "\n") }

func TestWhatComesAgainAndAgainIsCounted(t *testing.T) {
	change := moment{none, event.Event{Kind: event.Change, Source: "server", Text: "tftp-root"}}
	const offer = " OFFER file pxelinux.0 (a.conf:5)"
	for _, c := range []struct {
		says    string
		moments []moment
		want    string
	}{
		{"four times is not often", discovers(4, time.Second, one)[1:], `
15:04:05 C OFFER
15:04:06 C DISCOVER PXEClient
15:04:06 C OFFER
15:04:07 C DISCOVER PXEClient
15:04:07 C OFFER
15:04:08 C DISCOVER PXEClient
15:04:08 C OFFER
`},
		{"more is told once in a time that doubles", only(event.Offer, discovers(30, time.Second, one)), `
15:04:06 C OFFER
15:04:07 C OFFER
15:04:08 C OFFER
15:04:09 C OFFER
15:04:11 C OFFER: once more in 4s
15:04:11 C OFFER
15:04:21 C OFFER: 9 times more in 9s
15:04:21 C OFFER
15:04:35 C OFFER: 14 times more in 14s
`},
		{"boots that are minutes apart are told, with fewer of what each does often", only(event.Offer, discovers(12, time.Minute, one))[:3], `
15:05:05 C OFFER
15:06:05 C OFFER
15:07:05 C OFFER
`},
		{"after a change all is new", append(append(only(event.Offer, discovers(9, time.Second/10, one)), change), only(event.Offer, discovers(1, time.Second/10, one))...), `
15:04:05 C OFFER
15:04:05 C OFFER
15:04:05 C OFFER
15:04:05 C OFFER
15:04:05 C OFFER: 5 times more in 1s
15:04:05 -                 change: tftp-root
15:04:06 C OFFER
`},
		{"a file that came in another time is the same", []moment{
			{none, server(event.RRQ, event.Event{Xfer: 1, Path: "a"})}, {half, server(event.Got, event.Event{Xfer: 1, Path: "a", Bytes: 5})},
			{none, server(event.Got, event.Event{Path: "b", Xfer: 2})},
			{none, server(event.Got, event.Event{Path: "a", Xfer: 3})}, {none, server(event.Got, event.Event{Path: "a", Xfer: 4})},
			{none, server(event.Got, event.Event{Path: "a", Xfer: 5})}, {none, server(event.Got, event.Event{Path: "a", Xfer: 6})},
		}, `
15:04:05 C got a, 5 bytes in 0.5s
15:04:05 C got b, 0 bytes
15:04:05 C got a, 0 bytes
15:04:05 C got a, 0 bytes
15:04:05 C got a, 0 bytes
15:04:05 C got a, 5 bytes in 0.5s: once more in 1s
`},
	} {
		got := strings.ReplaceAll(strings.ReplaceAll(told(&Printer{Sparing: true}, c.moments...), card, "C"), offer, " OFFER")
		t.Run(c.says, func(t *testing.T) { differs(t, c.want, got) })
	}
}

// only are the facts of one kind, and as late as they were.
func only(k event.Kind, moments []moment) (some []moment) {
	var late time.Duration
	for _, m := range moments {
		if late += m.after; m.Kind == k {
			some = append(some, moment{late, m.Event})
			late = 0
		}
	}
	return some
}

// Nobody fills a disk: not one machine that boots all day, and not a flood of questions.
func TestAFloodIsAFewLines(t *testing.T) {
	const flood, short = 100_000, 10_000
	for _, c := range []struct {
		says    string
		moments []moment
		most    int
	}{
		{"one machine asks 10,000 times a second", discovers(short, time.Second/10_000, one), 20},
		{"10,000 machines do", discovers(flood, time.Second/10_000, of(10_000)), 2 * (1000 + 1)},
		{"machines that never come again do", discovers(short, time.Second/10_000, of(short)), 2 * (1000 + 1)},
		{"they do for 20 minutes, which is five windows", discovers(3*short, 20*time.Minute/(3*short), of(3*short)), 2 * 5 * (1000 + 1)},
		{"a machine boots every 40 seconds, all day", discovers(24*60*60/40, 40*time.Second, one), 2 * (24*60/10*2 + 20)},
	} {
		p := &Printer{Sparing: true}
		if n := lines(told(p, c.moments...)); n > c.most {
			t.Errorf("%s: %d lines of %d, want at most %d", c.says, n, len(c.moments), c.most)
		}
		if n := len(p.lines.byKey) + len(p.lines.next) + len(p.many.byKey); n != 0 {
			t.Errorf("%s: after Flush %d are remembered", c.says, n)
		}
	}
}

func TestWhatIsRememberedOfAFloodIsBounded(t *testing.T) {
	for _, c := range []struct {
		says  string
		kinds int
		want  int
	}{
		{"of one kind it is what is told", 1, perKind().first},
		{"many kinds are many lines", 20, perLine().most},
	} {
		p := &Printer{Sparing: true}
		var out strings.Builder
		p.W = &out
		most := 0
		for i := range 10_000 {
			kind := event.Kind(fmt.Sprint("kind", i%c.kinds))
			p.Record(event.Event{Time: start.Add(time.Duration(i) * time.Millisecond), Kind: kind, Client: of(10_000)(i)})
			most = max(most, len(p.lines.byKey), len(p.lines.next))
		}
		if most != c.want {
			t.Errorf("%s: %d are remembered, want %d", c.says, most, c.want)
		}
		p.Flush()
		left := "15:04:14 -                 9000 lines more of kind kind0 in 10s are left out\n"
		if told := strings.HasSuffix(out.String(), left); told != (c.kinds == 1) {
			t.Errorf("%s: the last lines are %s", c.says, out.String()[max(0, out.Len()-300):])
		}
	}
}

func TestVerboseIsNotSparing(t *testing.T) {
	if got := lines(told(&Printer{Sparing: true, Verbose: true}, discovers(50, 0, one)...)); got != 100 {
		t.Errorf("%d lines, want 100", got)
	}
}
