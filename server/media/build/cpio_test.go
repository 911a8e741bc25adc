package build

import (
	"bytes"
	"compress/gzip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAnArchiveIsWhatTheFormatSays(t *testing.T) {
	archive, err := Archive("/a/iso", Text("hello"))
	if err != nil {
		t.Fatal(err)
	}
	const zero = "00000000"
	want := strings.Join([]string{
		"070701", "00000001", "000041ED", zero, zero, "00000002", zero, zero, zero, zero, zero, zero, "00000002", zero, "a\x00",
		"070701", "00000002", "000081A4", zero, zero, "00000001", zero, "00000005", zero, zero, zero, zero, "00000006", zero, "a/iso\x00", "\x00\x00\x00\x00"[:0], "\x00\x00"[:0],
	}, "")
	// A header of 110 bytes and a name end at a multiple of four.
	want = strings.Replace(want, "a/iso\x00", "a/iso\x00hello\x00\x00\x00", 1)
	want += "070701" + zero + zero + zero + zero + "00000001" + zero + zero + zero + zero + zero + zero + "0000000B" + zero + "TRAILER!!!\x00\x00\x00\x00"
	if diff := cmp.Diff(want, content(t, archive)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// cpio extracts what was appended, and what was before it.
func TestCpioExtractsAnArchive(t *testing.T) {
	archive, err := Archive("/images/proxmox.iso", Bytes(bytes.Repeat([]byte("iso"), 12345)))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	run := exec.Command("cpio", "-idm", "--quiet")
	run.Dir, run.Stdin = dir, strings.NewReader(content(t, archive))
	if out, err := run.CombinedOutput(); err != nil || len(out) > 0 {
		if _, missing := exec.LookPath("cpio"); missing != nil {
			tool(t, "cpio", "--version")
		}
		t.Fatalf("cpio: %v\n%s", err, out)
	}
	got, err := os.ReadFile(filepath.Join(dir, "images/proxmox.iso"))
	if want := strings.Repeat("iso", 12345); err != nil || string(got) != want {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("beside it: %v, %v", entries, err)
	}
}

func TestTheKernelFindsEachInitrd(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write([]byte("an initrd"))
	z.Close()
	for packed.Len()%4 != 3 {
		z = gzip.NewWriter(&packed)
		z.Close()
	}
	archive, err := Archive("proxmox.iso", Text("iso"))
	if err != nil {
		t.Fatal(err)
	}
	both := Initrds(Bytes(packed.Bytes()), archive)
	if at := strings.Index(content(t, both), "070701"); at != packed.Len()+1 || both.Size != int64(at)+archive.Size {
		t.Errorf("the archive begins at %d of %d, behind %d bytes", at, both.Size, packed.Len())
	}
}

func TestAnInitrdHoldsNoFileOf4GiB(t *testing.T) {
	_, err := Archive("/proxmox.iso", Zeros(1<<32))
	if err == nil || !strings.Contains(err.Error(), "/proxmox.iso of 4294967296 bytes") {
		t.Errorf("it says %v", err)
	}
	if last, err := Archive("/proxmox.iso", Zeros(1<<32-1)); err != nil || last.Size < 1<<32 {
		t.Errorf("4 GiB less one byte: %d, %v", last.Size, err)
	}
	if _, err := Archive("/", Text("")); err == nil {
		t.Error("a file without a name went in")
	}
}
