package tftpd

import (
	"encoding/binary"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"
)

// asClients tells the re-executed test that it is the clients of a benchmark: SERVER CLIENTS WINDOW SIZE ROUNDS.
const asClients = "BOOTRIG_TFTPD_CLIENTS"

// BenchmarkServe fetches one file over the loopback with as many clients as the name says, all at once,
// from another process. An operation is one round: each client has the whole file.
func BenchmarkServe(b *testing.B) {
	for _, c := range []struct{ clients, window, size int }{
		{1, 1, 16 << 20}, {1, 4, 16 << 20}, {1, 64, 16 << 20}, {100, 1, 1 << 20}, {100, 16, 1 << 20}, {1000, 1, 200 << 10},
	} {
		b.Run(fmt.Sprintf("clients=%d/window=%d", c.clients, c.window), func(b *testing.B) {
			at := serve(b, Config{Tree: root(b, map[string][]byte{"f": pattern(c.size)}), MaxTransfers: 4000})
			b.SetBytes(int64(c.clients * c.size))
			cmd := exec.CommandContext(b.Context(), must(os.Executable()), "-test.run=^TestClientsOfBenchmarks$")
			cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%v %d %d %d %d", asClients, at, c.clients, c.window, c.size, b.N))
			before := cpu(b)
			if out, err := cmd.CombinedOutput(); err != nil {
				b.Fatalf("%v\n%s", err, out)
			}
			b.ReportMetric(float64((cpu(b)-before).Microseconds())/float64(b.N)/1000, "server-ms/op")
		})
	}
}

// TestClientsOfBenchmarks is the clients of BenchmarkServe.
func TestClientsOfBenchmarks(t *testing.T) {
	if os.Getenv(asClients) == "" {
		return // no benchmark wants them
	}
	var server string
	var clients, window, size, rounds int
	must(fmt.Sscan(os.Getenv(asClients), &server, &clients, &window, &size, &rounds))
	at := netip.MustParseAddrPort(server)
	for range rounds {
		var all sync.WaitGroup
		for i := range clients {
			all.Go(func() {
				if got, err := download(at, spread(i), window); got != size {
					t.Errorf("client %d has %d of %d bytes, %v", i, got, size, err)
				}
			})
		}
		all.Wait()
	}
}

// cpu is what the server has used: on a busy machine it says more than the time.
func cpu(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// spread gives clients addresses of their own, as machines have.
func spread(i int) net.IP { return net.IPv4(127, 0, byte(1+i/200), byte(1+i%200)) }

// download is a client that costs little: it counts bytes, and asks again what does not come.
func download(at netip.AddrPort, from net.IP, window int) (int, error) {
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: from})
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	_ = conn.SetReadBuffer(1 << 20)
	const block = 1468
	r := Request{Name: "f", Mode: "octet", Options: []Option{{"blksize", strconv.Itoa(block)}, {"windowsize", strconv.Itoa(window)}}}
	peer, last := at, r.Append(nil)
	buf := make([]byte, 2048)
	got, want, inWindow, gap := 0, uint16(1), 0, false
	say := func(packet []byte) error {
		last = packet
		_, err := conn.WriteToUDPAddrPort(packet, peer)
		return err
	}
	ack := [4]byte{0, opACK}
	if err := say(last); err != nil {
		return 0, err
	}
	for tries := 0; ; {
		_ = conn.SetReadDeadline(time.Now().Add(time.Second))
		n, src, err := conn.ReadFromUDPAddrPort(buf)
		if err != nil {
			if tries++; tries > 30 {
				return got, err
			}
			_, _ = conn.WriteToUDPAddrPort(last, peer)
			continue
		}
		tries, peer = 0, src
		number := binary.BigEndian.Uint16(buf[2:])
		switch opcode(buf[:n]) {
		case opOACK:
			binary.BigEndian.PutUint16(ack[2:], 0)
			_ = say(ack[:])
		case opDATA:
			if number != want {
				if !gap {
					gap, inWindow = true, 0
					binary.BigEndian.PutUint16(ack[2:], want-1)
					_ = say(ack[:])
				}
				continue
			}
			gap = false
			got += n - 4
			want++
			inWindow++
			if end := n-4 < block; end || inWindow == window {
				inWindow = 0
				binary.BigEndian.PutUint16(ack[2:], number)
				_ = say(ack[:])
				if end {
					return got, nil
				}
			}
		default:
			return got, fmt.Errorf("%q", buf[:n])
		}
	}
}
