package build

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"testing"
)

// Whatever the parts, each stretch of what they are joined to is what their bytes have there.
func TestAJoinReadsAsItsPartsDo(t *testing.T) {
	for seed := range uint64(2000) {
		r := rand.New(rand.NewPCG(seed, 9))
		var whole []byte
		var parts []Part
		for range r.IntN(7) {
			b := make([]byte, r.IntN(41))
			kind := r.IntN(4)
			for i := range b {
				if kind > 0 {
					b[i] = byte(r.Uint32())
				}
			}
			half := r.IntN(len(b) + 1)
			parts = append(parts, []Part{Zeros(int64(len(b))), Join(Bytes(b[:half]), Bytes(b[half:])), Slice(Join(Text("off"), Bytes(b), Text("too")), 3, int64(len(b))), Bytes(b)}[kind])
			whole = append(whole, b...)
		}
		joined := Join(parts...)
		if joined.Size != int64(len(whole)) {
			t.Fatalf("seed %d: %d bytes, not %d", seed, joined.Size, len(whole))
		}
		equal(t, joined, whole)
	}
}

// equal reads a part at random places, over its end too.
func equal(t *testing.T, p Part, whole []byte) {
	t.Helper()
	for range 30 {
		off := rand.IntN(len(whole) + 10)
		b := make([]byte, rand.IntN(50))
		n, err := p.ReadAt(b, int64(off))
		want := whole[min(off, len(whole)):min(off+len(b), len(whole))]
		if !bytes.Equal(b[:n], want) || (err != nil) != (n < len(b)) || err != nil && !errors.Is(err, io.EOF) {
			t.Fatalf("%d bytes at %d of %d: read %q, %v, not %q", len(b), off, len(whole), b[:n], err, want)
		}
	}
}

func TestAPartThatWasCutOffIsAnError(t *testing.T) {
	joined := Join(Text("head"), Part{bytes.NewReader([]byte("short")), 100}, Text("tail"))
	b := make([]byte, 20)
	if n, err := joined.ReadAt(b, 0); n != 9 || !errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		t.Errorf("read %q, %v", b[:n], err)
	}
	if n, err := joined.ReadAt(b, 104); n != 4 || string(b[:n]) != "tail" || !errors.Is(err, io.EOF) {
		t.Errorf("behind it: read %q, %v", b[:n], err)
	}
}
