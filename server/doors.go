package server

import (
	"context"
	"errors"
	"net"
	"sync"
	"time"
)

// An entrance is an interface by which HTTP may be asked, "" for all, and where. Two that have one name, one after
// the other, are two.
type entrance struct {
	name  string
	index int
	addr  string // and port
	port  uint16
}

// loopback is the interface by which a host asks itself.
const loopback = "lo"

// doors are a net.Listener for each entrance, as one: entrances come and go under whoever accepts.
type doors struct {
	listen  func(entrance) (net.Listener, error)
	holders Holders
	in      chan net.Conn
	closed  chan struct{}

	mu   sync.Mutex
	over bool
	open map[entrance]net.Listener
}

func newDoors(ctx context.Context, given givens, others Holders) *doors {
	return &doors{
		in: make(chan net.Conn), closed: make(chan struct{}), open: map[entrance]net.Listener{},
		listen: func(e entrance) (net.Listener, error) {
			if l := given.tcp(e); l != nil {
				return l, nil
			}
			return listen(ctx, e.name, e.addr)
		},
		holders: others,
	}
}

// move opens and closes what is missing of some entrances, and too much. Who has come in already may stay.
func (d *doors) move(to []entrance) (failed []error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.over {
		return nil
	}
	wanted := map[entrance]bool{}
	for _, e := range to {
		wanted[e] = true
	}
	for e, l := range d.open {
		if !wanted[e] {
			l.Close()
			delete(d.open, e)
		}
	}
	for _, e := range to {
		if d.open[e] != nil {
			continue
		}
		l, err := d.listen(e)
		switch {
		case err == nil:
			d.open[e] = l
			go d.accept(l)
		case e.name != loopback: // somebody else may have that
			failed = append(failed, d.holders.explain(err, "tcp", e.port, e.name))
		}
	}
	return failed
}

// accept lets in who comes by one of the listeners. When there are no more files for them, it waits a moment.
func (d *doors) accept(l net.Listener) {
	for {
		c, err := l.Accept()
		switch {
		case errors.Is(err, net.ErrClosed):
			return
		case err != nil:
			select {
			case <-time.After(100 * time.Millisecond):
			case <-d.closed:
				return
			}
			continue
		}
		select {
		case d.in <- c:
		case <-d.closed:
			c.Close()
			return
		}
	}
}

// Accept waits for the next who comes by any of them.
func (d *doors) Accept() (net.Conn, error) {
	select {
	case c := <-d.in:
		return c, nil
	case <-d.closed:
		return nil, net.ErrClosed
	}
}

// Close closes all.
func (d *doors) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.over {
		return nil
	}
	d.over = true
	close(d.closed)
	for _, l := range d.open {
		l.Close()
	}
	return nil
}

// Addr is no one place: doors come and go.
func (d *doors) Addr() net.Addr { return nowhere{} }

type nowhere struct{}

func (nowhere) Network() string { return "tcp" }
func (nowhere) String() string  { return "its doors" }
