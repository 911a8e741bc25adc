package trial

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/bootrig/bootrig/internal/teller"
	"github.com/bootrig/bootrig/internal/verdict"
	"github.com/bootrig/bootrig/wire/event"
)

// line writes a line. What a server sent does no harm in it.
func line(w io.Writer, format string, args ...any) {
	fmt.Fprintln(w, teller.Clean(fmt.Sprintf(format, args...)))
}

// Tell tells an answer to people.
func (a Answer) Tell(w io.Writer) {
	who := cmp.Or(a.Server, a.From.Addr().String())
	if from := a.From.Addr().String(); from != who {
		who += " by " + from
	}
	line(w, "  %5.1f s  %s of %s (%s), %s%s", a.After.Seconds(), strings.ToUpper(string(a.Kind)), who, a.MAC, a.Role(), a.says())
}

// says is what decides a boot in it.
func (a Answer) says() string {
	var b strings.Builder
	for _, part := range []struct{ name, value string }{
		{"address", a.YIAddr}, {"siaddr", a.SIAddr}, {"sname", a.SName}, {"file", a.File}, {"option 43", a.vendor()}, {"option 54", a.id()}, {"option 60", a.Class},
		{"option 66", a.Name}, {"option 67", a.Option},
	} {
		if part.value != "" {
			fmt.Fprintf(&b, "; %s %s", part.name, part.value)
		}
	}
	return b.String()
}

// vendor is option 43 in words, or as it came where there are none.
func (a Answer) vendor() string { return cmp.Or(a.Menu, a.Vendor) }

// id is option 54 where that matters: it is missing.
func (a Answer) id() string {
	if a.Server == "" {
		return "missing"
	}
	return ""
}

// Tell tells the end of it to people; its answers were told as they came.
func (t *Trial) Tell(w io.Writer) {
	t.Choice.tell(w)
	if t.File != nil {
		line(w, "  downloaded %s: %d bytes, %s, SHA-256 %s", t.File.Name, t.File.Size, t.File.Is, t.File.SHA256)
	}
	switch {
	case t.Boots && t.Story.ID == "":
		line(w, "  would go on: of offers alone no more is to be said")
	case t.Boots:
		line(w, "  would boot")
	default:
		t.blame(w)
	}
}

func (c Choice) tell(w io.Writer) {
	if c.Lease == "" {
		line(w, "  takes no address%s", because(c.Why))
		return
	}
	file := "no boot file"
	if c.File != "" {
		file = c.File + " that " + c.Named + " names"
		if c.Server != "" {
			file += ", from " + c.Server
		}
	} else if c.Proxy != "" {
		file = "asks " + c.Proxy + " for its boot file"
	}
	line(w, "  takes the address %s of %s, and %s%s", c.Address, c.Lease, file, because(c.Why))
}

func because(why string) string {
	if why == "" {
		return ""
	}
	return ": " + why
}

// blame says why it would not boot.
func (t *Trial) blame(w io.Writer) {
	if t.Says != "" {
		line(w, "  its screen says: %s", t.Says)
	}
	switch {
	case t.File != nil && t.File.Wrong != "" && (len(t.Story.Causes) == 0 || t.Story.Sure != verdict.Certain):
		line(w, "  would not boot: %s: %s", t.File.Name, t.File.Wrong)
		return
	case t.Story.Fault() && t.Story.ID != "":
		line(w, "  would not boot: %s (%s): %s", t.Story.ID, t.Story.Sure, t.Story.Text)
	default:
		line(w, "  would not boot")
	}
	if len(t.Story.Causes) > 0 {
		for _, fact := range t.Story.Causes[0].Evidence {
			if fact.Kind != event.Error { // its screen
				line(w, "    %s", teller.Line(fact))
			}
		}
		line(w, "  what to do: %s", t.Story.Causes[0].Fix)
	}
}
