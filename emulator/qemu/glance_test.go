package qemu

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/wire/event"
)

// wrapped is a text as a screen of 80 columns shows it.
func wrapped(text string) (rows []string) {
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		for ; len(line) > screenWidth; line = line[screenWidth:] {
			rows = append(rows, line[:screenWidth])
		}
		rows = append(rows, line)
	}
	return rows
}

func TestTheScreenTellsWhatTheSerialLineDoesNot(t *testing.T) {
	const (
		panic0 = "[    1.775541] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)\n"
		noInit = "Linux panic: VFS: Unable to mount root fs on unknown-block(0,0): no usable initrd came with the kernel"
		noFile = "pxelinux: nosuch: No such file or directory"
	)
	for name, c := range map[string]struct {
		serial  string
		screens []string
		want    []string
	}{
		"a kernel without console=ttyS0 panics, in a line that wraps": {"", []string{"[    1.7] Call Trace:\n" + panic0}, []string{noInit}},
		"what stays on the screen is told once":                       {"", []string{panic0, panic0 + "more\n", "new\n" + panic0}, []string{noInit}},
		"what the serial line told is no news":                        {"Loading nosuch... failed: No such file or directory\r\n", []string{"Loading nosuch... failed: No such file or directory\n"}, []string{noFile}},
		"Xen's panic is in the line below":                            {"", []string{"(XEN) Panic on CPU 0:\n(XEN) Not enough RAM\n"}, []string{"Xen panic: Not enough RAM"}},
		"a screen without a failure":                                  {"", []string{"boot:\n"}, nil},
		"a row that ends a screen does not begin the next":            {"", []string{strings.Repeat("x", 80), "No bootable device.\n"}, []string{"the BIOS has no device left to boot from"}},
	} {
		t.Run(name, func(t *testing.T) {
			var errors []string
			ear := newListener("pc", event.Func(func(e event.Event) {
				switch e.Kind {
				case event.Error:
					errors = append(errors, e.Text)
				case event.Console, event.Cmdline:
					if !strings.Contains(c.serial, e.Text) {
						t.Errorf("%s %s: the console did not say it", e.Kind, e.Text)
					}
				}
			}))
			var line screenLine
			for i := range len(c.serial) {
				if text, done := line.write(c.serial[i]); done {
					ear.line(time.Time{}, text, line.width)
				}
			}
			eye := ear.onScreen()
			for _, text := range c.screens {
				eye.look(time.Time{}, wrapped(text))
			}
			if diff := cmp.Diff(c.want, errors); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// doubledBy is a console as two that write to one port make it: the copy is behind by up to some letters.
func doubledBy(console string, behind int) string {
	var b strings.Builder
	for line := range strings.Lines(console) {
		text := strings.TrimRight(line, "\r\n")
		for from := 0; from < len(text); from += behind {
			part := text[from:min(from+behind, len(text))]
			b.WriteString(part + part)
		}
		b.WriteString("\r\r\n\n")
	}
	return b.String()
}

func TestTheSameIsToldOfAConsoleThatIsDoubled(t *testing.T) {
	for _, file := range []string{"file-missing", "initrd-missing", "ldlinux-missing", "module-missing"} {
		once, err := os.ReadFile(filepath.Join("testdata", file+".serial"))
		if err != nil {
			t.Fatal(err)
		}
		want := told(string(once), event.Error)
		var plain strings.Builder // as a terminal shows it: what one console of two sends
		for _, line := range lines(string(once)) {
			plain.WriteString(line + "\n")
		}
		for _, behind := range []int{1, 16, 200} {
			if diff := cmp.Diff(want, told(doubledBy(plain.String(), behind), event.Error)); diff != "" {
				t.Errorf("%s, the copy up to %d letters behind (-want +got):\n%s", file, behind, diff)
			}
		}
	}
}
