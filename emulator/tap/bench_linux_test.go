package tap

import (
	"os"
	"path/filepath"
	"testing"
)

// BenchmarkRoundTrip is one datagram to a server process and back: the time each block of a lock-step
// transfer waits for.
func BenchmarkRoundTrip(b *testing.B) {
	if !inside(b) {
		return
	}
	l := newLab(b)
	h := startHost(b, l, self("echo"))
	ready(b, h, listening)
	payload, left := make([]byte, 64), b.N
	client := newTalk(7, func([]byte) ([]byte, bool) {
		left--
		return payload, left >= 0
	})
	b.ResetTimer()
	plugClient(l, client)
	<-client.done
	b.StopTimer()
	b.ReportMetric(2*float64(b.N)/b.Elapsed().Seconds(), "frames/s")
	if client.resent > 0 {
		b.Errorf("%d datagrams were lost", client.resent)
	}
}

// BenchmarkTransfer is a file of 50 MB by TFTP in lock step, as a ROM loads an initrd.
func BenchmarkTransfer(b *testing.B) {
	if !inside(b) {
		return
	}
	const size = 50 << 20
	file := filepath.Join(b.TempDir(), "initrd")
	if err := os.WriteFile(file, make([]byte, size), 0o644); err != nil {
		b.Fatal(err)
	}
	for _, server := range []struct {
		name, ready string
		spec        HostSpec
	}{
		{"pin-tftp", "^listening$", self("tftpd", Bind{Host: file, Inside: "/tftpboot/initrd"})},
		{"dnsmasq", "TFTP root is", dnsmasq("port=0\nenable-tftp\ntftp-root=/tftpboot\n", b.TempDir(), Bind{Host: file, Inside: "/tftpboot/initrd"})},
	} {
		b.Run(server.name, func(b *testing.B) {
			l := newLab(b)
			h := startHost(b, l, server.spec)
			ready(b, h, regexpOf(server.ready))
			b.SetBytes(size)
			for b.Loop() {
				n := 0
				client := fetch("/tftpboot/initrd", 1408, func(block []byte) { n += len(block) })
				plugClient(l, client)
				<-client.done
				if n != size || client.resent > 0 {
					b.Fatalf("%d bytes arrived, after %d retransmissions", n, client.resent)
				}
			}
		})
	}
}
