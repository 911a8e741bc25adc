package state

import (
	"bytes"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/bootrig/bootrig/server/lease"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// open opens a file of which nothing is to be told.
func open(t testing.TB, path string) *Store {
	t.Helper()
	s, err := Open(path, func(text string) { t.Error(text) })
	must(t, err)
	t.Cleanup(func() { s.Close() })
	return s
}

func leaseOf(n int) lease.Lease {
	return lease.Lease{
		Addr: netip.AddrFrom4([4]byte{10, 0, byte(n >> 8), byte(n)}), HWType: 1,
		MAC: net.HardwareAddr{2, 0, 0, 0, byte(n >> 8), byte(n)}, Expires: time.Unix(2000000000, 0),
	}
}

// leases are changes that make leases.
func leases(numbers ...int) (changes []lease.Change) {
	for _, n := range numbers {
		changes = append(changes, lease.Change{Lease: leaseOf(n)})
	}
	return changes
}

// keeps checks what a Store knows, and that its file says the same.
func keeps(t *testing.T, s *Store, want ...int) {
	t.Helper()
	var all []lease.Lease
	for _, n := range want {
		all = append(all, leaseOf(n))
	}
	alike := cmp.Options{cmpopts.EquateComparable(netip.Addr{}), cmpopts.EquateEmpty()}
	if diff := cmp.Diff(all, s.Leases(), alike); diff != "" {
		t.Errorf("known (-want +got):\n%s", diff)
	}
	must(t, s.Close())
	if diff := cmp.Diff(all, open(t, s.path).Leases(), alike); diff != "" {
		t.Errorf("known when it is opened again (-want +got):\n%s", diff)
	}
}

func TestWhatWasAppliedIsThereWhenOpenedAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lab", "state #1?.db")
	addr := netip.MustParseAddr
	full := lease.Lease{
		Addr: addr("192.168.9.7"), ClientID: []byte{1, 2}, HWType: 1, MAC: net.HardwareAddr{2, 0, 0, 0, 0, 7}, Name: "seven",
		Expires: time.Unix(1700000000, 0), Relay: addr("10.0.0.1"), ServerID: addr("10.0.0.1"),
		Since: time.Unix(1600000000, 0), Class: []byte("PXEClient"), Agent: []byte{1, 1, 0},
	}
	bare := lease.Lease{Addr: addr("192.168.9.8"), HWType: 1, MAC: net.HardwareAddr{2, 0, 0, 0, 0, 8}}
	renewed := bare
	renewed.Name, renewed.Expires = "eight", time.Unix(1700000000, 1)
	s := open(t, path)
	must(t, s.Apply([]lease.Change{{Lease: full}, {Lease: bare}, {Lease: lease.Lease{Addr: addr("192.168.9.9"), MAC: bare.MAC}}}))
	must(t, s.Apply([]lease.Change{{Lease: renewed}, {Lease: lease.Lease{Addr: addr("192.168.9.9")}, Gone: true}}))
	must(t, s.Close())
	renewed.Expires = time.Unix(1700000001, 0) // whole seconds, and none early
	if diff := cmp.Diff([]lease.Lease{full, renewed}, open(t, path).Leases(), cmpopts.EquateComparable(netip.Addr{}), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// The files of the first version have no clock.
func TestAFileOfTheFirstVersionIsRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	execute(t, path, schemas[0]+"PRAGMA application_id = 1651665255; PRAGMA user_version = 1; PRAGMA journal_mode = WAL;"+
		"INSERT INTO lease VALUES ('10.0.0.1', NULL, 1, x'020000000001', '', 2000000000, '', '')")
	s := open(t, path)
	must(t, s.Apply(leases(2)))
	keeps(t, s, 1, 2)
}

// Those of the second do not say when a lease was given, and of what.
func TestAFileOfTheSecondVersionIsRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	execute(t, path, schemas[0]+schemas[1]+"PRAGMA application_id = 1651665255; PRAGMA user_version = 2; PRAGMA journal_mode = WAL;"+
		"INSERT INTO lease VALUES ('10.0.0.1', NULL, 1, x'020000000001', '', 2000000000, '', ''); INSERT INTO clock VALUES (1, 1, 1, '', 0)")
	s := open(t, path)
	must(t, s.Apply(leases(2)))
	keeps(t, s, 1, 2)
}

func TestAFileThatMustNotBeUsedIsLeftAlone(t *testing.T) {
	for name, c := range map[string]struct {
		make func(t *testing.T, path string)
		want string
	}{
		"of another program": {func(t *testing.T, path string) { execute(t, path, "CREATE TABLE x (y)") },
			"FILE is another program's database: name a file of our own, --state FILE"},
		"of another program, and it says so": {func(t *testing.T, path string) { execute(t, path, "PRAGMA application_id = 7") },
			"FILE is another program's database: name a file of our own, --state FILE"},
		"in use": {func(t *testing.T, path string) { open(t, path) },
			"FILE is in use by another bootrig: end that one, or name another file, --state FILE"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "state.db")
			c.make(t, path)
			before, err := os.ReadFile(path)
			must(t, err)
			s, err := Open(path, func(text string) { t.Error(text) })
			if err == nil {
				s.Close()
				t.Fatal("it was opened")
			}
			if got := strings.ReplaceAll(err.Error(), path, "FILE"); !strings.HasPrefix(got, "state: "+c.want) {
				t.Errorf("the error is %q, want %q", got, c.want)
			}
			if after, err := os.ReadFile(path); err != nil || !bytes.Equal(before, after) {
				t.Errorf("it was changed: %v", err)
			}
		})
	}
}

func TestAFullDatabaseLosesNothing(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "state.db"))
	must(t, s.Apply(leases(1)))
	_, err := s.file.db.Exec("PRAGMA max_page_count = 4")
	must(t, err)
	var changes []lease.Change
	for i := range 1000 {
		changes = append(changes, leases(2+i)...)
	}
	if err := s.Apply(changes); err == nil || !strings.Contains(err.Error(), "no room for") {
		t.Errorf("the error is %v", err)
	}
	if kept := open(t, s.path).Leases(); len(kept) != 1 {
		t.Errorf("%d leases are kept, want the first alone", len(kept))
	}
}

// A configuration is read again, and the leases with it, while others are given.
func TestLeasesAreReadWhileOthersAreGiven(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "state.db"))
	given := make(chan error)
	go func() {
		defer close(given)
		for n := range 50 {
			if err := s.Apply(leases(n)); err != nil {
				given <- err
			}
		}
	}()
	for over := false; !over; {
		select {
		case err, more := <-given:
			must(t, err)
			over = !more
		default:
			s.Leases()
		}
	}
	if n := len(s.Leases()); n != 50 {
		t.Errorf("%d leases are known", n)
	}
}
