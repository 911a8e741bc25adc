package dnsmasq

import (
	"bufio"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// A verdict is what is known of a file: "ok" both accept it, "no" both refuse it; "ok!ID" dnsmasq accepts it, we
// refuse it, and ID is the intended difference; "no!ID" the other way round. Versions of dnsmasq that ID is not about
// judge as we do.
type verdict struct{ theirs, ours, difference string }

func parseVerdict(s string) verdict {
	v := verdict{theirs: s, ours: s}
	if theirs, id, differs := strings.Cut(s, "!"); differs {
		v = verdict{theirs, map[string]string{"ok": "no", "no": "ok"}[theirs], id}
	}
	return v
}

func word(accepted bool) string {
	if accepted {
		return "ok"
	}
	return "no"
}

// of is the verdict of a version.
func (v verdict) of(version string) string {
	for _, d := range readingDifferences() {
		if d.ID == v.difference && !d.In(version) {
			return v.ours
		}
	}
	return v.theirs
}

// TestAcceptedAndRefused reads every case of testdata/accept with our reader and with the real dnsmasqs that are here,
// whose verdicts they are.
func TestAcceptedAndRefused(t *testing.T) {
	files, err := filepath.Glob("testdata/accept/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	used, cases := map[string]int{}, 0
	for _, file := range files {
		for _, c := range readCases(t, file) {
			cases++
			used[c.want.difference]++
			c.judge(t)
		}
	}
	t.Logf("%d files judged; by intended difference: %v", cases, used)
	for _, d := range readingDifferences() {
		if used[d.ID] == 0 && strings.Contains(d.Evidence, "testdata/accept") {
			t.Errorf("no case shows %s", d.ID)
		}
		delete(used, d.ID)
	}
	delete(used, "")
	if len(used) > 0 {
		t.Errorf("not intended: %v", used)
	}
}

// A judged is one case: a file, and where it stands.
type judged struct {
	where, written, conf string
	want                 verdict
}

// readCases reads lines of a verdict and a file. In the file, ⏎ is a new line, ⇥ a tab, ␍ a carriage return, ␀ a
// NUL, and ⟨9×x⟩ is x nine times.
func readCases(t *testing.T, name string) []judged {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var cases []judged
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		want, written, ok := strings.Cut(lines.Text(), " ")
		if lines.Text() == "" || strings.HasPrefix(want, "#") {
			continue
		}
		if !ok {
			t.Fatalf("%s:%d: neither a comment nor VERDICT FILE", name, n)
		}
		cases = append(cases, judged{name + ":" + strconv.Itoa(n), written, unwritten(written), parseVerdict(want)})
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return cases
}

var repeated = regexp.MustCompile(`⟨(\d+)×([^⟩]*)⟩`)

func unwritten(s string) string {
	s = repeated.ReplaceAllStringFunc(s, func(s string) string {
		m := repeated.FindStringSubmatch(s)
		n, _ := strconv.Atoi(m[1])
		return strings.Repeat(m[2], n)
	})
	return strings.NewReplacer("⏎", "\n", "⇥", "\t", "␍", "\r", "␀", "\x00").Replace(s)
}

func (c judged) judge(t *testing.T) {
	t.Helper()
	_, err := Parse("x", []byte(c.conf+"\n"))
	if got := word(err == nil); got != c.want.ours {
		t.Errorf("%s: %s: ours says %s, not %s: %v", c.where, c.written, got, c.want.ours, err)
	}
	for _, d := range dnsmasqs() {
		if said, ok := real(t, d, c.conf); word(ok) != c.want.of(d.Version) {
			t.Errorf("%s: %s: dnsmasq %s says %s, not %s: %s", c.where, c.written, d.Version, word(ok), c.want.of(d.Version), strings.TrimSpace(said))
		}
	}
}
