package tftpd

import (
	"net/netip"
	"testing"
	"time"
)

// Ten addresses ask a hundred times a second and never answer, where there are six places. A machine that needs half a
// second for each answer gets its file.
func TestWhoNeedsAWhileToAnswerIsNotPushedOutByWhoNeverDoes(t *testing.T) {
	r := newRoom(Config{MaxTransfers: 6})
	enemies := 0
	flood := func(d time.Duration) {
		for until := r.now.Add(d); r.now.Before(until); enemies++ {
			r.pass(10 * time.Millisecond)
			r.ask(netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 9, 9, byte(enemies % 10)}), uint16(3000+enemies%1000)), Option{"tsize", "0"})
		}
	}
	flood(5 * time.Second)
	for n := range 4 { // machines, all at once
		r.ask(client(n))
	}
	for block := range uint16(5) {
		flood(500 * time.Millisecond)
		for n := range 4 {
			if !r.runs(client(n)) {
				t.Fatalf("machine %d has lost its place before it acknowledged block %d", n, block+1)
			}
			r.ack(client(n), block+1)
		}
	}
	// They leave places for each other, and for the others of these addresses that do answer.
	if n := len(r.m.table.clients); n != 6 {
		t.Errorf("%d places are taken, want all", n)
	}
	late := netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 9, 9, 1}), 9)
	r.pass(mostOwed + time.Second)
	r.ask(late)
	if r.ack(late, 1); !r.runs(late) || len(r.got[late]) != 2 {
		t.Errorf("a minute after the flood one of its addresses has %d blocks", len(r.got[late]))
	}
}

func TestDebtsAreForgottenAndBounded(t *testing.T) {
	d, now := newDebts(), start
	for range 100 {
		d.add(now, client(1).Addr())
	}
	if owes := d.of(now, client(1).Addr()); owes != mostOwed {
		t.Errorf("it owes %v, want %v", owes, mostOwed)
	}
	d.pay(now, client(1).Addr())
	now = now.Add(10 * time.Second)
	if owes := d.of(now, client(1).Addr()); owes != mostOwed-11*time.Second {
		t.Errorf("after an answer and 10 s it owes %v", owes)
	}
	for n := range 3 * maxDebtors {
		d.add(now, client(2+n).Addr())
	}
	if len(d.until) > maxDebtors {
		t.Errorf("%d addresses are known, want %d at most", len(d.until), maxDebtors)
	}
	if owes := d.of(now, client(1).Addr()); owes == 0 {
		t.Error("one who owes is forgotten for those who have just come")
	}
	now = now.Add(2 * mostOwed)
	if d.add(now, client(0).Addr()); len(d.until) != 1 {
		t.Errorf("%d are known when all are forgotten but one", len(d.until))
	}
}
