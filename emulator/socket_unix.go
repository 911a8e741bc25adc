//go:build unix

package emulator

import (
	"fmt"
	"os"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/bootrig/bootrig/emulator/link"
)

// Socket makes a port for a guest that takes its wire as a file descriptor, as QEMU does with
// `-netdev socket,fd=N`, in a VLAN of the LAN. The caller gives guestEnd to the guest's process and then closes it
// here, so that the port sees the guest's end; qemu.Start does both.
func (l *Lab) Socket(name string, vlan uint16) (guestEnd *os.File, port link.Port, err error) {
	pair, err := socketPair()
	if err != nil {
		return nil, 0, fmt.Errorf("socket of %s: %w", name, err)
	}
	guestEnd = os.NewFile(uintptr(pair[1]), name)
	if err := unix.SetNonblock(pair[0], true); err != nil { // so that Close wakes a Read
		unix.Close(pair[0])
		guestEnd.Close()
		return nil, 0, fmt.Errorf("socket of %s: %w", name, err)
	}
	wire := newFramed(os.NewFile(uintptr(pair[0]), name))
	if port, err = l.Attach(name, wire, vlan); err != nil {
		wire.Close()
		guestEnd.Close()
		return nil, 0, err
	}
	return guestEnd, port, nil
}

// socketPair makes one that no process inherits unasked. Not every Unix can ask for that in one call.
func socketPair() (pair [2]int, err error) {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	if pair, err = unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0); err != nil {
		return pair, err
	}
	unix.CloseOnExec(pair[0])
	unix.CloseOnExec(pair[1])
	return pair, nil
}
