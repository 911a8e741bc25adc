package load

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"slices"
	"time"
)

// A Config is what is fetched, and by how many.
type Config struct {
	Server  netip.AddrPort
	First   netip.Addr            // of the clients; zero: the socket's own, for one client
	Clients int                   // all begin at once
	Name    func(file int) string // of a file; nil: Name
	Files   int                   // clients fetch different ones, the next being the first again; 0: 1
	Size    int64                 // of a file
	Blksize int                   // 0: 512
	Window  int                   // 0: 1
	Timeout time.Duration         // before a client sends again what it sent last; 0: 1 s
}

// A Result is what became of the clients.
type Result struct {
	Wall    time.Duration   // from the first request to the last block
	Bytes   int64           // that the files have which came whole
	Took    []time.Duration // how long each file took that came whole, sorted
	Resends int             // packets that clients sent again
	Failed  int             // clients
	Err     error           // the first failure
}

// Name is what a file is called.
func Name(file int) string { return fmt.Sprint("f", file) }

// Run has all clients fetch at once by one socket. Its error is the socket's, or the end of ctx; a client's is part of
// the result.
func Run(ctx context.Context, conn *net.UDPConn, cfg Config) (Result, error) {
	w, err := newWire(conn, cfg)
	if err != nil {
		return Result{}, err
	}
	c := newCrowd(cfg)
	err = c.run(ctx, w)
	return c.result(), err
}

func newCrowd(cfg Config) *crowd {
	if cfg.Name == nil {
		cfg.Name = Name
	}
	cfg.Files, cfg.Blksize, cfg.Window = max(cfg.Files, 1), max(cfg.Blksize, 8), max(cfg.Window, 1)
	if cfg.Timeout == 0 {
		cfg.Timeout = time.Second
	}
	c := &crowd{cfg: cfg, clients: make([]client, cfg.Clients), left: cfg.Clients}
	for i := range c.clients {
		file := i % cfg.Files
		c.clients[i] = client{file: file, size: cfg.Size, packet: rrq(cfg.Name(file), cfg.Blksize, cfg.Window)}
	}
	return c
}

// A crowd is all clients.
type crowd struct {
	cfg     Config
	clients []client
	began   time.Time
	started int // how many have asked
	left    int // how many have not ended
}

// beat is how often it is looked who has waited too long.
const beat = 50 * time.Millisecond

func (c *crowd) run(ctx context.Context, w *wire) error {
	c.began = time.Now()
	for tick := c.began; c.left > 0; {
		for range min(maxBatch, len(c.clients)-c.started) { // between two batches of answers
			c.clients[c.started].heard = time.Now()
			c.clients[c.started].began = time.Since(c.began)
			w.put(c.started, c.cfg.Server.Port(), c.clients[c.started].packet)
			c.started++
		}
		if err := w.flush(); err != nil {
			return err
		}
		if now := time.Now(); !now.Before(tick) {
			if err := ctx.Err(); err != nil {
				return err
			}
			c.expire(now, w)
			tick = now.Add(beat)
			if err := w.until(tick); err != nil {
				return err
			}
		}
		if err := c.hear(w); err != nil {
			return err
		}
	}
	return w.flush()
}

// hear takes a batch of packets.
func (c *crowd) hear(w *wire) error {
	n, err := w.read(c.started == len(c.clients))
	if err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
		return err
	}
	now := time.Now()
	for i := range n {
		who, from, packet := w.packet(i)
		if who < 0 || who >= c.started {
			continue
		}
		cl := &c.clients[who]
		if cl.err != nil {
			continue
		}
		if cl.take(now, from, packet) {
			w.put(who, cl.peer, cl.packet)
		}
		c.look(now, cl)
	}
	return nil
}

// look notes the end of a client.
func (c *crowd) look(now time.Time, cl *client) {
	if cl.ended == 0 && (cl.err != nil || cl.whole()) {
		cl.ended = max(now.Sub(c.began), 1)
		c.left--
	}
}

func (c *crowd) expire(now time.Time, w *wire) {
	for i := range c.clients[:c.started] {
		cl := &c.clients[i]
		if cl.ended > 0 {
			continue
		}
		if cl.silence(now, c.cfg.Timeout) {
			to := cl.peer
			if to == 0 {
				to = c.cfg.Server.Port()
			}
			w.put(i, to, cl.packet)
		}
		c.look(now, cl)
	}
}

func (c *crowd) result() (r Result) {
	for i := range c.clients {
		cl := &c.clients[i]
		r.Resends += cl.resends
		if cl.err == nil && cl.ended > 0 {
			r.Wall = max(r.Wall, cl.ended)
			r.Bytes += cl.size
			r.Took = append(r.Took, cl.ended-cl.began)
			continue
		}
		r.Failed++
		if r.Err == nil && cl.err != nil {
			r.Err = fmt.Errorf("client %d, %s: %w", i+1, c.cfg.Name(cl.file), cl.err)
		}
	}
	slices.Sort(r.Took)
	return r
}
