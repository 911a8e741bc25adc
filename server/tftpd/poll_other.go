//go:build !linux

package tftpd

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// A poller reads each of the transfers' sockets by a goroutine of its own.
type poller struct {
	added chan *socket
	ended chan struct{}
}

func newPoller() (*poller, error) {
	return &poller{added: make(chan *socket, 1<<16), ended: make(chan struct{})}, nil
}

func (p *poller) add(s *socket) error { p.added <- s; return nil }
func (*poller) remove(*socket)        {}

// Close does nothing: the readers end with their sockets.
func (*poller) Close() error { return nil }

// poll hands what comes to any of the transfers' sockets to the Machine, until they are closed.
func (e *Server) poll(ctx context.Context) error {
	var group errgroup.Group
	for {
		select {
		case s := <-e.poller.added:
			group.Go(func() error { _ = e.read(s); return nil })
		case <-ctx.Done():
			return group.Wait()
		}
	}
}
