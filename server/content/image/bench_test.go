package image_test

import (
	"io"
	"math/rand"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/pin/tftp/v3"

	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/content/image"
)

// kinds are a directory with one large file, and images of it.
func kinds(b *testing.B, size int64) map[string]string {
	b.Helper()
	dir := b.TempDir()
	f, err := os.Create(filepath.Join(dir, "large"))
	if err == nil {
		_, err = io.CopyN(f, rand.New(rand.NewSource(1)), size)
	}
	if err != nil {
		b.Fatal(err)
	}
	f.Close()
	return map[string]string{"directory": dir, "tar": made(b, dir, "tar -b 2048 -cf FILE ."), "iso": made(b, dir, rockRidge)}
}

// cpu is what client and server have used: on a busy machine it says more than the time.
func cpu(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// measured runs a benchmark of downloads.
func measured(b *testing.B, download func() (int64, error)) {
	before := cpu(b)
	for b.Loop() {
		n, err := download()
		if err != nil {
			b.Fatal(err)
		}
		b.SetBytes(n)
	}
	b.ReportMetric(float64((cpu(b)-before).Microseconds())/float64(b.N)/1000, "cpu-ms/op")
}

// BenchmarkSustained reads a large file over the loopback: an image is to be as fast as a directory.
func BenchmarkSustained(b *testing.B) {
	for kind, path := range kinds(b, 64<<20) {
		i, err := image.Open(path, "")
		if err != nil {
			b.Fatal(err)
		}
		defer i.Close()
		var tree content.Tree = content.Of(i, "/")
		if kind == "directory" { // as it is served without an overlay
			d, err := content.OpenDir(path, "/")
			if err != nil {
				b.Fatal(err)
			}
			defer d.Close()
			tree = d
		}
		tftpAt, httpAt := serve(b, tree)
		b.Run("HTTP/"+kind, func(b *testing.B) {
			measured(b, func() (int64, error) {
				got, err := http.Get("http://" + httpAt + "/large")
				if err != nil {
					return 0, err
				}
				defer got.Body.Close()
				return io.Copy(io.Discard, got.Body)
			})
		})
		b.Run("TFTP/"+kind, func(b *testing.B) {
			c, err := tftp.NewClient(tftpAt)
			if err != nil {
				b.Fatal(err)
			}
			c.SetBlockSize(1468)
			measured(b, func() (int64, error) {
				r, err := c.Receive("large", "octet")
				if err != nil {
					return 0, err
				}
				return r.WriteTo(io.Discard)
			})
		})
	}
	http.DefaultClient.CloseIdleConnections()
}

// BenchmarkOpen is what a client waits for before the first byte.
func BenchmarkOpen(b *testing.B) {
	for kind, path := range kinds(b, 1<<20) {
		i, err := image.Options{}.Named(path, nil)
		if err != nil {
			b.Fatal(err)
		}
		defer i.Close()
		tree := content.Of(content.Overlay(i, i), "/")
		b.Run(kind, func(b *testing.B) {
			for b.Loop() {
				f, err := tree.Open("large")
				if err != nil {
					b.Fatal(err)
				}
				f.Close()
			}
		})
	}
}
