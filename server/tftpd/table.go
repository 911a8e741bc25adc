package tftpd

import (
	"container/list"
	"net/netip"
)

// maxFresh is how many transfers that it has not answered one address may have. Fifty machines
// behind one router that is their address, all switched on at once, stay below it.
const maxFresh = 64

// A table holds the transfers that run, one for each client, and knows who gives way when there is no
// room: the oldest of those whose clients have not answered, which may all be forgeries. One address has
// only a share. Who has answered stays.
type table struct {
	max, perAddr int
	clients      map[netip.AddrPort]*running
	shares       map[netip.Addr]*share
	fresh        *list.List // all whose clients have not answered, the oldest first
}

// A share is what one address has of the table.
type share struct {
	transfers int
	fresh     *list.List
	told      bool // that it has all it may have
}

func newTable(cfg Config) table {
	return table{max: cfg.MaxTransfers, perAddr: cfg.MaxPerClient,
		clients: map[netip.AddrPort]*running{}, shares: map[netip.Addr]*share{}, fresh: list.New()}
}

// room tells whether another transfer of an address can be had, and who has to go for it. crowded says
// that it is the address that has too many.
func (t *table) room(addr netip.Addr) (goes *running, crowded, ok bool) {
	s := t.shares[addr]
	if s != nil && (s.transfers >= t.perAddr && t.perAddr < t.max || s.fresh.Len() >= maxFresh) {
		goes, ok = oldest(s.fresh)
		return goes, true, ok
	}
	if len(t.clients) < t.max {
		return nil, false, true
	}
	goes, ok = oldest(t.fresh)
	return goes, false, ok
}

func oldest(l *list.List) (*running, bool) {
	if l.Len() == 0 {
		return nil, false
	}
	return l.Front().Value.(*running), true
}

func (t *table) add(r *running) {
	addr := r.client.Addr()
	s := t.shares[addr]
	if s == nil {
		s = &share{fresh: list.New()}
		t.shares[addr] = s
	}
	s.transfers++
	t.clients[r.client] = r
	r.inTable, r.inShare = t.fresh.PushBack(r), s.fresh.PushBack(r)
}

// settle takes note of a client's first answer.
func (t *table) settle(r *running) {
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
	t.settle(r)
	delete(t.clients, r.client)
	addr := r.client.Addr()
	if s := t.shares[addr]; s.transfers > 1 {
		s.transfers--
	} else {
		delete(t.shares, addr)
	}
}
