package event

import (
	"net/netip"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestAttrsReadBackWhatWasWritten(t *testing.T) {
	e := Event{Attrs: Attrs("siaddr", "192.168.9.2", "options", "tsize 0 blksize 1408", "file", "", "text", "a\"b\\c=d", "name", "x\xff", "line", "ä\n", "city", "Zürich", "end", "\\")}
	for key, want := range map[string]string{
		"siaddr":  "192.168.9.2",
		"options": "tsize 0 blksize 1408",
		"file":    "",
		"text":    "a\"b\\c=d",
		"name":    "x\xff",
		"line":    "ä\n",
		"city":    "Zürich",
		"end":     "\\",
		"nosuch":  "",
	} {
		if got := e.Attr(key); got != want {
			t.Errorf("Attr(%q) = %q, want %q in %s", key, got, want, e.Attrs)
		}
	}
}

func TestAttributesAreWrittenInOneWay(t *testing.T) {
	const want = Attributes("a=1 b=\"2 3\" c=Zürich d=\xff e=" + `"\u202e" f="\"\\"`)
	if got := Attrs("a", "1", "none", "", "b", "2 3", "c", "Zürich", "d", "\xff", "e", "\u202e", "f", `"\`); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	var b []byte
	for name, value := range want.All() {
		b = AppendAttr(b, name, []byte(value))
	}
	if got := Attributes(b); got != want {
		t.Errorf("written again %s, want %s", got, want)
	}
}

func TestAttributesThatNobodyWroteSoEnd(t *testing.T) {
	for _, attrs := range []Attributes{`a=1 b="2`, `a=1 b="2\"`, `a=1 b`, `a=1 `} {
		e := Event{Attrs: attrs}
		if got := e.Attr("a") + e.Attr("b"); got != "1" {
			t.Errorf("%s: %q", attrs, got)
		}
	}
}

func TestAttributesAreJoined(t *testing.T) {
	for _, c := range []struct{ a, b, want Attributes }{
		{"a=1", "b=2", "a=1 b=2"},
		{"", "b=2", "b=2"},
		{"a=1", "", "a=1"},
	} {
		if got := c.a.And(c.b); got != c.want {
			t.Errorf("%q and %q are %q, want %q", c.a, c.b, got, c.want)
		}
	}
}

func TestJournalNumbersFromOneAndWakesReaders(t *testing.T) {
	var j Journal
	got, more := j.After(0)
	if len(got) != 0 {
		t.Fatalf("an empty journal has %d facts", len(got))
	}
	j.Record(Event{Kind: Discover})
	j.Record(Event{Kind: Offer})
	select {
	case <-more:
	default:
		t.Fatal("a reader that waits is not woken by a fact")
	}
	got, _ = j.After(1)
	if diff := cmp.Diff([]Event{{Seq: 2, Kind: Offer}}, got, cmpopts.EquateComparable(netip.AddrPort{})); diff != "" {
		t.Fatalf("facts after 1 (-want +got):\n%s", diff)
	}
	if got, _ = j.After(99); len(got) != 0 {
		t.Fatalf("a reader ahead of the journal got %v", got)
	}
}
