package state

import (
	"bufio"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"os"
	"os/exec"
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

func open(t testing.TB, path string) *Store {
	t.Helper()
	s, err := Open(path)
	must(t, err)
	t.Cleanup(func() { s.Close() })
	return s
}

func TestWhatWasAppliedIsThereWhenOpenedAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lab", "state #1?.db")
	addr := netip.MustParseAddr
	full := lease.Lease{
		Addr: addr("192.168.9.7"), ClientID: []byte{1, 2}, HWType: 1, MAC: net.HardwareAddr{2, 0, 0, 0, 0, 7}, Name: "seven",
		Expires: time.Unix(1700000000, 0), Relay: addr("10.0.0.1"), ServerID: addr("10.0.0.1"),
	}
	bare := lease.Lease{Addr: addr("192.168.9.8"), HWType: 1, MAC: net.HardwareAddr{2, 0, 0, 0, 0, 8}}
	renewed := bare
	renewed.Name = "eight"
	s, err := Open(path)
	must(t, err)
	must(t, s.Apply([]lease.Change{{Lease: full}, {Lease: bare}, {Lease: lease.Lease{Addr: addr("192.168.9.9"), MAC: bare.MAC}}}))
	must(t, s.Apply([]lease.Change{{Lease: renewed}, {Lease: lease.Lease{Addr: addr("192.168.9.9")}, Gone: true}}))
	must(t, s.Close())
	got, err := open(t, path).Leases()
	must(t, err)
	if diff := cmp.Diff([]lease.Lease{full, renewed}, got, cmpopts.EquateComparable(netip.Addr{}), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestFilesThatAreNotOurs(t *testing.T) {
	for name, c := range map[string]struct {
		make func(t *testing.T, path string)
		want string
	}{
		"no database": {func(t *testing.T, path string) {
			must(t, os.WriteFile(path, []byte(strings.Repeat("text\n", 500)), 0o644))
		},
			"FILE is not a database: name a file of our own, --state FILE"},
		"of another program": {func(t *testing.T, path string) { execute(t, path, "CREATE TABLE x (y)") },
			"FILE is another program's database: name a file of our own, --state FILE"},
		"of a newer bootrig": {func(t *testing.T, path string) { open(t, path).Close(); execute(t, path, "PRAGMA user_version = 9") },
			"FILE is of version 9, this bootrig knows version 1: use the bootrig that wrote it, or another file"},
		"in use": {func(t *testing.T, path string) { open(t, path) },
			"FILE is in use by another bootrig: end that one, or name another file, --state FILE"},
		"cut off": {func(t *testing.T, path string) { open(t, path).Close(); must(t, os.Truncate(path, 5000)) },
			"FILE is damaged: move it away to begin anew; clients keep their addresses until they ask again"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "state.db")
			c.make(t, path)
			s, err := Open(path)
			if err == nil {
				s.Close()
				t.Fatal("it was opened")
			}
			if got := strings.ReplaceAll(err.Error(), path, "FILE"); !strings.HasPrefix(got, "state: "+c.want) {
				t.Errorf("the error is %q, want %q", got, c.want)
			}
		})
	}
}

func execute(t *testing.T, path, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	must(t, err)
	_, err = db.Exec(statement)
	must(t, err)
	must(t, db.Close())
}

func TestAFullDiskLosesNothing(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "state.db"))
	must(t, s.Apply([]lease.Change{{Lease: leaseOf(1)}}))
	_, err := s.db.Exec("PRAGMA max_page_count = 3")
	must(t, err)
	var changes []lease.Change
	for i := range 1000 {
		changes = append(changes, lease.Change{Lease: leaseOf(2 + i)})
	}
	if err := s.Apply(changes); err == nil || !strings.Contains(err.Error(), "no room for") {
		t.Errorf("the error is %v", err)
	}
	kept, err := s.Leases()
	must(t, err)
	if len(kept) != 1 {
		t.Errorf("%d leases are kept, want the first alone", len(kept))
	}
}

func leaseOf(n int) lease.Lease {
	return lease.Lease{
		Addr: netip.AddrFrom4([4]byte{10, 0, byte(n >> 8), byte(n)}), HWType: 1,
		MAC: net.HardwareAddr{2, 0, 0, 0, byte(n >> 8), byte(n)}, Expires: time.Unix(2000000000, 0),
	}
}

const childFile = "BOOTRIG_STATE_CHILD"

// TestMain is a server that is killed, in the child process that TestEveryToldLeaseOutlivesKill starts.
func TestMain(m *testing.M) {
	if path := os.Getenv(childFile); path != "" {
		tellLeases(path)
	}
	os.Exit(m.Run())
}

// tellLeases stores leases as fast as it can and tells of each that is stored.
func tellLeases(path string) {
	s, err := Open(path)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	known, err := s.Leases()
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	for n := len(known); ; n += 3 {
		batch := []lease.Change{{Lease: leaseOf(n)}, {Lease: leaseOf(n + 1)}, {Lease: leaseOf(n + 2)}}
		if err := s.Apply(batch); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		for _, c := range batch {
			fmt.Println(c.Addr, c.MAC)
		}
	}
}

func TestEveryToldLeaseOutlivesKill(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	random := rand.New(rand.NewPCG(1, 2))
	told := map[string]string{} // MACs by address
	for range 25 {
		server := exec.Command(os.Args[0])
		server.Env = append(os.Environ(), childFile+"="+path)
		out, err := server.StdoutPipe()
		must(t, err)
		must(t, server.Start())
		lines := bufio.NewScanner(out)
		for left := random.IntN(60); left >= 0 && lines.Scan(); left-- {
			hear(t, told, lines.Text())
		}
		must(t, server.Process.Kill())
		for lines.Scan() { // what it told between our decision and its end
			hear(t, told, lines.Text())
		}
		_ = server.Wait() // it was killed
		s, err := Open(path)
		must(t, err)
		known, err := s.Leases()
		must(t, err)
		must(t, s.Close())
		got := map[string]string{}
		for _, l := range known {
			got[l.Addr.String()] = l.MAC.String()
		}
		for addr, mac := range told {
			if got[addr] != mac {
				t.Fatalf("%s was told to %s, but is kept for %q", addr, mac, got[addr])
			}
		}
		if len(known)%3 != 0 {
			t.Fatalf("%d leases: a transaction was torn", len(known))
		}
	}
	t.Logf("%d leases told by 25 servers that were killed, none lost", len(told))
}

// hear takes a whole line: the last may be cut off.
func hear(t *testing.T, told map[string]string, line string) {
	t.Helper()
	addr, mac, whole := strings.Cut(line, " ")
	if _, err := net.ParseMAC(mac); !whole || err != nil {
		return
	}
	if other, twice := told[addr]; twice {
		t.Fatalf("%s was told to %s and to %s", addr, other, mac)
	}
	told[addr] = mac
}
