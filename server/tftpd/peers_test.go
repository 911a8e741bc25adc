package tftpd

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/pin/tftp/v3"

	lacks "github.com/bootrig/bootrig/internal/must"
)

// sizes are files around the edges of blocks and windows.
func sizes() map[string][]byte {
	files := map[string][]byte{}
	for _, n := range []int{0, 1, 511, 512, 513, 1428 * 8, 1428*8 + 1, 300_000} {
		files["f"+strconv.Itoa(n)] = pattern(n)
	}
	return files
}

func TestServeGivesPinTFTPEveryFile(t *testing.T) {
	files := sizes()
	at := serve(t, Config{Tree: root(t, files)})
	for _, block := range []int{0, 512, 1428, 65464} {
		c := must(tftp.NewClient(at.String()))
		c.RequestTSize(block != 0)
		c.SetBlockSize(block)
		for name, want := range files {
			var got bytes.Buffer
			r, err := c.Receive("/tftpboot/"+name, "octet")
			if err != nil {
				t.Fatalf("blksize %d, %s: %v", block, name, err)
			}
			if size, ok := r.(tftp.IncomingTransfer).Size(); block != 0 && (!ok || size != int64(len(want))) {
				t.Errorf("blksize %d, %s: tsize %d %v", block, name, size, ok)
			}
			if _, err := r.WriteTo(&got); err != nil || !bytes.Equal(got.Bytes(), want) {
				t.Errorf("blksize %d, %s: %d bytes and %v, want %d bytes", block, name, got.Len(), err, len(want))
			}
		}
		if _, err := c.Receive("nosuch", "octet"); err == nil {
			t.Errorf("a missing file was received")
		}
	}
}

func TestServeCopesWithManyClientsAtOnce(t *testing.T) {
	want := pattern(200_000)
	at := serve(t, Config{Tree: root(t, map[string][]byte{"f": want})})
	var wg sync.WaitGroup
	for range 40 {
		wg.Go(func() {
			c := must(tftp.NewClient(at.String()))
			c.SetBlockSize(1428)
			var got bytes.Buffer
			r, err := c.Receive("f", "octet")
			if err == nil {
				_, err = r.WriteTo(&got)
			}
			if err != nil || !bytes.Equal(got.Bytes(), want) {
				t.Errorf("%d bytes, %v", got.Len(), err)
			}
		})
	}
	wg.Wait()
}

// fetch runs a program that fetches `name` into a file, or skips when it is not installed.
func fetch(t *testing.T, out string, program string, args ...string) []byte {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		lacks.Skip(t, lacks.Peers, program, " is not installed")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, args...)
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", cmd, err, text)
	}
	got, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestServeGivesIndependentClientsEveryFile(t *testing.T) {
	files := sizes()
	at := serve(t, Config{Tree: root(t, files)})
	host, port := at.Addr().String(), strconv.Itoa(int(at.Port()))
	for _, c := range []struct {
		peer string
		args func(name, out string) []string
	}{
		{"atftp", func(name, out string) []string {
			return []string{"-g", "-r", name, "-l", out, host, port}
		}},
		{"atftp", func(name, out string) []string {
			return []string{"--option", "windowsize 8", "--option", "blksize 1428", "--option", "tsize 0", "-g", "-r", name, "-l", out, host, port}
		}},
		{"atftp", func(name, out string) []string {
			return []string{"--option", "windowsize 1000", "--option", "timeout 3", "-g", "-r", name, "-l", out, host, port}
		}},
		{"tftp", func(name, out string) []string {
			return []string{"-m", "binary", host, port, "-c", "get", name, out}
		}},
		{"curl", func(name, out string) []string {
			return []string{"-s", "-S", "--tftp-blksize", "1400", "-o", out, fmt.Sprintf("tftp://%s/%s", at, name)}
		}},
	} {
		t.Run(fmt.Sprint(append([]string{c.peer}, c.args("f", "out")[:2]...)), func(t *testing.T) {
			dir := t.TempDir()
			for name, want := range files {
				if c.peer == "curl" && len(want) == 0 {
					continue // curl writes no file for it
				}
				out := filepath.Join(dir, name)
				if got := fetch(t, out, c.peer, c.args(name, out)...); !bytes.Equal(got, want) {
					t.Errorf("%s: %d bytes, want %d", name, len(got), len(want))
				}
			}
		})
	}
}
