package storm

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// many is a hundred boots that took 1 to 100 s, but for three that were lost.
func many() (t Tally) {
	for i := range 100 {
		took := time.Duration(i+1) * time.Second
		b := Boot{Client: i + 1, Profile: "ipxe-bios", Ended: took, Took: Took{Total: took}, Again: i % 2}
		switch i {
		case 3, 7:
			b.Lost = &Loss{Text: "Nothing \x1b[2J to boot", Cause: "silence", Patience: true, Again: "bootrig storm --only 4"}
		case 9:
			b.Lost = &Loss{Text: "it waits for a key"}
		}
		t.Add(b)
	}
	return t
}

func TestASummary(t *testing.T) {
	tally := many()
	s := tally.Summary(Config{Clients: 101})
	s.Server = &Usage{CPU: 1234 * time.Millisecond, Memory: 31 << 20}
	var b strings.Builder
	if err := s.Print(&b); err != nil {
		t.Fatal(err)
	}
	want := `101 clients: 97 booted, 47 of them with something sent again; 3 lost, 2 of them by the patience of their firmware; 1 had not ended
in 0s, the longest storm 1m40s of its own time
server: 1.23s of processor time, 31 MiB of memory at most

  phase  boots  p50    p90    p99    max
  total     97  52s  1m31s  1m40s  1m40s

lost: 2 with ipxe-bios: Nothing \x1b[2J to boot
  cause:  silence
  again:  bootrig storm --only 4
  again:  bootrig storm --only 4

lost: 1 with ipxe-bios: it waits for a key
  client: 10, 
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("summary (-want +got):\n%s", diff)
	}
}

func TestQuantilesAreNearestRanks(t *testing.T) {
	var sorted []time.Duration
	for _, want := range []struct{ n, p50, p90, p99, max time.Duration }{{1, 1, 1, 1, 1}, {2, 1, 2, 2, 2}, {10, 5, 9, 10, 10}, {100, 50, 90, 99, 100}, {200, 100, 180, 198, 200}} {
		for len(sorted) < int(want.n) {
			sorted = append(sorted, time.Duration(len(sorted)+1))
		}
		if got := []time.Duration{Rank(sorted, 50), Rank(sorted, 90), Rank(sorted, 99), Rank(sorted, 100)}; !cmp.Equal(got, []time.Duration{want.p50, want.p90, want.p99, want.max}) {
			t.Errorf("of %d: %v, want %v", want.n, got, want)
		}
	}
}

func TestThePictureIsXMLAndEndsWhereTheCountsAre(t *testing.T) {
	tally := many()
	var b strings.Builder
	if err := tally.SVG(&b); err != nil {
		t.Fatal(err)
	}
	var ends []string
	for d := xml.NewDecoder(strings.NewReader(b.String())); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, b.String())
		}
		if e, ok := token.(xml.StartElement); ok && e.Name.Local == "polyline" {
			points := strings.Fields(e.Attr[len(e.Attr)-1].Value)
			ends = append(ends, points[0]+" "+points[len(points)-1])
		}
	}
	// 100 of 100, 97 and 3, from the bottom at 370 to the top at 50.
	if diff := cmp.Diff([]string{"70,370 850,50", "70,370 850,60", "70,370 850,361"}, ends); diff != "" {
		t.Errorf("curves (-want +got):\n%s", diff)
	}
	if empty := (&Tally{}); empty.SVG(io.Discard) != nil {
		t.Error("nobody booted, and there is no picture")
	}
}
