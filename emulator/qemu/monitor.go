package qemu

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"strconv"
	"sync"
	"time"

	"github.com/digitalocean/go-qemu/qmp"
)

// replyTimeout bounds a command: QEMU answers within milliseconds or never.
const replyTimeout = 30 * time.Second

// errMonitorClosed is what commands get once the machine is gone.
var errMonitorClosed = errors.New("the machine has ended")

// A monitor speaks QMP over a connection and is a qmp.Monitor. Commands carry ids, so that several
// may be under way and an event between a command and its reply moves nothing; events are always
// read, whoever listens, so that a burst of them cannot hold a reply up (QEMU, docs/interop/qmp-spec).
type monitor struct {
	conn    net.Conn
	onEvent func(qmp.Event)

	mu      sync.Mutex
	enc     *json.Encoder
	last    int
	waiting map[string]chan json.RawMessage
	streams []*stream
	reading bool
	closed  chan struct{} // the reader has ended
}

var _ qmp.Monitor = (*monitor)(nil)

// newMonitor takes over conn. onEvent, if there is one, is called for each event, in order.
func newMonitor(conn net.Conn, onEvent func(qmp.Event)) *monitor {
	return &monitor{
		conn:    conn,
		onEvent: onEvent,
		enc:     json.NewEncoder(conn),
		waiting: map[string]chan json.RawMessage{},
		closed:  make(chan struct{}),
	}
}

// Connect reads QEMU's greeting and leaves the negotiation mode. From then on the monitor reads. It is
// called once; after an error the connection is of no use.
func (m *monitor) Connect() error {
	dec := json.NewDecoder(m.conn)
	var greeting struct {
		QMP json.RawMessage `json:"QMP"`
	}
	if err := dec.Decode(&greeting); err != nil {
		return fmt.Errorf("qmp: no greeting: %w", err)
	}
	if greeting.QMP == nil {
		return errors.New("qmp: the first message is no greeting")
	}
	m.reading = true
	go m.read(dec)
	_, err := m.Run([]byte(`{"execute":"qmp_capabilities"}`))
	return err
}

// Disconnect closes the connection and waits for the reader.
func (m *monitor) Disconnect() error {
	err := m.conn.Close()
	if m.reading {
		<-m.closed
	}
	return err
}

// Run sends a command and waits for its reply, which it returns whole: {"return": ..., "id": ...}.
func (m *monitor) Run(command []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), replyTimeout)
	defer cancel()
	return m.run(ctx, command)
}

func (m *monitor) run(ctx context.Context, command []byte) ([]byte, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(command, &fields); err != nil {
		return nil, fmt.Errorf("qmp: command %q: %w", command, err)
	}
	id, reply, err := m.send(fields)
	if err != nil {
		return nil, err
	}
	defer m.forget(id)
	select {
	case raw := <-reply:
		return raw, replyError(raw)
	case <-m.closed:
		return nil, fmt.Errorf("qmp: %s: %w", fields["execute"], errMonitorClosed)
	case <-ctx.Done():
		return nil, fmt.Errorf("qmp: %s: %w", fields["execute"], ctx.Err())
	}
}

func (m *monitor) send(fields map[string]json.RawMessage) (string, <-chan json.RawMessage, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.last++
	id := strconv.Itoa(m.last)
	fields["id"] = json.RawMessage(strconv.Quote(id))
	reply := make(chan json.RawMessage, 1)
	m.waiting[id] = reply
	if err := m.enc.Encode(fields); err != nil {
		delete(m.waiting, id)
		return "", nil, fmt.Errorf("qmp: %s: %w", fields["execute"], err)
	}
	return id, reply, nil
}

func (m *monitor) forget(id string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.waiting, id)
}

func replyError(raw []byte) error {
	var reply struct {
		Error *struct{ Class, Desc string } `json:"error"`
	}
	if err := json.Unmarshal(raw, &reply); err != nil {
		return fmt.Errorf("qmp: %w", err)
	}
	if reply.Error != nil {
		return fmt.Errorf("qmp: %s", reply.Error.Desc)
	}
	return nil
}

// read is the one reader of the connection, until it is closed.
func (m *monitor) read(dec *json.Decoder) {
	defer m.end()
	for {
		var raw json.RawMessage
		if err := dec.Decode(&raw); err != nil {
			return
		}
		var head struct {
			ID    string `json:"id"`
			Event string `json:"event"`
		}
		if json.Unmarshal(raw, &head) != nil {
			continue
		}
		if head.Event != "" {
			m.event(raw)
			continue
		}
		m.mu.Lock()
		if reply := m.waiting[head.ID]; reply != nil {
			reply <- raw
			delete(m.waiting, head.ID)
		}
		m.mu.Unlock()
	}
}

func (m *monitor) event(raw json.RawMessage) {
	var e qmp.Event
	if json.Unmarshal(raw, &e) != nil {
		return
	}
	if m.onEvent != nil {
		m.onEvent(e)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, s := range m.streams {
		s.put(e)
	}
}

func (m *monitor) end() {
	m.mu.Lock()
	defer m.mu.Unlock()
	close(m.closed)
	for _, s := range m.streams {
		s.close()
	}
}

// Events gives the events from now on, until ctx ends or the machine does. They queue up for a slow
// reader.
func (m *monitor) Events(ctx context.Context) (<-chan qmp.Event, error) {
	s := newStream()
	m.mu.Lock()
	m.streams = append(m.streams, s)
	select {
	case <-m.closed:
		s.close()
	default:
	}
	m.mu.Unlock()
	out := make(chan qmp.Event)
	go s.pump(ctx, out)
	return out, nil
}
