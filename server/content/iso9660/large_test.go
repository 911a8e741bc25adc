package iso9660_test

import (
	"os"
	"os/exec"
	"runtime"
	"testing"
	"time"

	"github.com/bootrig/bootrig/server/content/iso9660"
	"github.com/bootrig/bootrig/server/content/iso9660/isotest"
)

// TestAFileOfMoreThan4GiB is of one that ISO 9660 has in parts.
func TestAFileOfMoreThan4GiB(t *testing.T) {
	file := isotest.Make(t, "LiveOS/squashfs.img size=4100M sparse\nLiveOS/next size=10\n", "-r", "-iso-level", "3")
	image := open(t, file)
	t.Run("bytes", func(t *testing.T) {
		for name, cmd := range map[string]*exec.Cmd{
			"bsdtar":  exec.Command(isotest.Program(t, "bsdtar"), "-xOf", file, "LiveOS/squashfs.img"),
			"xorriso": exec.Command(isotest.Program(t, "xorriso"), "-report_about", "warning", "-osirrox", "on", "-indev", "stdio:"+file, "-concat", "append", "-", "/LiveOS/squashfs.img"),
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				f, err := image.Open("LiveOS/squashfs.img")
				if err != nil {
					t.Fatal(err)
				}
				defer f.Close()
				said, err := cmd.StdoutPipe()
				if err != nil {
					t.Fatal(err)
				}
				if err := cmd.Start(); err != nil {
					t.Fatal(err)
				}
				isotest.Equal(t, "LiveOS/squashfs.img", f, said)
				if err := cmd.Wait(); err != nil {
					t.Error(err)
				}
			})
		}
	})
	openingCostsNothing(t, file)
}

// openingCostsNothing opens an image and a file of it, as if the image had 10 GiB.
func openingCostsNothing(t *testing.T, name string) {
	if err := os.Truncate(name, 10<<30); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	began := time.Now()
	image, err := iso9660.Open(f, 10<<30)
	if err != nil {
		t.Fatal(err)
	}
	opened := time.Since(began)
	file, err := image.Open("LiveOS/squashfs.img")
	if err != nil {
		t.Fatal(err)
	}
	took := time.Since(began)
	runtime.ReadMemStats(&after)
	allocated := after.TotalAlloc - before.TotalAlloc
	t.Logf("opening took %s, and with a file %s: %d KiB in %d allocations", opened, took, allocated>>10, after.Mallocs-before.Mallocs)
	if allocated > 1<<20 {
		t.Errorf("%d KiB were allocated to open an image of 10 GiB", allocated>>10)
	}
	file.Close()
}
