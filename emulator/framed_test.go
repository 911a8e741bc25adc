package emulator

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
)

// A halfway is the other end of a connection, as bytes that come and a buffer for those that go.
type halfway struct {
	io.Reader
	bytes.Buffer
}

func (h *halfway) Read(p []byte) (int, error) { return h.Reader.Read(p) }
func (h *halfway) Close() error               { return nil }

func TestFramesComeAfterTheirLength(t *testing.T) {
	for _, c := range []struct {
		name   string
		stream string
		want   []string
		end    string
	}{
		{"a guest that went", "", nil, "EOF"},
		{"two frames in one piece", "\x00\x00\x00\x03one\x00\x00\x00\x05three", []string{"one", "three"}, "EOF"},
		{"an empty frame", "\x00\x00\x00\x00\x00\x00\x00\x01x", []string{"", "x"}, "EOF"},
		{"a guest that died in a length", "\x00\x00\x00\x01x\x00\x00", []string{"x"}, "EOF"},
		{"a guest that died in a frame", "\x00\x00\x00\x05thr", nil, "EOF"},
		{"a length that no frame has", "\xff\x00\x00\x00...", nil, "a frame of 4278190080 bytes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, whole := range []bool{true, false} {
				var from io.Reader = strings.NewReader(c.stream)
				if !whole {
					from = byteByByte{from}
				}
				got, err := readFrames(from)
				if diff := cmp.Diff(c.want, got); diff != "" || err.Error() != c.end {
					t.Errorf("ends with %v, not %s; frames (-want +got):\n%s", err, c.end, diff)
				}
			}
		})
	}
}

// byteByByte is a stream at its slowest.
type byteByByte struct{ io.Reader }

func (b byteByByte) Read(p []byte) (int, error) { return b.Reader.Read(p[:min(1, len(p))]) }

func readFrames(from io.Reader) (frames []string, err error) {
	f := newFramed(&halfway{Reader: from})
	defer f.Close()
	buf := make([]byte, maxFrame)
	for {
		n, err := f.Read(buf)
		if err != nil {
			return frames, err
		}
		frames = append(frames, string(buf[:n]))
	}
}

func TestAGuestThatStandsStillStopsNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ours, guest := net.Pipe()
		f := newFramed(ours)
		frame := bytes.Repeat([]byte("x"), 1500)
		sent := 0
		for ; ; sent++ {
			if _, err := f.Write(frame); err != nil {
				if !errors.Is(err, io.ErrShortBuffer) {
					t.Fatal(err)
				}
				break
			}
		}
		// What the writer took before the queue filled is on its way besides.
		if room := queueBytes / (4 + len(frame)); sent < room || sent > 2*room {
			t.Errorf("%d frames waited, there is room for %d", sent, room)
		}
		// The guest goes on: what waited arrives whole.
		go func() { synctest.Wait(); f.Close() }()
		got, err := io.ReadAll(guest)
		if err != nil {
			t.Fatal(err)
		}
		f.Close()
		if !bytes.HasPrefix(got, append([]byte{0, 0, 5, 220}, frame...)) {
			t.Errorf("%d bytes arrived, and not a frame first", len(got))
		}
		if _, err := f.Write(frame); !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("a Write after Close: %v", err)
		}
	})
}

// FuzzFramed sends any frames and reads them back, and reads any bytes.
func FuzzFramed(f *testing.F) {
	f.Add([]byte("\x00\x00\x00\x03one"), uint16(1))
	f.Add([]byte("\xff\xff\xff\xff"), uint16(1500))
	f.Fuzz(func(t *testing.T, stream []byte, cut uint16) {
		frames, err := readFrames(bytes.NewReader(stream))
		if err == nil {
			t.Fatal("a stream without end")
		}
		var total int
		for _, frame := range frames {
			total += 4 + len(frame)
		}
		if total > len(stream) {
			t.Fatalf("%d bytes of frames in %d bytes", total, len(stream))
		}
		want := []string{string(stream), string(stream[:min(int(cut), len(stream))])}
		there := roundTrip(t, want)
		if diff := cmp.Diff(want, there); diff != "" {
			t.Fatalf("frames (-sent +read):\n%s", diff)
		}
	})
}

func roundTrip(t *testing.T, frames []string) []string {
	a, b := net.Pipe()
	sender, reader := newFramed(a), newFramed(b)
	defer sender.Close()
	defer reader.Close()
	go func() {
		for _, frame := range frames {
			sender.Write([]byte(frame))
		}
	}()
	var got []string
	for buf := make([]byte, maxFrame); len(got) < len(frames); {
		n, err := reader.Read(buf)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, string(buf[:n]))
	}
	return got
}

func TestAGuestThatEndsWithFramesUnreadIsOneThatWent(t *testing.T) {
	ends, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	var conns [2]net.Conn
	for i, fd := range ends {
		file := os.NewFile(uintptr(fd), "pair")
		conns[i], err = net.FileConn(file)
		file.Close()
		if err != nil {
			t.Fatal(err)
		}
	}
	f := newFramed(conns[0])
	defer f.Close()
	if _, err := f.Write([]byte("a frame that is not read to its end")); err != nil {
		t.Fatal(err)
	}
	if _, err := conns[1].Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	conns[1].Close()
	if _, err := f.Read(make([]byte, 100)); !errors.Is(err, io.EOF) {
		t.Errorf("the error is %v", err)
	}
}
