package page_test

import (
	"bytes"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/bootrig/bootrig/scenarios/runner"
	"github.com/bootrig/bootrig/scenarios/runner/report/page"
	"github.com/bootrig/bootrig/wire/event"
)

const hostile = "<script>alert(1)</script>\" onload='x' & \x1b[2J"

// lab is a scenario whose last step may fail.
func lab(last string) []byte {
	return fmt.Appendf(nil, `# A machine boots what is embedded.
lan 192.168.9.0/24 house=192.168.9.1 server=192.168.9.2
server
guest pc firmware=ipxe-bios mac=52:54:00:12:34:56 ip=192.168.9.100
guest other firmware=ovmf-x64 mac=52:54:00:12:34:57 ip=192.168.9.101
fault cut pc after=1s for=2s
expect pc got bootrig.0
%s
`, last)
}

// runs runs a scenario in virtual time.
func runs(t *testing.T, name, last, out string) page.Run {
	t.Helper()
	var facts []event.Event
	req := runner.Request{Name: name, Source: lab(last), World: runner.Sim, Server: "ours", Out: out, Keep: true, Events: event.Func(func(e event.Event) {
		facts = append(facts, e)
		if e.Kind == event.Console {
			e.Text = hostile
			facts = append(facts, e)
		}
	})}
	r, err := runner.Run(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	return page.Of(r, req.Source, facts)
}

// written is a page of runs, as it is and as a browser reads it.
func written(t *testing.T, dir string, all ...page.Run) (string, *html.Node) {
	t.Helper()
	if err := (page.Book{Command: "bootrig test " + hostile, When: time.Now(), Runs: all}).Write(dir); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(dir, page.Name))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := html.Parse(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return string(data), doc
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// elements are those that are called so.
func elements(doc *html.Node, name string) (all []*html.Node) {
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode && n.Data == name {
			all = append(all, n)
		}
	}
	return all
}

// text is what people read.
func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func TestEachRunAndEachGuestHasItsPlace(t *testing.T) {
	dir := t.TempDir()
	_, doc := written(t, dir, runs(t, "good.txtar", "", dir), runs(t, "bad.txtar", "expect pc got linux", dir),
		page.Of(runner.Result{Scenario: "none.txtar", World: "tap", Server: "ours", Outcome: runner.NotTested, Reason: "no TAP"}, nil, nil))
	var rows []string
	for _, tr := range elements(elements(doc, "tbody")[0], "tr") {
		rows = append(rows, text(tr))
	}
	for n, want := range []string{
		`good.txtar A machine boots what is embedded. sim ours ✓ passed pc: it handed over to program`, `bad.txtar A machine boots what is embedded. sim ours ✗ failed at line 8 expect pc got linux: `, `none.txtar tap ours – not tested: no TAP`,
	} {
		if len(rows) != 3 || !strings.HasPrefix(rows[n], want) {
			t.Fatalf("rows %q, want %q", rows, want)
		}
	}
	var guests []string
	for _, h3 := range elements(doc, "h3") {
		guests = append(guests, text(h3))
	}
	want := []string{"pc ipxe-bios, 52:54:00:12:34:56, 192.168.9.100", "other ovmf-x64, 52:54:00:12:34:57, 192.168.9.101"}
	if !slices.Equal(guests, slices.Concat(want, want)) {
		t.Errorf("guests %q, want %q twice", guests, want)
	}
	all := text(doc)
	for _, told := range []string{
		"server to pc: OFFER from 192.168.9.2 file bootrig.0 (server: ", "house to pc: OFFER from 192.168.9.1 address 192.168.9.100",
		"pc: fault cut off (fault cut pc after=1s for=2s, line 6)", "fault fault cut pc after=1s for=2s (line 6)", "Files over time bootrig.0 1", "failed here",
	} {
		if !strings.Contains(all, told) {
			t.Errorf("the page does not say %q", told)
		}
	}
}

// Nothing is fetched, every link leads to a part of the page or a file beside it, and no text becomes markup.
func TestThePageNeedsNothingAndBelievesNobody(t *testing.T) {
	dir := t.TempDir()
	source, doc := written(t, dir, runs(t, "a & b.txtar", "! expect pc got '<img src=http://x/y onerror=alert(1)>'", dir))
	ids := map[string]bool{}
	for n := range doc.Descendants() {
		if id := attr(n, "id"); id != "" {
			if ids[id] {
				t.Errorf("the id %s is there twice", id)
			}
			ids[id] = true
		}
	}
	for n := range doc.Descendants() {
		for _, a := range n.Attr {
			switch {
			case strings.HasPrefix(a.Key, "on"):
				t.Errorf("a text has become %s=%q", a.Key, a.Val)
			case a.Key != "href" && a.Key != "src" || strings.HasPrefix(a.Val, "data:"):
			case strings.HasPrefix(a.Val, "#"):
				if !ids[a.Val[1:]] {
					t.Errorf("%s leads nowhere", a.Val)
				}
			default:
				name, err := url.PathUnescape(a.Val)
				if _, missing := os.Stat(filepath.Join(dir, name)); err != nil || missing != nil || n.Data != "a" {
					t.Errorf("%s %s=%q: %v %v", n.Data, a.Key, a.Val, err, missing)
				}
			}
		}
	}
	if n := len(elements(doc, "script")); n != 1 || strings.Contains(source, "\x1b") || strings.Contains(source, "url(") || strings.Contains(source, "@import") {
		t.Errorf("%d scripts, or what should not be there", n)
	}
	if !strings.Contains(text(doc), `<script>alert(1)</script>" onload='x' & \x1b[2J`) {
		t.Error("what the guest printed is not shown as it is")
	}
}

// What is long is cut, and says so.
func TestALongConsoleIsCut(t *testing.T) {
	began := time.Now()
	r := runner.Result{Scenario: "x", World: "qemu", Outcome: runner.Passed, Began: began, Guests: []runner.Guest{{Name: "pc"}}}
	var facts []event.Event
	for n := range 5_000 {
		facts = append(facts, event.Event{Kind: event.Console, Source: "guest", Client: "pc", Time: began, Text: fmt.Sprintf("line %d login:", n)},
			event.Event{Kind: event.Discover, Source: "wire", Client: "pc", Time: began})
	}
	source, doc := written(t, t.TempDir(), page.Of(r, bytes.Repeat([]byte("x\n"), 5000), facts))
	all := text(doc)
	if len(source) > 500_000 || !strings.Contains(all, "[4500 lines are left out here") || !strings.Contains(all, "9600 rows are left out") || !strings.Contains(all, "4700 lines more") || !strings.Contains(all, "line 4999 login:") {
		t.Errorf("%d bytes", len(source))
	}
}
