package qemu

import (
	"context"
	"sync"

	"github.com/digitalocean/go-qemu/qmp"
)

// A stream is a queue without bound between the monitor's reader, which must never wait, and one
// listener, which may.
type stream struct {
	mu     sync.Mutex
	queue  []qmp.Event
	ended  bool
	wakeup chan struct{}
}

func newStream() *stream { return &stream{wakeup: make(chan struct{}, 1)} }

func (s *stream) put(e qmp.Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.ended {
		s.queue = append(s.queue, e)
		s.wake()
	}
}

func (s *stream) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended = true
	s.wake()
}

func (s *stream) wake() {
	select {
	case s.wakeup <- struct{}{}:
	default:
	}
}

// pump hands the queue to out until the stream or ctx ends, and closes out.
func (s *stream) pump(ctx context.Context, out chan<- qmp.Event) {
	defer close(out)
	defer s.close()
	for {
		s.mu.Lock()
		batch, ended := s.queue, s.ended
		s.queue = nil
		s.mu.Unlock()
		for _, e := range batch {
			select {
			case out <- e:
			case <-ctx.Done():
				return
			}
		}
		if ended {
			return
		}
		select {
		case <-s.wakeup:
		case <-ctx.Done():
			return
		}
	}
}
