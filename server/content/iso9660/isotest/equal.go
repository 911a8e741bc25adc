package isotest

import (
	"bytes"
	"io"
	"testing"
)

// Equal compares two streams, and tells the first byte of the file that differs.
func Equal(t testing.TB, name string, got, want io.Reader) {
	t.Helper()
	const piece = 64 << 10
	a, b := make([]byte, piece), make([]byte, piece)
	for at := 0; ; at += piece {
		n, err := io.ReadFull(got, a)
		m, _ := io.ReadFull(want, b)
		if !bytes.Equal(a[:n], b[:m]) {
			i := 0
			for i < min(n, m) && a[i] == b[i] {
				i++
			}
			t.Errorf("%s: the byte at %d is another, or missing", name, at+i)
			return
		}
		if err != nil {
			return
		}
	}
}
