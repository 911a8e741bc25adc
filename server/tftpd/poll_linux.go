package tftpd

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"runtime"
	"sync"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// poll hands what comes to any of the sockets of a poller to the Machine, until ctx ends: one goroutine asks for all of
// them at once, and reads only where something is.
func (e *Server) poll(ctx context.Context, p *poller) error {
	stop := context.AfterFunc(ctx, func() { p.Close() })
	defer stop()
	for {
		ready, err := p.wait()
		if err != nil {
			return fmt.Errorf("tftp: waiting for sockets: %w", err)
		}
		for _, event := range ready {
			if in := p.inbox(event.Fd); in != nil { // else it was closed meanwhile
				n, err := in.read()
				p.clients = e.take(in, n, err != nil || event.Events&unix.EPOLLERR != 0)
				runtime.Gosched() // as many lanes as processors leave none for a request
			}
		}
	}
}

// A poller is an epoll of the sockets, which itself is a file of the runtime's: who waits for it holds no
// thread.
type poller struct {
	*os.File
	raw    syscall.RawConn
	events []unix.EpollEvent

	mu      sync.Mutex
	inboxes map[int32]*inbox // by descriptor

	looks func(fd uintptr) bool // look
	n     int
	err   error
	since time.Time     // it waits
	awake time.Duration // before it sleeps
	slept bool
	vigil vigil

	clients int // that the Server has
}

func newPoller() (*poller, error) {
	fd, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("epoll: %w", err)
	}
	if err := unix.SetNonblock(fd, true); err != nil {
		_ = unix.Close(fd)
		return nil, fmt.Errorf("epoll: %w", err)
	}
	p := &poller{File: os.NewFile(uintptr(fd), "epoll"), inboxes: map[int32]*inbox{}, events: make([]unix.EpollEvent, maxBatch)}
	p.looks = p.look
	if p.raw, err = p.SyscallConn(); err != nil {
		p.Close()
		return nil, fmt.Errorf("epoll: %w", err)
	}
	return p, nil
}

// inbox is that of a descriptor; nil: it has none.
func (p *poller) inbox(fd int32) *inbox {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.inboxes[fd]
}

func (p *poller) add(s *socket) error {
	return p.with(s, func(epoll, fd int) error {
		p.inboxes[int32(fd)] = newInbox(s)
		return unix.EpollCtl(epoll, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(fd)})
	})
}

// remove forgets a socket that is to be closed.
func (p *poller) remove(s *socket) {
	_ = p.with(s, func(epoll, fd int) error {
		delete(p.inboxes, int32(fd))
		return unix.EpollCtl(epoll, unix.EPOLL_CTL_DEL, fd, nil)
	})
}

func (p *poller) with(s *socket, do func(epoll, fd int) error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	raw, err := s.conn.SyscallConn()
	if err != nil {
		return err
	}
	failed := p.raw.Control(func(epoll uintptr) {
		failed := raw.Control(func(fd uintptr) { err = do(int(epoll), int(fd)) })
		err = errors.Join(err, failed)
	})
	return errors.Join(err, failed)
}

// wait gives the sockets where something is.
func (p *poller) wait() (ready []unix.EpollEvent, err error) {
	p.since, p.slept = time.Now(), false
	p.awake = p.vigil.lasts(p.since, p.clients)
	failed := p.raw.Read(p.looks)
	switch {
	case errors.Is(failed, os.ErrClosed):
		return nil, net.ErrClosed
	case failed != nil:
		return nil, failed
	}
	if p.slept {
		p.vigil.woke(p.since, time.Now())
	}
	return p.events[:p.n], p.err
}

// look asks what is there, and tells whether something is. Its call does not wait, as those of calls.
func (p *poller) look(fd uintptr) bool {
	for {
		n, _, errno := unix.RawSyscall6(unix.SYS_EPOLL_PWAIT, fd, uintptr(unsafe.Pointer(&p.events[0])), uintptr(len(p.events)), 0, 0, 0)
		switch p.n, p.err = int(n), nil; {
		case errno == unix.EINTR:
			continue
		case errno != 0:
			p.n, p.err = 0, errno
			return true
		case n > 0:
			return true
		case time.Since(p.since) >= p.awake:
			p.awake, p.slept = 0, true
			return false
		}
	}
}
