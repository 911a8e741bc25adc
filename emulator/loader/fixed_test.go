package loader

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/emulator/internal/testnet"
	"github.com/bootrig/bootrig/emulator/rom"
)

// The serial of the machine in handed is 00123456.
func TestWhatARaspberryPiReads(t *testing.T) {
	const s = "00123456/"
	three := tree{"bootcode.bin": "b", s + "start.elf": "s", s + "config.txt": "arm_64bit=1\n", s + "cmdline.txt": "root=/dev/nfs ip=dhcp\n", s + "kernel8.img": "k"}
	four := tree{"start4.elf": "s", "config.txt": "kernel=vmlinuz\ninitramfs initrd.img followkernel\ncmdline=own.txt\n", "own.txt": "quiet", "vmlinuz": "k", "initrd.img": "i"}
	for _, tc := range []struct {
		name, firmware string
		files          tree
		want           string
		first, last    []string
	}{
		{"a Pi 3 whose files are below its serial", "raspberry-pi-3", three, "linux: root=/dev/nfs ip=dhcp",
			[]string{"bootcode.bin", "bootsig.bin ✗", s + "start.elf", s + "autoboot.txt ✗", s + "config.txt", s + "recovery.elf ✗", s + "start.elf"},
			[]string{s + "cmdline.txt", s + "kernel8.img"}},
		{"a Pi 4 whose files are at the top, and what config.txt names", "raspberry-pi-4", four, "linux: quiet",
			[]string{s + "start4.elf ✗", s + "start.elf ✗", "config.txt", "recover4.elf ✗", "recovery.elf ✗", "start4.elf"},
			[]string{"own.txt", "vmlinuz", "initrd.img"}},
		{"a Pi 5 needs no start.elf", "raspberry-pi-5", tree{s + "config.txt": "", s + "kernel8.img": "k"}, "linux: ",
			[]string{s + "config.txt", s + "config.txt"}, []string{s + "kernel_2712.img ✗", s + "kernel8.img"}},
		{"a Pi 3 without bootcode.bin", "raspberry-pi-3", tree{}, "No bootcode.bin: bootcode.bin is not there", []string{"bootcode.bin ✗"}, nil},
		{"no firmware", "raspberry-pi-4", tree{"config.txt": "x=y"}, "Firmware not found: start4.elf is not there", nil, []string{"start4.elf ✗"}},
		{"no kernel", "raspberry-pi-5", tree{"config.txt": "x=y"}, "kernel not found: kernel_2712.img is not there, nor another kernel", nil, []string{"kernel8.img ✗"}},
		{"no initramfs", "raspberry-pi-5", tree{"config.txt": "kernel=k\ninitramfs i", "k": "k"}, "initramfs not found: i is not there", nil, []string{"k", "i ✗"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			n := testnet.New(func(name string) ([]byte, bool) { c, ok := tc.files[name]; return []byte(c), ok })
			profile, err := rom.Lookup(tc.firmware)
			if err != nil {
				t.Fatal(err)
			}
			got := drive(t, n, Config{Handover: handed(t, n, "", ""), Profile: profile}, nil)
			if end := ending(got.outcome); end != tc.want {
				t.Errorf("%s, want %s", end, tc.want)
			}
			all := got.requests
			if diff := cmp.Diff(tc.first, all[:min(len(tc.first), len(all))]); diff != "" && len(tc.first) > 0 {
				t.Errorf("first requests (-want +got):\n%s", diff)
			}
			if !slices.Equal(tc.last, all[max(0, len(all)-len(tc.last)):]) {
				t.Errorf("last requests %q, want %q", all, tc.last)
			}
		})
	}
}
