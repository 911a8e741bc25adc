package tftpd

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// poll hands what comes to any of the sockets to the Machine, until ctx ends: one goroutine asks for all of
// them at once, and reads only where something is.
func (e *engine) poll(ctx context.Context, sockets []*socket) error {
	p, err := newPoller(sockets)
	if err != nil {
		return fmt.Errorf("tftp: %w", err)
	}
	defer p.file.Close()
	stop := context.AfterFunc(ctx, func() { p.file.Close() })
	defer stop()
	for {
		ready, err := p.wait()
		if err != nil {
			return fmt.Errorf("tftp: waiting for sockets: %w", err)
		}
		e.mu.Lock()
		now := time.Now()
		for _, event := range ready {
			in := p.inboxes[event.Fd]
			if event.Events&unix.EPOLLERR != 0 {
				e.trouble(in.socket)
			}
			n, err := in.read(unix.MSG_DONTWAIT)
			e.take(now, in, n, err)
		}
		e.mu.Unlock()
	}
}

// A poller is an epoll of the sockets, which itself is a file of the runtime's: who waits for it holds no
// thread.
type poller struct {
	file    *os.File
	raw     syscall.RawConn
	inboxes map[int32]*inbox // by descriptor
	events  []unix.EpollEvent
}

func newPoller(sockets []*socket) (*poller, error) {
	fd, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("epoll: %w", err)
	}
	if err := unix.SetNonblock(fd, true); err != nil {
		_ = unix.Close(fd)
		return nil, fmt.Errorf("epoll: %w", err)
	}
	p := &poller{file: os.NewFile(uintptr(fd), "epoll"), inboxes: map[int32]*inbox{}, events: make([]unix.EpollEvent, len(sockets))}
	if p.raw, err = p.file.SyscallConn(); err != nil {
		p.file.Close()
		return nil, fmt.Errorf("epoll: %w", err)
	}
	for _, s := range sockets {
		if err := p.add(fd, s); err != nil {
			p.file.Close()
			return nil, err
		}
	}
	return p, nil
}

func (p *poller) add(epoll int, s *socket) error {
	raw, err := s.conn.SyscallConn()
	if err != nil {
		return err
	}
	failed := raw.Control(func(fd uintptr) {
		p.inboxes[int32(fd)] = newInbox(s)
		err = unix.EpollCtl(epoll, unix.EPOLL_CTL_ADD, int(fd), &unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(fd)})
	})
	return errors.Join(err, failed)
}

// wait gives the sockets where something is.
func (p *poller) wait() (ready []unix.EpollEvent, err error) {
	n := 0
	failed := p.raw.Read(func(fd uintptr) bool {
		n, err = unix.EpollWait(int(fd), p.events, 0)
		return n != 0 && !errors.Is(err, unix.EINTR)
	})
	switch {
	case errors.Is(failed, os.ErrClosed):
		return nil, net.ErrClosed
	case failed != nil:
		return nil, failed
	}
	return p.events[:max(n, 0)], err
}
