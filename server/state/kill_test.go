package state

import (
	"bufio"
	"fmt"
	"math"
	"math/rand/v2"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/bootrig/bootrig/server/lease"
	"github.com/bootrig/bootrig/server/machines"
)

const writerOf = "BOOTRIG_STATE_WRITER"

// TestMain is a writer that is killed, in the processes that TestAKilledWriterLeavesAValidState starts.
func TestMain(m *testing.M) {
	if path := os.Getenv(writerOf); path != "" {
		fmt.Println(writeOn(path))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// writeOn goes on where the writer before it was killed, as fast as it can. It tells of each transaction before and
// after.
func writeOn(path string) error {
	s, err := Open(path, func(text string) { fmt.Println(text) })
	if err != nil {
		return err
	}
	if err := s.Apply(nil); err != nil {
		return err
	}
	if _, err := s.file.db.Exec("PRAGMA wal_autocheckpoint = 20"); err != nil { // so that some are killed in that too
		return err
	}
	n := reached(s.Leases())
	if err := s.Keep(marks(n)); err != nil { // it was killed before
		return err
	}
	for {
		n++
		fmt.Println("begin", n)
		if err := s.Apply(transaction(n)); err != nil {
			return err
		}
		if err := s.Keep(marks(n)); err != nil {
			return err
		}
		fmt.Println("end", n)
	}
}

// transaction is the nth: it renews a lease, makes one, takes one away, and says its number.
func transaction(n int) []lease.Change {
	counter := leaseOf(0)
	counter.Name = strconv.Itoa(n)
	renewed := leaseOf(1 + n%8)
	renewed.Expires = renewed.Expires.Add(time.Duration(n) * time.Second)
	made, gone := leaseOf(100+n%50), leaseOf(100+(n+25)%50)
	made.Name = strings.Repeat("x", n%200)
	return []lease.Change{{Lease: counter}, {Lease: renewed}, {Lease: made}, {Lease: gone, Gone: true}}
}

// marks are the notes that are kept after the nth transaction, as it makes leases. There are none before the first.
func marks(n int) (all []machines.Note) {
	if n == 0 {
		return nil
	}
	note := func(kind machines.Kind, number int, text string) {
		all = append(all, machines.Note{Kind: kind, MAC: leaseOf(number).MAC.String(), Text: text})
	}
	note("mark", 0, strconv.Itoa(n))
	note("mark", 1+n%8, strings.Repeat("y", 1+n%200))
	note("machine", 100+n%50, strconv.Itoa(n))
	note("machine", 100+(n+25)%50, "")
	return all
}

// marked is how many transactions notes were kept after.
func marked(all []machines.Note) int {
	for _, n := range all {
		if placeOf(n) == placeOf(marks(1)[0]) {
			number, _ := strconv.Atoi(n.Text)
			return number
		}
	}
	return 0
}

// keptAfter are the notes that are kept after the first n transactions.
func keptAfter(n int) []machines.Note {
	s := Store{notes: map[place]string{}}
	for i := max(1, n-60); i <= n; i++ {
		for _, note := range marks(i) {
			s.note(note)
		}
	}
	return s.Notes()
}

// reached is how many transactions leases are the outcome of.
func reached(all []lease.Lease) int {
	if len(all) == 0 {
		return 0
	}
	n, _ := strconv.Atoi(all[0].Name) // else it is none of ours, which the test sees
	return n
}

// outcome is what the first n transactions leave.
func outcome(n int) []lease.Lease {
	all := map[netip.Addr]lease.Lease{}
	for i := max(1, n-60); i <= n; i++ { // what was before is written over since
		for _, c := range transaction(i) {
			if delete(all, c.Addr); !c.Gone {
				all[c.Addr] = c.Lease
			}
		}
	}
	s := Store{all: all}
	return s.Leases()
}

// A victim is a writer and what it has told.
type victim struct {
	process *exec.Cmd
	lines   *bufio.Scanner
	begun   int
	ended   int
}

func startWriter(t *testing.T, path string) *victim {
	t.Helper()
	v := &victim{process: exec.Command(os.Args[0])}
	v.process.Env = append(os.Environ(), writerOf+"="+path)
	out, err := v.process.StdoutPipe()
	must(t, err)
	must(t, v.process.Start())
	v.lines = bufio.NewScanner(out)
	return v
}

// hear takes the next line.
func (v *victim) hear(t *testing.T) bool {
	t.Helper()
	if !v.lines.Scan() {
		return false
	}
	verb, number, _ := strings.Cut(v.lines.Text(), " ")
	n, err := strconv.Atoi(number)
	switch {
	case err != nil && strings.HasPrefix(verb, "state:"):
		t.Fatalf("the writer says %q", v.lines.Text())
	case verb == "begin":
		v.begun = n
	case verb == "end":
		v.ended = n
	}
	return true
}

// kill ends it at some moment: among its transactions, or while it opens the file.
func (v *victim) kill(t *testing.T, random *rand.Rand) {
	t.Helper()
	soon := time.Duration(50*math.Pow(400, random.Float64())) * time.Microsecond // to 20 ms, as often below as above 1 ms
	if random.IntN(3) > 0 {
		for range 1 + random.IntN(30) {
			v.hear(t)
		}
		soon /= 20
	}
	for until := time.Now().Add(soon); time.Now().Before(until); { // a timer would be too coarse
	}
	must(t, v.process.Process.Kill())
	for v.hear(t) { // what it told between our decision and its end
	}
	_ = v.process.Wait() // it was killed
}

// manyKills is how many writers are killed. With the race detector each takes four times as long, and fewer do.
var manyKills = 1000

func kills() int {
	if testing.Short() {
		return 50
	}
	return manyKills
}

// A writer is killed again and again, and each time its file is opened: it holds what it was before the last
// transaction or after it, and never less than was told.
func TestAKilledWriterLeavesAValidState(t *testing.T) {
	const perFile = 100
	random := rand.New(rand.NewPCG(1, 2))
	path, last, before, after, opening, between := "", 0, 0, 0, 0, 0
	alike := cmp.Options{cmpopts.EquateComparable(netip.Addr{}), cmpopts.EquateEmpty()}
	for i := range kills() {
		if i%perFile == 0 {
			path, last = filepath.Join(t.TempDir(), "state.db"), 0
		}
		v := startWriter(t, path)
		v.kill(t, random)
		s := open(t, path)
		got, notes := s.Leases(), s.Notes()
		must(t, s.Apply(nil))
		must(t, s.Close())
		n := reached(got)
		if diff := cmp.Diff(outcome(n), got, alike); diff != "" {
			t.Fatalf("kill %d: no transaction leaves this (-transaction %d +found):\n%s", i, n, diff)
		}
		kept := marked(notes)
		if diff := cmp.Diff(keptAfter(kept), notes, alike); diff != "" {
			t.Fatalf("kill %d: no transaction leaves these notes (-transaction %d +found):\n%s", i, kept, diff)
		}
		if kept > n || kept < max(n-1, v.ended) {
			t.Fatalf("kill %d: the notes of %d transactions were kept; found are those of %d, and %d transactions", i, v.ended, kept, n)
		}
		if kept < n {
			between++
		}
		switch valid := []int{max(v.ended, last), max(v.begun, last)}; {
		case !slices.Contains(valid, n):
			t.Fatalf("kill %d: %d transactions were done, %d begun; found are %d", i, valid[0], valid[1], n)
		case v.begun == 0:
			opening++
		case n == v.ended:
			before++
		default:
			after++
		}
		last = n
	}
	t.Logf("killed while it opened the file: %d; found is the state before the last transaction: %d, after it: %d; between its leases and its notes: %d", opening, before, after, between)
	if kills() >= 1000 && min(opening, before, after, between) == 0 { // of fewer it is by chance
		t.Error("one of them is not tested")
	}
}
