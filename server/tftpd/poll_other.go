//go:build !linux

package tftpd

import (
	"context"
	"errors"
	"fmt"
	"net"

	"golang.org/x/sync/errgroup"
)

// A poller reads each of its sockets by a goroutine of its own.
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

// poll hands what comes to any of the sockets of a poller to the Machine, until they are closed.
func (e *Server) poll(ctx context.Context, p *poller) error {
	var group errgroup.Group
	for {
		select {
		case s := <-p.added:
			group.Go(func() error { _ = e.read(s); return nil })
		case <-ctx.Done():
			return group.Wait()
		}
	}
}

// read hands what comes to one socket to the Machine, until the socket is closed.
func (e *Server) read(s *socket) error {
	in := newInbox(s)
	for {
		n, err := in.read()
		if errors.Is(err, net.ErrClosed) {
			return fmt.Errorf("tftp: the socket was closed: %w", err)
		}
		e.take(in, n, err != nil)
	}
}
