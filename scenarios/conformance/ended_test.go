package conformance

import (
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/bootrig/bootrig/emulator/tap"
	"github.com/bootrig/bootrig/internal/peer"
	"github.com/bootrig/bootrig/server/config/dnsmasq"
	"github.com/bootrig/bootrig/server/lease"
)

// A past is a lease that both servers know from before they were started.
type past struct {
	who  string
	addr string
	left time.Duration // negative: it is over; 0: it never ends
}

// soon is what a lease has left that ends while its scene is played. dnsmasq makes none that short, but it
// reads one.
const soon = 2 * time.Second

// tick is how late the clock of whole seconds may be.
const tick = 50 * time.Millisecond

// pasts are scenes that begin with leases. after is when those end that end soon.
func pasts(after time.Time) map[string]struct {
	conf   string
	leases []past
	acts   []act
} {
	ann, bob, cid, dot := who("ann"), who("bob"), who("cid"), who("dot")
	over := func(a act) act { a.ended = true; return a }
	later := func(a act) act { a.until = after.Add(tick); return a }
	const many = "dhcp-range=192.168.9.50,192.168.9.99\n"
	const ended = -time.Hour
	return map[string]struct {
		conf   string
		leases []past
		acts   []act
	}{
		"leases of before": {many, []past{{"ann", "192.168.9.60", time.Hour}, {"bob", "192.168.9.61", 0}}, []act{
			reboot(ann), renew(ann), rebind(ann), discover(ann), taken(cid, "192.168.9.60"), inform(bob), reboot(bob), discover(bob), release(bob), taken(cid, "192.168.9.61"),
		}},
		"leases that are over": {many, []past{{"ann", "192.168.9.60", ended}, {"bob", "192.168.9.61", ended}, {"cid", "192.168.9.62", ended}}, []act{
			over(reboot(ann)), taken(dot, "192.168.9.61"), reboot(bob), renew(bob), over(renew(cid)), taken(ann, "192.168.9.70"),
		}},
		"leases that are over, authoritative": {"dhcp-authoritative\n" + many, []past{{"ann", "192.168.9.60", ended}, {"bob", "192.168.9.61", ended}}, []act{
			reboot(ann), renew(ann), taken(dot, "192.168.9.61"), reboot(bob), renew(bob),
		}},
		"over, and out of the range": {"dhcp-authoritative\n" + many, []past{{"ann", "192.168.9.200", ended}, {"bob", "192.168.9.201", time.Hour}}, []act{
			reboot(ann), renew(ann), discover(ann), reboot(bob), renew(bob), discover(bob),
		}},
		"leases whose address is a host's now": {many + "dhcp-host=52:54:00:07:07:02,192.168.9.60\n", []past{{"ann", "192.168.9.60", time.Hour}, {"bob", "192.168.9.70", time.Hour}}, []act{
			reboot(bob), renew(bob), discover(bob), reboot(ann), discover(ann), take(ann), discover(bob), take(bob),
		}},
		"a host that moves": {many + "dhcp-host=52:54:00:07:07:01,192.168.9.60\n", []past{{"ann", "192.168.9.70", time.Hour}}, []act{
			renew(ann), reboot(ann), discover(ann), take(ann), rebootAt(ann, "192.168.9.70"), taken(bob, "192.168.9.70"),
		}},
		"leases that end meanwhile": {many, []past{{"ann", "192.168.9.60", soon}, {"bob", "192.168.9.61", soon}, {"cid", "192.168.9.62", soon}}, []act{
			taken(dot, "192.168.9.60"), renew(bob), inform(cid), later(taken(dot, "192.168.9.60")), renew(ann), reboot(ann), discover(ann), renew(bob), over(rebind(cid)),
		}},
		"the only address becomes free": {"dhcp-range=192.168.9.50,192.168.9.50\n", []past{{"ann", "192.168.9.50", soon}}, []act{
			discover(bob), later(discover(bob)), take(bob), renew(ann), discover(ann),
		}},
		"the only lease becomes free": {"dhcp-lease-max=1\n" + many, []past{{"ann", "192.168.9.50", soon}}, []act{
			taken(bob, "192.168.9.60"), later(taken(bob, "192.168.9.60")), renew(ann), taken(ann, "192.168.9.50"),
		}},
	}
}

// TestTheRealDnsmasqEndsLeasesAlike plays them: dnsmasq reads the leases in its file, ours knows them.
func TestTheRealDnsmasqEndsLeasesAlike(t *testing.T) { against(t, endsLeasesAlike) }

func endsLeasesAlike(t *testing.T, d peer.Program) {
	sum := tally{peer: d, excused: map[string]int{}}
	t.Run("scenes", func(t *testing.T) { // at once, since some wait
		for name := range pasts(time.Time{}) {
			t.Run(name, func(t *testing.T) { t.Parallel(); sum.past(t, name) })
		}
	})
	sum.counts(t)
	sum.excuses(t)
	tshark(t, sum.sent)
}

func (s *tally) past(t *testing.T, name string) {
	now := time.Now().Truncate(time.Second)
	of := pasts(now.Add(soon))[name]
	var file strings.Builder
	var known []lease.Lease
	has := map[string]tenant{}
	for _, p := range of.leases {
		k, at := who(p.who), netip.MustParseAddr(p.addr)
		l := lease.Lease{Addr: at, HWType: 1, MAC: net.HardwareAddr(k.mac[:])}
		ends := int64(0)
		if p.left != 0 {
			l.Expires = now.Add(p.left)
			ends = l.Expires.Unix()
		}
		known, has[p.who] = append(known, l), tenant{kind: k, has: at}
		fmt.Fprintf(&file, "%d %s %s * *\n", ends, l.MAC, at)
	}
	path := filepath.Join(t.TempDir(), "leases")
	if err := os.WriteFile(path, []byte(file.String()), 0o666); err != nil {
		t.Fatal(err)
	}
	conf := "port=0\nno-ping\n" + of.conf
	cfg, err := dnsmasq.Parse("dnsmasq.conf", []byte(conf))
	if err != nil {
		t.Fatal(err)
	}
	s.one()
	s.play(t, name, conf, of.acts, startDnsmasq(t, s.peer, []byte(conf), tap.Bind{Host: path, Inside: leaseFile}), newLessor(cfg, known...), has)
}
