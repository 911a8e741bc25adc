package load

import (
	"errors"

	"golang.org/x/sys/unix"
)

// transient tells what concerns one packet: the peer's port is closed, the queue of the card is full.
func transient(err error) bool {
	return errors.Is(err, unix.ECONNREFUSED) || errors.Is(err, unix.ENOBUFS) || errors.Is(err, unix.EPERM)
}

// full tells whether the socket's buffer is: there will be room.
func full(err error) bool { return errors.Is(err, unix.EAGAIN) }
