package tftpd

import (
	"container/list"
	"net/netip"
	"time"
)

// maxFresh is how many transfers that it has not answered one address may have. Fifty machines
// behind one router that is their address, all switched on at once, stay below it.
const maxFresh = 64

// A table holds the transfers that run, one for each client, and knows who gives way when there is no
// room: of those whose clients have not answered, which may all be forgeries, the oldest of whose address owes most
// answers. One address has only a share. Who has answered stays.
type table struct {
	max, perAddr int
	clients      map[netip.AddrPort]*running
	shares       map[netip.Addr]*share
	fresh        *list.List // all whose clients have not answered, the oldest first
	debts        debts
}

// A share is what one address has of the table.
type share struct {
	transfers int
	fresh     *list.List
	told      bool // that it has all it may have
}

func newTable(cfg Config) table {
	return table{max: cfg.MaxTransfers, perAddr: cfg.MaxPerClient,
		clients: map[netip.AddrPort]*running{}, shares: map[netip.Addr]*share{}, fresh: list.New(), debts: newDebts()}
}

// room tells whether another transfer of an address can be had, and who has to go for it. crowded says
// that it is the address that has too many.
func (t *table) room(now time.Time, addr netip.Addr) (goes *running, crowded, ok bool) {
	s := t.shares[addr]
	if s != nil && (s.transfers >= t.perAddr && t.perAddr < t.max || s.fresh.Len() >= maxFresh) {
		goes, ok = oldest(s.fresh)
		return goes, true, ok
	}
	if len(t.clients) < t.max {
		return nil, false, true
	}
	goes, owes := t.worst(now)
	if goes == nil || owes < t.debts.of(now, addr) {
		return nil, false, false
	}
	return goes, false, true
}

// lookedAt is how many of the oldest transfers are compared.
const lookedAt = 64

// worst is the transfer of whose address owes most, the oldest of several.
func (t *table) worst(now time.Time) (goes *running, owes time.Duration) {
	for e, n := t.fresh.Front(), 0; e != nil && n < lookedAt; e, n = e.Next(), n+1 {
		r := e.Value.(*running)
		if debt := t.debts.of(now, r.client.Addr()); goes == nil || debt > owes {
			goes, owes = r, debt
		}
	}
	return goes, owes
}

func oldest(l *list.List) (*running, bool) {
	if l.Len() == 0 {
		return nil, false
	}
	return l.Front().Value.(*running), true
}

func (t *table) add(now time.Time, r *running) {
	addr := r.client.Addr()
	s := t.shares[addr]
	if s == nil {
		s = &share{fresh: list.New()}
		t.shares[addr] = s
	}
	s.transfers++
	t.clients[r.client] = r
	r.inTable, r.inShare = t.fresh.PushBack(r), s.fresh.PushBack(r)
	t.debts.add(now, addr)
}

// settle takes note of a client's first answer.
func (t *table) settle(now time.Time, r *running) {
	if r.inTable != nil {
		t.debts.pay(now, r.client.Addr())
		t.unlist(r)
	}
}

// unlist takes a transfer from those whose clients have not answered.
func (t *table) unlist(r *running) {
	if r.inTable == nil {
		return
	}
	t.fresh.Remove(r.inTable)
	t.shares[r.client.Addr()].fresh.Remove(r.inShare)
	r.inTable, r.inShare = nil, nil
}

func (t *table) remove(r *running) {
	if t.clients[r.client] != r {
		return
	}
	t.unlist(r)
	delete(t.clients, r.client)
	addr := r.client.Addr()
	if s := t.shares[addr]; s.transfers > 1 {
		s.transfers--
	} else {
		delete(t.shares, addr)
	}
}
