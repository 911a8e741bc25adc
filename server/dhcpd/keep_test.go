package dhcpd_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/server/dhcpd"
	"github.com/bootrig/bootrig/server/internal/turn"
	"github.com/bootrig/bootrig/server/lease"
	"github.com/bootrig/bootrig/wire/event"
)

// A disk is a store that fails for a reason, or works.
type disk struct {
	fails error
	tries int
	holds map[string]string // MACs by address
}

func (d *disk) store(changes []lease.Change) error {
	d.tries++
	if d.fails != nil {
		return d.fails
	}
	for _, c := range changes {
		if d.holds[c.Addr.String()] = c.MAC.String(); c.Gone {
			delete(d.holds, c.Addr.String())
		}
	}
	return nil
}

// A lab with a disk, whose time is the test's.
type stored struct {
	*dhcpd.Machine
	disk
	journal event.Journal
	now     time.Time
}

func newStored(t *testing.T, fails error) *stored {
	t.Helper()
	s := &stored{now: noon, disk: disk{fails: fails, holds: map[string]string{}}}
	cfg := isolated(t)
	cfg.Events, cfg.Store = &s.journal, s.store
	s.Machine = dhcpd.NewMachine(cfg)
	s.pass(0)
	return s
}

// pass lets time pass as the loop around a Machine does.
func (s *stored) pass(d time.Duration) {
	end := s.now.Add(d)
	for {
		at, waits := s.Deadline()
		if !waits || at.After(end) {
			break
		}
		if at.After(s.now) {
			s.now = at
		}
		s.Expire(s.now)
	}
	s.now = end
}

// lease gives a client its address. It is answered in any case.
func (s *stored) lease(t *testing.T, n byte) {
	t.Helper()
	s.Receive(s.now, from(n, dhcpv4.MessageTypeDiscover, nil))
	offers := answers(t, s.Machine)
	if len(offers) != 1 {
		t.Fatalf("client %d is offered %v", n, offers)
	}
	s.Receive(s.now, from(n, dhcpv4.MessageTypeRequest, offers[0].YourIPAddr))
	if got := answers(t, s.Machine); len(got) != 1 || got[0].MessageType() != dhcpv4.MessageTypeAck {
		t.Fatalf("client %d is answered %v", n, got)
	}
}

// told are the lines about the store.
func (s *stored) told() (lines []string) {
	all, _ := s.journal.After(0)
	for _, e := range all {
		if e.Kind == event.Fault || e.Kind == event.Change {
			lines = append(lines, fmt.Sprintf("%s: %s", e.Kind, e.Text))
		}
	}
	return lines
}

var errFull, errBroken = errors.New("no room"), errors.New("it is broken")

func TestLeasesAreGivenFromMemoryWhileTheDiskFails(t *testing.T) {
	s := newStored(t, nil)
	s.lease(t, 1)
	s.fails = errFull
	for n := range byte(3) {
		s.lease(t, 2+n)
		s.pass(10 * time.Second)
	}
	s.fails = errBroken
	s.lease(t, 5)
	s.pass(10 * time.Second)
	if len(s.holds) != 1 {
		t.Errorf("a disk that fails holds %v", s.holds)
	}
	s.fails = nil
	s.pass(time.Second) // without another packet
	if len(s.holds) != 5 {
		t.Errorf("the disk holds %v, want five leases", s.holds)
	}
	s.lease(t, 6)
	want := []string{
		"fault: leases are kept in memory only: no room",
		"fault: leases are kept in memory only: it is broken",
		"change: leases are stored again",
	}
	if diff := cmp.Diff(want, s.told()); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
}

func TestADiskThatWorksHasALeaseBeforeItsClient(t *testing.T) {
	s := newStored(t, nil)
	s.Receive(s.now, from(1, dhcpv4.MessageTypeDiscover, nil))
	offer := answers(t, s.Machine)[0]
	s.Receive(s.now, from(1, dhcpv4.MessageTypeRequest, offer.YourIPAddr))
	if d, some := s.Next(); !some || len(s.holds) != 1 {
		t.Errorf("%d bytes were sent when the disk held %v", len(d.Payload), s.holds)
	}
	if told := s.told(); told != nil {
		t.Errorf("it was told %q", told)
	}
}

// A server that begins with a disk that fails says so before anybody asks.
func TestADiskThatFailsAtTheStart(t *testing.T) {
	s := newStored(t, errFull)
	s.pass(time.Minute)
	want := []string{"fault: leases are kept in memory only: no room"}
	if diff := cmp.Diff(want, s.told()); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
	if s.tries > 65 {
		t.Errorf("it was tried %d times in a minute", s.tries)
	}
	s.lease(t, 1)
	s.fails = nil
	s.pass(time.Second)
	if len(s.holds) != 1 {
		t.Errorf("the disk holds %v", s.holds)
	}
}

// A storm does not try a disk that fails with each packet.
func TestADiskThatFailsIsNotTriedWithEachPacket(t *testing.T) {
	s := newStored(t, errFull)
	for range 1000 {
		s.lease(t, 1)
	}
	if s.tries > 2 {
		t.Errorf("it was tried %d times at once", s.tries)
	}
}

const year = 365 * 24 * time.Hour

// The wall clock is turned while leases run, those of this server and those it was told of. They end by their own
// clock, and nothing else does by the wall's.
func TestATurnedClockEndsNoLeaseAndMakesNoneEternal(t *testing.T) {
	for name, by := range map[string]time.Duration{"a year ahead": year, "a year back": -year, "not at all": 0} {
		t.Run(name, func(t *testing.T) {
			own := noon // by which leases end
			cfg := isolated(t)
			cfg.Clock = func() time.Time { return own }
			cfg.Lease.Ranges[0].Last = cfg.Lease.Ranges[0].First.Next() // two addresses
			first := cfg.Lease.Ranges[0].First
			cfg.Known = []lease.Lease{{Addr: first, HWType: 1, MAC: []byte{2, 0, 0, 0, 0, 9}, Expires: noon.Add(time.Hour)}}
			m := dhcpd.NewMachine(cfg)
			now := time.Now()
			ask := func(at time.Time, n byte) (got []*dhcpv4.DHCPv4) {
				m.Receive(at, from(n, dhcpv4.MessageTypeDiscover, nil))
				if got = answers(t, m); len(got) != 1 {
					return nil
				}
				m.Receive(at, from(n, dhcpv4.MessageTypeRequest, got[0].YourIPAddr))
				return answers(t, m)
			}
			if got := ask(now, 1); len(got) != 1 {
				t.Fatalf("no lease: %v", got)
			}
			turned := turn.Wall(now.Add(time.Minute), by)
			if got := ask(turned, 2); len(got) != 0 {
				t.Errorf("somebody else is given %v", got[0].YourIPAddr)
			}
			own = noon.Add(time.Hour)
			if got := ask(turned.Add(time.Hour), 3); len(got) != 1 || got[0].YourIPAddr.String() != first.String() {
				t.Errorf("when the first lease is over another client gets %v", got)
			}
			if got := ask(turned.Add(time.Hour), 4); len(got) != 1 {
				t.Errorf("when the other is over another client gets %v", got)
			}
		})
	}
}

// What waits goes out in its time, whatever the wall clock says.
func TestATurnedClockDelaysNoAnswer(t *testing.T) {
	for name, by := range map[string]time.Duration{"a year ahead": year, "a year back": -year} {
		cfg := written(t, "dhcp-reply-delay=2\ndhcp-range=192.168.9.100,192.168.9.110\nno-ping\n", eth0())
		m := dhcpd.NewMachine(cfg)
		now := time.Now()
		m.Receive(now, from(1, dhcpv4.MessageTypeDiscover, nil))
		m.Expire(turn.Wall(now.Add(time.Second), by))
		if got := answers(t, m); len(got) != 0 {
			t.Errorf("%s: an answer comes early", name)
		}
		m.Expire(turn.Wall(now.Add(2*time.Second), by))
		if got := answers(t, m); len(got) != 1 {
			t.Errorf("%s: no answer in time: %v", name, got)
		}
	}
}
