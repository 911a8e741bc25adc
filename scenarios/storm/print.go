package storm

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/bootrig/bootrig/internal/teller"
)

// Print tells a summary to people.
func (s Summary) Print(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%d clients: %d booted, %d of them with something sent again; %d lost", s.Clients, s.Completed, s.Retried, s.Lost)
	switch {
	case s.Lost > 0 && s.Impatient == s.Lost:
		b.WriteString(", each by the patience of its firmware")
	case s.Impatient > 0:
		fmt.Fprintf(&b, ", %d of them by the patience of their firmware", s.Impatient)
	}
	if s.Unended > 0 {
		fmt.Fprintf(&b, "; %d had not ended", s.Unended)
	}
	fmt.Fprintf(&b, "\nin %s, the longest storm %s of its own time\n", short(s.Elapsed), short(s.Span))
	if u := s.Server; u != nil {
		fmt.Fprintf(&b, "server: %s of processor time, %d MiB of memory at most\n", short(u.CPU), u.Memory>>20)
		if u.Ended != "" {
			fmt.Fprintf(&b, "server: it ended by itself: %s\n", teller.Clean(u.Ended))
		}
	}
	if len(s.Phases) > 0 {
		s.table(&b)
	}
	for _, r := range s.Reasons {
		r.print(&b)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (s Summary) table(b *strings.Builder) {
	t := tabwriter.NewWriter(b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(t, "\nphase\tboots\tp50\tp90\tp99\tmax\t\n")
	for _, q := range s.Phases {
		fmt.Fprintf(t, "%s\t%d\t%s\t%s\t%s\t%s\t\n", q.Phase, q.Boots, short(q.P50), short(q.P90), short(q.P99), short(q.Max))
	}
	_ = t.Flush() // to a Builder
}

func (r Reason) print(b *strings.Builder) {
	fmt.Fprintf(b, "\nlost: %d with %s: %s\n", r.Boots, r.Profile, teller.Clean(r.Text))
	if r.Cause != "" {
		fmt.Fprintf(b, "  cause:  %s\n", teller.Clean(r.Cause))
	}
	for _, boot := range r.First {
		if boot.Lost.Again == "" {
			fmt.Fprintf(b, "  client: %d, %s\n", boot.Client, boot.MAC)
			continue
		}
		fmt.Fprintf(b, "  again:  %s\n", boot.Lost.Again)
	}
	if more := r.Boots - len(r.First); more > 0 {
		fmt.Fprintf(b, "          and %d more, which --json names\n", more)
	}
}

// short is a time to three or four digits.
func short(d time.Duration) string {
	switch {
	case d >= 10*time.Second:
		return d.Round(100 * time.Millisecond).String()
	case d >= time.Second:
		return d.Round(10 * time.Millisecond).String()
	case d >= time.Millisecond:
		return d.Round(100 * time.Microsecond).String()
	}
	return d.Round(time.Microsecond).String()
}
