package conformance

import (
	"encoding/binary"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/bootrig/bootrig/internal/peer"
	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/config/dnsmasq"
	"github.com/bootrig/bootrig/server/lint"
)

// A tally is the outcome of all exchanges.
type tally struct {
	peer peer.Program
	mu   sync.Mutex

	configurations, compared, equal, silent, intended int

	unread  []string       // configurations that our reader does not take yet, and why
	excused map[string]int // exchanges, by intended difference
	open    []string       // what differs and is listed as such
	wrong   []string
	sent    []sent // all our replies
}

const openFile = "testdata/open.txt"

// TestTheRealDnsmasqRepliesAlike is the suite.
func TestTheRealDnsmasqRepliesAlike(t *testing.T) { against(t, repliesAlike) }

func repliesAlike(t *testing.T, d peer.Program) {
	names := configurations(t, d, "conf")
	known, err := os.ReadFile(openFile)
	if err != nil {
		t.Fatal(err)
	}
	sum := tally{peer: d, excused: map[string]int{}}
	t.Run("configurations", func(t *testing.T) { // several at once: most of the time both sides wait
		for _, name := range names {
			t.Run(filepath.Base(name), func(t *testing.T) {
				t.Parallel()
				sum.configuration(t, name, strings.Split(string(known), "\n"))
			})
		}
	})
	sum.report(t)
	tshark(t, sum.sent)
}

// configurations are the files that a dnsmasq understands.
func configurations(t *testing.T, d peer.Program, kind string) []string {
	t.Helper()
	names, err := filepath.Glob("testdata/" + kind + "/*.conf")
	if err != nil || len(names) == 0 {
		t.Fatal("no configurations", err)
	}
	if d.Version < newerLanguage {
		return names
	}
	newer, err := filepath.Glob("testdata/newer/" + kind + "/*.conf")
	if err != nil || len(newer) == 0 {
		t.Fatal("no configurations of later versions", err)
	}
	return append(names, newer...)
}

// newerLanguage is the version that understands testdata/newer.
const newerLanguage = "2.92"

func (s *tally) configuration(t *testing.T, name string, known []string) {
	conf, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	real := startDnsmasq(t, s.peer, conf)
	cfg, err := dnsmasq.Parse("dnsmasq.conf", conf)
	if err != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.unread = append(s.unread, fmt.Sprintf("%s: %v", filepath.Base(name), err))
		return
	}
	s.one()
	if hangs(s.peer.Version, cfg) {
		s.hang(t, filepath.Base(name), cfg, real)
		return
	}
	seen := map[string]bool{}
	asked := everything()
	for i := range asked {
		asked[i].question = asked[i].on(cfg.DHCP.Ports)
	}
	for batch := range slices.Chunk(asked, atOnce) {
		for i, theirs := range real.askAll(t, batch) {
			x := exchange{conf: string(conf), kind: batch[i].kind, question: batch[i].question}
			x.theirs = only(t, x.question, theirs)
			replies, why := ours(cfg, x.question)
			x.ours, x.why = only(t, x.question, replies), why
			for _, id := range s.judge(t, fmt.Sprintf("%s | %s | %s", filepath.Base(name), x.kind.name, x.question.name), x, known) {
				seen[id] = seen[id] || !x.kind.few
			}
		}
	}
	s.told(t, filepath.Base(name), cfg, seen)
}

// unseen are configurations of which check tells what these clients on this network do not see, and why.
var unseen = map[string]string{
	"host-ignored-known.conf":   "no client here is an ARM64 or IA32 machine of that maker",
	"ignore-all.conf":           "check does not know that every client comes by eth0",
	"ignore-unknown.conf":       "no client here is a UEFI machine with that address",
	"range-elsewhere.conf":      "check looks at the network of the range, which is not here",
	"raspberry-tagged.conf":     "no client here is a UEFI machine of that maker",
	"shared-proxy-no-mask.conf": "check looks at the network of the range, which is not here",
	"shared-proxy-relay.conf":   "no client here is behind that relay but rare ones",
	"tag-if-wild.conf":          "check does not know that every client comes by eth0",
	"tag-interface.conf":        "check does not know that every client comes by eth0",
}

// told wants `bootrig check` to say of a configuration which of the intended differences were seen, and no
// others.
func (s *tally) told(t *testing.T, name string, cfg *config.Config, seen map[string]bool) {
	t.Helper()
	said := map[string]bool{}
	for _, n := range lint.Differences(cfg) {
		said[n.ID] = true
	}
	more := false
	for _, d := range dnsmasq.Differences() {
		if d.Unseen != "" || !d.In(s.peer.Version) || said[d.ID] == seen[d.ID] {
			continue
		}
		if more = more || said[d.ID]; seen[d.ID] || unseen[name] == "" {
			t.Errorf("%s: check tells of it: %t, it was seen: %t", d.ID, said[d.ID], seen[d.ID])
		}
	}
	if unseen[name] != "" && !more {
		t.Errorf("check tells of nothing that was not seen: %s is to be taken out of the list", name)
	}
}

// An inquiry is a question and who asks it.
type inquiry struct {
	kind
	question
}

// everything is all that all kinds of client ask, each question with a number of its own as xid.
func everything() []inquiry {
	var all []inquiry
	for _, k := range kinds() {
		for _, q := range k.questions() {
			binary.BigEndian.PutUint32(q.packet[xidAt:], uint32(0xb0070000+len(all)))
			all = append(all, inquiry{k, q})
		}
	}
	return all
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

// judge counts an exchange, and calls wrong what no intended difference excuses. It returns those that did.
func (s *tally) judge(t *testing.T, name string, x exchange, known []string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.compared++
	if x.ours.packet != nil && !x.kind.garbled {
		s.sent = append(s.sent, sent{name, datagram(serverMAC, ourMAC, x.ours.src, x.ours.dst, x.ours.packet)})
	}
	rest := x.differing()
	if len(rest) == 0 {
		s.equal++
		if x.ours.packet == nil {
			s.silent++
		}
		return nil
	}
	used := map[string]bool{}
	for _, d := range dnsmasq.Differences() {
		if excuses[d.ID] == nil || !d.In(s.peer.Version) {
			continue // of TFTP, or of another version
		}
		for _, field := range excuses[d.ID](x) {
			if i := slices.Index(rest, field); i >= 0 {
				rest = slices.Delete(rest, i, i+1)
				used[d.ID] = true
			}
		}
	}
	if len(rest) == 0 {
		s.intended++
		for id := range used {
			s.excused[id]++
		}
		return slices.Collect(maps.Keys(used))
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
	return nil
}

// one counts a configuration.
func (s *tally) one() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.configurations++
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
	s.excuses(t)
	for _, u := range s.unread {
		t.Logf("not yet read: %s", u)
	}
	for _, o := range s.open {
		t.Logf("open: %s", o)
	}
}

// excuses prints how often each intended difference was seen, and which were not.
func (s *tally) excuses(t *testing.T) {
	for _, d := range dnsmasq.Differences() {
		if excuses[d.ID] == nil || !d.In(s.peer.Version) {
			continue // of TFTP, or of reading, or of another version
		}
		t.Logf("excused by %s: %d", d.ID, s.excused[d.ID])
		if s.excused[d.ID] == 0 {
			t.Logf("the intended difference %s was not seen here", d.ID)
		}
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
