package tftpd

import (
	"net/netip"
	"time"
)

const (
	forgiven   = time.Second // in which one answer that never came is forgotten
	mostOwed   = time.Minute // for one who owes more, it is as if he owed as many as are forgotten in that time
	tooMuch    = 10 * forgiven
	maxDebtors = 4096
)

// debts are the answers that addresses owe: to requests of theirs that they have not shown to want. Where there is no
// room for all, who owes more gives way to who owes less, so that a machine which needs a while to answer is not
// pushed out by those who never do.
type debts struct {
	until  map[netip.Addr]time.Time // when all are forgotten
	pruned time.Time
}

func newDebts() debts { return debts{until: map[netip.Addr]time.Time{}} }

// of is what an address owes now.
func (d *debts) of(now time.Time, addr netip.Addr) time.Duration {
	return max(d.until[addr].Sub(now), 0)
}

// add takes note of a request. Whoever is one too many to be known owes nothing.
func (d *debts) add(now time.Time, addr netip.Addr) {
	owes := d.of(now, addr)
	if owes == 0 && len(d.until) >= maxDebtors && !d.prune(now) {
		return
	}
	d.until[addr] = now.Add(min(owes+forgiven, mostOwed))
}

// pay takes note of an answer.
func (d *debts) pay(now time.Time, addr netip.Addr) {
	if owes := d.of(now, addr); owes > forgiven {
		d.until[addr] = now.Add(owes - forgiven)
	} else {
		delete(d.until, addr)
	}
}

// prune forgets those who owe nothing any more.
func (d *debts) prune(now time.Time) (room bool) {
	if now.Sub(d.pruned) < time.Second {
		return false
	}
	d.pruned = now
	for addr := range d.until {
		if d.of(now, addr) == 0 {
			delete(d.until, addr)
		}
	}
	return len(d.until) < maxDebtors
}
