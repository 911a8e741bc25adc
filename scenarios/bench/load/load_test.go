package load

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/pin/tftp/v3"
)

// serve has another server give the files out, each after a change.
func serve(t *testing.T, size int64, change func([]byte) []byte) netip.AddrPort {
	t.Helper()
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	s := tftp.NewServer(func(name string, to io.ReaderFrom) error {
		var file bytes.Buffer
		if err := WriteFile(&file, int(name[1]-'0'), size); err != nil {
			return err
		}
		_, err := to.ReadFrom(bytes.NewReader(change(file.Bytes())))
		return err
	}, nil)
	s.SetTimeout(time.Second) // a request that a busy machine sent twice is not waited for
	s.SetRetries(5)
	go func() { _ = s.Serve(conn) }()
	t.Cleanup(s.Shutdown)
	return conn.LocalAddr().(*net.UDPAddr).AddrPort()
}

func same(b []byte) []byte { return b }

func run(t *testing.T, cfg Config) Result {
	t.Helper()
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	r, err := Run(t.Context(), conn, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestEachClientHasItsFileFromAnotherServer(t *testing.T) {
	for name, cfg := range map[string]Config{
		"blocks of 1408 bytes, and windows that it does not know": {Blksize: 1408, Window: 4, Size: 70_000},
		"without an option":             {Blksize: 512, Size: 10_000},
		"whose last block is empty":     {Blksize: 1024, Size: 4096},
		"of one block":                  {Blksize: 1408, Size: 1},
		"with the largest blocks":       {Blksize: 65464, Size: 200_000},
		"longer than the random stream": {Blksize: 8192, Size: 2*period + 1},
	} {
		t.Run(name, func(t *testing.T) {
			cfg.Server, cfg.First, cfg.Clients, cfg.Files = serve(t, cfg.Size, same), netip.MustParseAddr("127.1.0.250"), 8, 3
			r := run(t, cfg)
			if r.Err != nil || r.Failed > 0 || len(r.Took) != 8 || r.Bytes != 8*cfg.Size || r.Wall <= 0 {
				t.Errorf("%+v", r)
			}
		})
	}
}

func TestWhatComesIsCompared(t *testing.T) {
	for name, c := range map[string]struct {
		change func([]byte) []byte
		want   string
	}{
		"one byte is another": {func(b []byte) []byte { b[3000]++; return b }, "block 6 has other bytes"},
		"it is too short":     {func(b []byte) []byte { return b[:9000] }, "it ends after 9000 of 10000 bytes"},
		"it is too long":      {func(b []byte) []byte { return append(b, Content(0, 10_000, 9)...) }, "block 20 has other bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			r := run(t, Config{Server: serve(t, 10_000, c.change), Clients: 1, Size: 10_000, Blksize: 512})
			if r.Failed != 1 || r.Err == nil || !strings.Contains(r.Err.Error(), c.want) {
				t.Errorf("%+v", r)
			}
		})
	}
}

func TestTheEndOfTheContextIsTheEnd(t *testing.T) {
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	silent := conn.LocalAddr().(*net.UDPAddr).AddrPort() // hears itself, and answers nothing
	if _, err := Run(ctx, conn, Config{Server: silent, Clients: 1, Size: 1}); err == nil {
		t.Error("it has ended well")
	}
}

// A step is a packet that comes, by the number of its block, and the ACK that goes: none if it is -1.
type step struct{ comes, goes int }

func TestAClientAcknowledges(t *testing.T) {
	for name, c := range map[string]struct {
		window int
		steps  []step
	}{
		"every block in lock step":                             {1, []step{{1, 1}, {2, 2}, {3, 3}}},
		"a block that comes again, since the ACK was lost":     {1, []step{{1, 1}, {1, 1}, {1, 1}, {2, 2}}},
		"the last block of a window":                           {3, []step{{1, -1}, {2, -1}, {3, 3}, {4, -1}, {5, -1}, {6, 6}}},
		"a gap, once":                                          {4, []step{{1, -1}, {3, 1}, {4, -1}, {2, -1}, {3, -1}, {4, -1}, {5, 5}}},
		"a gap at the beginning of a window, and the next gap": {2, []step{{2, 0}, {1, -1}, {2, 2}, {4, 2}, {3, -1}, {5, 3}}},
		"the last block of a window that comes again":          {2, []step{{1, -1}, {2, 2}, {1, 2}, {2, 2}, {3, -1}, {4, 4}}},
	} {
		t.Run(name, func(t *testing.T) {
			cl := client{size: 1 << 20, blksize: 512, window: c.window, peer: 7}
			for i, s := range c.steps {
				packet := binary.BigEndian.AppendUint16([]byte{0, opData}, uint16(s.comes))
				packet = append(packet, Content(0, int64(s.comes-1)*512, 512)...)
				got := -1
				if cl.take(time.Time{}, 7, packet) {
					got = int(binary.BigEndian.Uint16(cl.packet[2:]))
				}
				if got != s.goes || cl.err != nil {
					t.Fatalf("step %d, block %d: ACK %d, want %d; %v", i+1, s.comes, got, s.goes, cl.err)
				}
			}
		})
	}
}

func TestAClientIsPatientAndCounts(t *testing.T) {
	now := time.Unix(0, 0)
	cl := client{size: 1, heard: now}
	for i := range patience {
		if cl.silence(now.Add(time.Second-1), time.Second) || !cl.silence(now.Add(time.Second), time.Second) || cl.resends != i+1 {
			t.Fatalf("after %d s: %+v", i+1, cl)
		}
		now = now.Add(time.Second)
	}
	if cl.silence(now.Add(time.Second), time.Second) || cl.err == nil {
		t.Errorf("it does not give up: %+v", cl)
	}
}

func TestAnotherTransferIsNotHeard(t *testing.T) {
	cl := client{size: 100}
	oack := []byte("\x00\x06blksize\x001408\x00windowsize\x008\x00")
	if !cl.take(time.Time{}, 7, oack) || cl.blksize != 1408 || cl.window != 8 {
		t.Fatalf("%+v", cl)
	}
	if cl.take(time.Time{}, 8, []byte("\x00\x05\x00\x01no\x00")) || cl.err != nil {
		t.Errorf("an ERROR from another port: %v", cl.err)
	}
	if bad := cl; !bad.take(time.Time{}, 7, []byte("\x00\x07\x00\x00")) || bad.packet[1] != opError {
		t.Errorf("the server is not told that the transfer has ended: %q", bad.packet)
	}
	if cl.take(time.Time{}, 7, []byte("\x00\x05\x00\x01no\x00")) || cl.err == nil || !strings.Contains(cl.err.Error(), `ERROR 1 "no"`) {
		t.Errorf("an ERROR: %v", cl.err)
	}
}

func TestAFileIsComparedWhole(t *testing.T) {
	var file bytes.Buffer
	if err := WriteFile(&file, 3, 100_000); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		data []byte
		i    int
		want bool
	}{
		"it is":          {file.Bytes(), 3, true},
		"another file":   {file.Bytes(), 4, false},
		"a byte less":    {file.Bytes()[:99_999], 3, false},
		"a byte more":    {append(bytes.Clone(file.Bytes()), Content(3, 100_000, 1)...), 3, false},
		"nothing at all": {nil, 3, false},
	} {
		if got, err := SameFile(bytes.NewReader(c.data), c.i, 100_000); got != c.want || err != nil {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}
