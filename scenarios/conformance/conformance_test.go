package conformance

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bootrig/bootrig/server/config/dnsmasq"
)

// A tally is the outcome of all exchanges.
type tally struct {
	configurations, compared, equal, silent, intended int

	unread  []string       // configurations that our reader does not take yet, and why
	excused map[string]int // exchanges, by intended difference
	open    []string       // what differs and is listed as such
	wrong   []string
	sent    []sent // all our replies
}

const openFile = "testdata/open.txt"

// TestTheRealDnsmasqRepliesAlike is the suite.
func TestTheRealDnsmasqRepliesAlike(t *testing.T) {
	if !inside(t) {
		return
	}
	names, err := filepath.Glob("testdata/conf/*.conf")
	if err != nil || len(names) == 0 {
		t.Fatal("no configurations", err)
	}
	known, err := os.ReadFile(openFile)
	if err != nil {
		t.Fatal(err)
	}
	sum := tally{excused: map[string]int{}}
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) { sum.configuration(t, name, strings.Split(string(known), "\n")) })
	}
	sum.report(t)
	tshark(t, sum.sent)
}

func (s *tally) configuration(t *testing.T, name string, known []string) {
	conf, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	real := startDnsmasq(t, conf)
	cfg, err := dnsmasq.Parse("dnsmasq.conf", conf)
	if err != nil {
		s.unread = append(s.unread, fmt.Sprintf("%s: %v", filepath.Base(name), err))
		return
	}
	s.configurations++
	for _, k := range kinds() {
		for _, q := range k.questions() {
			x := exchange{conf: string(conf), kind: k, question: q}
			x.theirs = only(t, q, real.ask(t, q))
			replies, why := ours(&cfg.DHCP, q)
			x.ours, x.why = only(t, q, replies), why
			s.judge(t, fmt.Sprintf("%s | %s | %s", filepath.Base(name), k.name, q.name), x, known)
		}
	}
}

// only is the one reply, decoded, or silence.
func only(t *testing.T, q question, replies []reply) reply {
	t.Helper()
	switch len(replies) {
	case 0:
		return reply{}
	case 1:
		if err := replies[0].decode(); err != nil {
			t.Errorf("%s: %v", q.name, err)
		}
		return replies[0]
	}
	t.Errorf("%s: %d replies", q.name, len(replies))
	return replies[0]
}

// judge counts an exchange, and calls wrong what no intended difference excuses.
func (s *tally) judge(t *testing.T, name string, x exchange, known []string) {
	s.compared++
	if x.ours.packet != nil {
		s.sent = append(s.sent, sent{name, datagram(serverMAC, ourMAC, x.ours.src, x.ours.dst, x.ours.packet)})
	}
	rest := x.differing()
	if len(rest) == 0 {
		s.equal++
		if x.ours.packet == nil {
			s.silent++
		}
		return
	}
	used := map[string]bool{}
	for id, excuse := range excuses {
		for _, field := range excuse(x) {
			if i := slices.Index(rest, field); i >= 0 {
				rest = slices.Delete(rest, i, i+1)
				used[id] = true
			}
		}
	}
	if len(rest) == 0 {
		s.intended++
		for id := range used {
			s.excused[id]++
		}
		return
	}
	theirs, ours := x.theirs.fields(), x.ours.fields()
	for _, field := range rest {
		line := name + " | " + field
		said := fmt.Sprintf("%s | dnsmasq: %s, ours: %s (%s: %s)", line, theirs[field], ours[field], x.why.Rule, x.why.Text)
		if slices.Contains(known, line) {
			s.open = append(s.open, said)
			continue
		}
		s.wrong = append(s.wrong, said)
		t.Error(said)
	}
}

// counts prints how many exchanges were compared, and how they came out.
func (s *tally) counts(t *testing.T) {
	t.Logf("configurations: %d compared, %d not yet read; kinds of client: %d", s.configurations, len(s.unread), len(kinds()))
	t.Logf("exchanges: %d compared, %d equal (%d of them silence), %d excused, %d wrong (%d fields listed in %s, %d not)",
		s.compared, s.equal, s.silent, s.intended, s.compared-s.equal-s.intended, len(s.open), openFile, len(s.wrong))
}

// report prints the lists behind the counts too: nothing is left out silently.
func (s *tally) report(t *testing.T) {
	s.counts(t)
	for _, d := range dnsmasq.Differences() {
		if excuses[d.ID] == nil {
			continue // of TFTP, or of reading
		}
		t.Logf("excused by %s: %d", d.ID, s.excused[d.ID])
		if s.excused[d.ID] == 0 {
			t.Logf("the intended difference %s was not seen", d.ID)
		}
	}
	for _, u := range s.unread {
		t.Logf("not yet read: %s", u)
	}
	for _, o := range s.open {
		t.Logf("open: %s", o)
	}
}

// Every intended difference has its matcher, and no matcher is for another.
func TestEveryIntendedDifferenceHasItsMatcher(t *testing.T) {
	ids := map[string]bool{}
	for _, d := range dnsmasq.Differences() {
		ids[d.ID] = true
		reading := strings.HasPrefix(d.ID, "read-") // no packet shows it: the reader's own suite does
		if excuses[d.ID] == nil && tftpExcuses[d.ID] == nil && !reading {
			t.Errorf("%s has no matcher", d.ID)
		}
	}
	for _, id := range slices.Concat(slices.Collect(maps.Keys(excuses)), slices.Collect(maps.Keys(tftpExcuses))) {
		if !ids[id] {
			t.Errorf("%s is no intended difference", id)
		}
	}
}
