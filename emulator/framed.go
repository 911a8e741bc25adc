package emulator

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"
	"syscall"
)

// queueBytes is how much waits for a guest that does not read; what comes then is lost, as on a card
// whose ring is full.
const queueBytes = 4 << 20

// A framed carries frames over a stream as QEMU's `-netdev socket` does: each after its length, 4 bytes,
// big endian (QEMU net/socket.c, net_socket_receive). One Read is one frame, one Write is one frame.
//
// Write never waits: the LAN's owner calls it, and a guest that stands still must not stop the others.
type framed struct {
	conn io.ReadWriteCloser
	in   *bufio.Reader

	mu      sync.Mutex
	queue   []byte
	pending *sync.Cond
	closed  bool
	done    chan struct{}
}

func newFramed(conn io.ReadWriteCloser) *framed {
	f := &framed{conn: conn, in: bufio.NewReaderSize(conn, 1<<17), done: make(chan struct{})}
	f.pending = sync.NewCond(&f.mu)
	go f.send()
	return f
}

// Read gives the next frame. A length that no frame has means that the two ends no longer agree.
func (f *framed) Read(p []byte) (int, error) {
	var prefix [4]byte
	if _, err := io.ReadFull(f.in, prefix[:]); err != nil {
		// A guest that ends with frames unread resets its end.
		if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET) {
			err = io.EOF
		}
		return 0, err
	}
	n := binary.BigEndian.Uint32(prefix[:])
	if n > uint32(len(p)) {
		return 0, fmt.Errorf("a frame of %d bytes", n)
	}
	if _, err := io.ReadFull(f.in, p[:n]); err != nil {
		return 0, io.EOF // the guest ended in the middle of a frame
	}
	return int(n), nil
}

func (f *framed) Write(frame []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return 0, io.ErrClosedPipe
	}
	if len(f.queue)+4+len(frame) > queueBytes {
		return 0, io.ErrShortBuffer
	}
	f.queue = binary.BigEndian.AppendUint32(f.queue, uint32(len(frame)))
	f.queue = append(f.queue, frame...)
	f.pending.Signal()
	return len(frame), nil
}

// send writes what has come together since the last write, in one go.
func (f *framed) send() {
	defer close(f.done)
	var batch []byte
	for {
		f.mu.Lock()
		for len(f.queue) == 0 && !f.closed {
			f.pending.Wait()
		}
		batch, f.queue = f.queue, batch[:0]
		closed := f.closed
		f.mu.Unlock()
		if closed {
			return
		}
		if _, err := f.conn.Write(batch); err != nil {
			f.shut() // the reader tells
			return
		}
	}
}

func (f *framed) shut() {
	f.mu.Lock()
	f.closed = true
	f.pending.Signal()
	f.mu.Unlock()
}

// Close ends both directions and waits for the writer.
func (f *framed) Close() error {
	f.shut()
	err := f.conn.Close()
	<-f.done
	return err
}
