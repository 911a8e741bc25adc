package tftpd

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/server/content"
)

func fileOf(data []byte) *content.File {
	return content.NewFile("f", bytes.NewReader(data), int64(len(data)), time.Time{}, nil)
}

// cut reads all blocks, each twice as after a loss.
func cut(t *testing.T, b blocks, size int) []string {
	t.Helper()
	var all []string
	for n := uint64(1); ; n++ {
		buf := make([]byte, size)
		got, err := b.read(n, buf)
		if err != nil {
			t.Fatal(err)
		}
		again, err := b.read(n, make([]byte, size))
		if again != got || err != nil {
			t.Fatalf("block %d has %d bytes and then %d, %v", n, got, again, err)
		}
		if all = append(all, string(buf[:got])); got < size {
			return all
		}
	}
}

func TestNetasciiIsThatOfRFC764(t *testing.T) {
	for _, c := range []struct {
		rule, text string
		size       int
		want       []string
	}{
		{"nothing", "", 4, []string{""}},
		{"a line feed becomes CR LF", "a\nb", 8, []string{"a\r\nb"}},
		{"a carriage return gets a NUL", "a\r\nb\r", 16, []string{"a\r\x00\r\nb\r\x00"}},
		{"a pair may be cut by the end of a block", "abc\ndef", 4, []string{"abc\r", "\ndef", ""}},
		{"a pair may be all of the last block's start", "abc\n", 4, []string{"abc\r", "\n"}},
		{"blocks of one byte", "\n\r", 1, []string{"\r", "\n", "\r", "\x00", ""}},
		{"full blocks end with an empty one", "abcd", 4, []string{"abcd", ""}},
	} {
		got := cut(t, &netascii{file: fileOf([]byte(c.text))}, c.size)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.rule, diff)
		}
	}
}

func FuzzNetasciiConvertsBack(f *testing.F) {
	f.Add("a\r\n\n\r\x00b", uint16(3))
	f.Fuzz(func(t *testing.T, text string, size uint16) {
		got := strings.Join(cut(t, &netascii{file: fileOf([]byte(text))}, 1+int(size)), "")
		if back := strings.NewReplacer("\r\n", "\n", "\r\x00", "\r").Replace(got); back != text {
			t.Fatalf("%q was sent as %q, which is %q", text, got, back)
		}
	})
}

func TestAFileThatShrinksIsAnErrorAndNotShort(t *testing.T) {
	file := content.NewFile("f", strings.NewReader("0123456789"), 5000, time.Time{}, nil)
	if n, err := (octet{file: file}).read(1, make([]byte, 512)); err == nil {
		t.Errorf("a block of %d bytes", n)
	}
	// The client is told, and the transfer ends.
	tree := treeFunc(func(string) (*content.File, error) { return file, nil })
	want := "> rrq f octet tsize 0\n< oack tsize 5000\n> ack 0\n< error 0 cannot read f: the file ends at 10, it had 5000 bytes when it was opened\n"
	if diff := cmp.Diff(want, play(t, Config{Tree: tree}, want)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestOctetBlocksAreTheBytesOfTheFileInAnyOrder(t *testing.T) {
	want := pattern(200_000)
	for _, size := range []int{1, 8, 512, 1468, 9000, 20_000, 65_464} {
		o := octet{file: fileOf(want)}
		last := uint64(len(want)/size + 1)
		for i := range min(last, 300) {
			for _, n := range []uint64{i + 1, i + 1, max(i, 3) - 2, last, min(last/2+i%7, last), min(i+8, last)} {
				b := make([]byte, size)
				got, err := o.read(n, b)
				at := int(n-1) * size
				if err != nil || !bytes.Equal(b[:got], want[at:min(at+size, len(want))]) {
					t.Fatalf("block %d of %d bytes: %d bytes, %v", n, size, got, err)
				}
			}
		}
	}
}

// treeFunc makes a Tree of a function.
type treeFunc func(string) (*content.File, error)

func (f treeFunc) Open(name string) (*content.File, error) { return f(name) }
