package textfile

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestWhatIsNoText(t *testing.T) {
	for name, c := range map[string]struct{ data, want string }{
		"a dnsmasq.conf":       {"port=0\nenable-tftp\n", ""},
		"an empty file":        {"", ""},
		"Latin-1, as it comes": {"# caf\xe9\n", ""},
		"a kernel":             {"MZ\xea\x07\x00\xc0\x07\x8c\xc8", "a UEFI or Windows program"},
		"bootrig itself":       {"\x7fELF\x02\x01\x01\x00", "an ELF program"},
		"a short gzip":         {"\x1f\x8b\x08", "a gzip archive"},
		"a capture":            {"\xd4\xc3\xb2\xa1\x02\x00", "a packet capture"},
		"one NUL in a line":    {"dhcp-boot=pxe\x00linux.0,,192.168.9.2\n", ""},
		"zeros":                {string(make([]byte, 100)), "a binary file"},
	} {
		if got := Not([]byte(c.data)); got != c.want {
			t.Errorf("%s is %q, want %q", name, got, c.want)
		}
	}
}

func TestReadTakesTextsOnly(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "text"), []byte("port=0\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(filepath.Join(dir, "fifo"), 0o600); err != nil {
		t.Fatal(err)
	}
	sparse, err := os.Create(filepath.Join(dir, "long"))
	if err == nil {
		err = errors.Join(sparse.Truncate(Limit+1), sparse.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		filepath.Join(dir, "text"):   "",
		filepath.Join(dir, "fifo"):   "is not a regular file",
		filepath.Join(dir, "long"):   "is longer than 64 MiB",
		filepath.Join(dir, "nosuch"): "no such file or directory",
		dir:                          "is a directory",
		"/dev/zero":                  "is not a regular file",
	} {
		data, err := Read(name)
		if want == "" && (err != nil || string(data) != "port=0\n") || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %q, %v, want %q", name, data, err, want)
		}
	}
}

func TestReadTakesWhatTheShellHands(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	go func() {
		_, _ = w.WriteString("port=0\n")
		w.Close()
	}()
	if data, err := Read(fmt.Sprintf("/dev/fd/%d", r.Fd())); err != nil || string(data) != "port=0\n" {
		t.Errorf("%q, %v", data, err)
	}
}

// TestBetween writes where the marks are, and nowhere else.
func TestBetween(t *testing.T) {
	file := filepath.Join(t.TempDir(), "README.md")
	if err := os.WriteFile(file, []byte("a\n<!-- x -->\nold\n<!-- /x -->\nb\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := Between(file, "x", "new\n"); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(file)
	if want := "a\n<!-- x -->\nnew\n<!-- /x -->\nb\n"; err != nil || string(got) != want {
		t.Errorf("%q, %v, want %q", got, err, want)
	}
	if err := Between(file, "y", "new\n"); err == nil || !strings.HasSuffix(err.Error(), "has no lines <!-- y --> and <!-- /y -->") {
		t.Errorf("without marks: %v", err)
	}
}
