package load

import (
	"bytes"
	"io"
	"math/rand/v2"
	"sync"
)

// Files differ by where they begin in one sequence of random bytes, so that any block of any of them is one slice.
const (
	period  = 1<<20 + 7 // no multiple of any block
	overlap = 1 << 16   // the largest block
	stride  = 4099      // between the beginnings of two files
)

var noise = sync.OnceValue(func() []byte {
	all := make([]byte, period+overlap)
	_, _ = rand.NewChaCha8([32]byte([]byte("what machines boot is not random"))).Read(all[:period]) // it never fails
	copy(all[period:], all)
	return all
})

// Content is n bytes of file i from an offset on, n being 64 KiB at most. It is not to be written to.
func Content(i int, offset int64, n int) []byte {
	at := (int64(i)*stride + offset) % period
	return noise()[at : at+int64(n)]
}

// WriteFile writes file i.
func WriteFile(w io.Writer, i int, size int64) error {
	for at := int64(0); at < size; at += overlap {
		if _, err := w.Write(Content(i, at, int(min(overlap, size-at)))); err != nil {
			return err
		}
	}
	return nil
}

// SameFile reads a file and tells whether it is file i, and whole.
func SameFile(r io.Reader, i int, size int64) (bool, error) {
	buf := make([]byte, overlap)
	for at := int64(0); ; {
		n, err := io.ReadFull(r, buf)
		if at+int64(n) > size || !bytes.Equal(buf[:n], Content(i, at, n)) {
			return false, nil
		}
		at += int64(n)
		switch err {
		case nil:
		case io.EOF, io.ErrUnexpectedEOF:
			return at == size, nil
		default:
			return false, err
		}
	}
}
