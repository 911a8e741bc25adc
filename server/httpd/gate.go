package httpd

import (
	"bytes"
	"cmp"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"github.com/bootrig/bootrig/wire/event"
)

// Limits bound what clients can hold. Zero values are useful.
type Limits struct {
	Conns     int            // connections at a time; 0: 1024
	PerClient int            // of these of one address; 0: a quarter, or 16 if that is more
	Stall     time.Duration  // how long a client may take nothing; 0: a minute
	Body      time.Duration  // how long a body may take that we do not want; 0: 10 s
	Rule      func() string  // the line that has us serve, by now
	Events    event.Recorder // nil: nobody listens
}

func (l Limits) filled() Limits {
	l.Conns = cmp.Or(l.Conns, 1024)
	l.PerClient = min(cmp.Or(l.PerClient, max(l.Conns/4, 16)), l.Conns)
	l.Stall = cmp.Or(l.Stall, stall)
	l.Body = cmp.Or(l.Body, 10*time.Second)
	if l.Events == nil {
		l.Events = event.Discard
	}
	if l.Rule == nil {
		l.Rule = func() string { return "" }
	}
	return l
}

// A gate lets connections in as long as there is room. Where there is none, the one that is neglected
// longest gives way: of the same client, if it is that which has too many, or of all. Whoever is being
// answered may be slow for a while.
type gate struct {
	Limits
	mu      sync.Mutex
	conns   map[*conn]bool
	clients map[netip.Addr]int
	told    time.Time // that it is full
}

func newGate(l Limits) *gate {
	l = l.filled()
	return &gate{Limits: l, conns: map[*conn]bool{}, clients: map[netip.Addr]int{}}
}

// tellEvery is how often it is told that there is no room.
const tellEvery = time.Minute

// slow is how long a client that is being answered may take nothing while others wait.
const slow = 10 * time.Second

// enter takes a connection in, or nil.
func (g *gate) enter(c net.Conn) *conn {
	peer, err := netip.ParseAddrPort(c.RemoteAddr().String())
	if err != nil {
		return nil
	}
	mine := &conn{Conn: c, gate: g, client: peer.Addr().Unmap()}
	mine.moves()
	g.mu.Lock()
	goes, ok := g.room(mine.client)
	if ok {
		g.conns[mine] = true
		g.clients[mine.client]++
	}
	g.mu.Unlock()
	if goes != nil {
		goes.stuck.Store(goes.doing.Load() == answering)
		goes.Close()
	}
	if !ok {
		return nil
	}
	return mine
}

// room finds out who has to go for a new connection, and whether it can be had.
func (g *gate) room(client netip.Addr) (goes *conn, ok bool) {
	crowded := g.clients[client] >= g.PerClient
	if !crowded && len(g.conns) < g.Conns {
		return nil, true
	}
	g.tell(client, crowded)
	longest, now := time.Duration(0), time.Now()
	for c := range g.conns {
		neglected := c.neglected(now)
		if c.left.Load() || crowded && c.client != client || c.doing.Load() == answering && neglected < slow {
			continue
		}
		if goes == nil || neglected > longest {
			goes, longest = c, neglected
		}
	}
	return goes, goes != nil
}

func (g *gate) tell(client netip.Addr, crowded bool) {
	now := time.Now()
	if now.Sub(g.told) < tellEvery {
		return
	}
	g.told = now
	text := fmt.Sprintf("http: there are %d connections, as many as we may have", len(g.conns))
	if crowded {
		text = fmt.Sprintf("http: %v has %d connections, as many as one address may have", client, g.clients[client])
	}
	g.Events.Record(event.Event{Time: now, Kind: event.Fault, Source: "server", Rule: g.Rule(), Text: text + ": those that ask for nothing give way"})
}

func (g *gate) leave(c *conn) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.conns, c)
	if g.clients[c.client]--; g.clients[c.client] <= 0 {
		delete(g.clients, c.client)
	}
}

// state is what net/http says of a connection.
func (g *gate) state(nc net.Conn, s http.ConnState) {
	if c, ok := nc.(*conn); ok && s == http.StateIdle {
		c.doing.Store(waiting)
		c.line.reset()
		c.moves()
	}
}

// refused records what net/http refuses by itself: a request that is none.
func (g *gate) refused(c *conn, answer []byte) {
	status, _, _ := bytes.Cut(answer, []byte("\r\n"))
	words := bytes.SplitN(status, []byte(" "), 3)
	if len(words) < 2 || !bytes.HasPrefix(words[0], []byte("HTTP/")) {
		return
	}
	code, err := strconv.Atoi(string(words[1]))
	if err != nil || code < 400 {
		return
	}
	e := event.Event{Time: time.Now(), Kind: event.HTTPResponse, Source: "server", Rule: g.Rule(), Client: c.client.String(),
		Path: strconv.QuoteToASCII(c.line.text.String()), Code: code, Text: "it is no request of HTTP"}
	if peer, err := netip.ParseAddrPort(c.RemoteAddr().String()); err == nil {
		e.Peer = peer
	}
	g.Events.Record(e)
}

// A listener is a net.Listener behind a gate.
type listener struct {
	net.Listener
	gate *gate
}

// Accept waits for a connection for which there is room.
func (l listener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if mine := l.gate.enter(c); mine != nil {
			unhurried(c)
			return mine, nil
		}
		c.Close()
	}
}
