package httpd

import (
	"errors"
	"io"
	"net"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// mostAtOnce bounds a call of sendfile(2), so that what moves is seen.
const mostAtOnce = 4 << 20

// sendfile gives what sends a part of a body over a connection as it lies in the page cache, up to mostAtOnce; nil if
// there is no such way.
func sendfile(to net.Conn, b *body) func(at, size int64) (int64, error) {
	tcp, isTCP := to.(syscall.Conn)
	if b == nil || !isTCP {
		return nil
	}
	file, onHost := b.file.ReaderAt.(syscall.Conn)
	if !onHost {
		return nil
	}
	from, err := file.SyscallConn()
	if err != nil {
		return nil
	}
	out, err := tcp.SyscallConn()
	if err != nil {
		return nil
	}
	return func(at, size int64) (sent int64, err error) {
		closed := from.Control(func(in uintptr) { sent, err = sendPart(out, int(in), at, min(size, mostAtOnce)) })
		return sent, errors.Join(closed, err)
	}
}

// sendPart sends one part, when there is room for some of it.
func sendPart(out syscall.RawConn, in int, at, size int64) (int64, error) {
	var n int
	var failed error
	err := out.Write(func(fd uintptr) bool {
		for {
			n, failed = unix.Sendfile(int(fd), in, &at, int(size))
			if !errors.Is(failed, unix.EINTR) {
				return !errors.Is(failed, unix.EAGAIN)
			}
		}
	})
	switch {
	case err != nil:
		return 0, err
	case failed != nil:
		return 0, os.NewSyscallError("sendfile", failed)
	case n == 0: // the file has become shorter
		return 0, io.ErrUnexpectedEOF
	}
	return int64(n), nil
}
