package tftpd

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"golang.org/x/sys/unix"
)

// poll hands what comes to any of the sockets to the Machine, until ctx ends: one thread asks for all of
// them at once, and reads only where something is.
func (e *engine) poll(ctx context.Context, sockets []*socket) error {
	p, err := newPoller(sockets)
	if err != nil {
		return fmt.Errorf("tftp: %w", err)
	}
	defer p.close()
	stop := context.AfterFunc(ctx, p.wake)
	defer stop()
	events := make([]unix.EpollEvent, len(sockets)+1)
	for {
		n, err := unix.EpollWait(p.epoll, events, -1)
		if err != nil && err != unix.EINTR {
			return fmt.Errorf("tftp: waiting for sockets: %w", err)
		}
		e.mu.Lock()
		now := time.Now()
		for i := range max(n, 0) {
			in := p.inboxes[events[i].Fd]
			if in == nil {
				e.mu.Unlock()
				return fmt.Errorf("tftp: %w", net.ErrClosed) // it was wake
			}
			if events[i].Events&unix.EPOLLERR != 0 {
				e.trouble(in.socket)
			}
			n, err := in.read(unix.MSG_DONTWAIT)
			e.take(now, in, n, err)
		}
		e.mu.Unlock()
	}
}

// A poller knows the sockets by their descriptors.
type poller struct {
	epoll, event int
	inboxes      map[int32]*inbox
}

func newPoller(sockets []*socket) (*poller, error) {
	p := &poller{epoll: -1, event: -1, inboxes: map[int32]*inbox{}}
	err := p.open(sockets)
	if err != nil {
		p.close()
	}
	return p, err
}

func (p *poller) open(sockets []*socket) (err error) {
	if p.epoll, err = unix.EpollCreate1(unix.EPOLL_CLOEXEC); err != nil {
		return fmt.Errorf("epoll: %w", err)
	}
	if p.event, err = unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK); err != nil {
		return fmt.Errorf("eventfd: %w", err)
	}
	if err = p.add(p.event); err != nil {
		return err
	}
	for _, s := range sockets {
		raw, err := s.conn.SyscallConn()
		if err != nil {
			return err
		}
		failed := raw.Control(func(fd uintptr) {
			p.inboxes[int32(fd)] = newInbox(s)
			err = p.add(int(fd))
		})
		if err = errors.Join(err, failed); err != nil {
			return err
		}
	}
	return nil
}

func (p *poller) add(fd int) error {
	return unix.EpollCtl(p.epoll, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(fd)})
}

// wake ends the waiting for good.
func (p *poller) wake() { _, _ = unix.Write(p.event, []byte{1, 0, 0, 0, 0, 0, 0, 0}) }

func (p *poller) close() {
	for _, fd := range []int{p.epoll, p.event} {
		if fd >= 0 {
			_ = unix.Close(fd)
		}
	}
}
