package loader

import (
	"encoding/binary"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/emulator/internal/testnet"
	"github.com/bootrig/bootrig/emulator/rom"
)

// ubootScript is a text as U-Boot's mkimage packs it.
func ubootScript(text string) string {
	image := make([]byte, 64, 128)
	binary.BigEndian.PutUint32(image, 0x27051956)
	image[30] = 6
	image = binary.BigEndian.AppendUint32(image, uint32(len(text)))
	return string(append(binary.BigEndian.AppendUint32(image, 0), text...))
}

func TestWhatAScriptOfUBootDoes(t *testing.T) {
	const kernel = "ARM64 Image: the mark is in byte 56, behind this many words..ARM\x64"
	image := strings.Repeat(" ", 56) + "ARM\x64"
	files := tree{"dir/linux": image, "dir/initrd": "i", "dir/none": kernel, "x": "y"}
	const get = "pxe get\npxe boot"
	for _, tc := range []struct {
		name, script, config string
		want                 string
		says                 string
		requests             []string // the last ones
	}{
		{"its end is the firmware's turn", "echo hello ${ipaddr}; echo ${none}.", "", "back", "hello 192.168.9.100", nil},
		{"a file that is not there does not end it", "tftpboot ${kernel_addr_r} gone\necho ${kernel_addr_r}", "", "back", "kernel_addr_r", []string{"gone ✗"}},
		{"a kernel with its initrd", "setenv bootargs quiet\ntftpboot ${kernel_addr_r} dir/linux\ntftp ${ramdisk_addr_r} dir/initrd\nbooti ${kernel_addr_r} ${ramdisk_addr_r}:${filesize}",
			"", "linux: quiet", "Starting kernel ...", []string{"dir/linux", "dir/initrd"}},
		{"another server", "tftpboot 40000 192.168.9.2:x\necho ${filesize}", "", "back", "1", []string{"x"}},
		{"names are relative to the script's directory", get, "label a\nlinux linux\ninitrd initrd\nappend a b", "linux: a b", "append: a b",
			[]string{"dir/pxelinux.cfg/default-arm", "dir/initrd", "dir/linux"}},
		{"APPEND names the initrd where INITRD does not", get, "label a\nlinux linux\nappend initrd=initrd a", "linux: initrd=initrd a", "append: initrd=initrd a",
			[]string{"dir/initrd", "dir/linux"}},
		{"the default label goes first, and the others where it fails", get, "default b\nlabel a\nlinux linux\nappend a\nlabel b\nlinux none\nlabel c\nlinux linux\nappend c", "linux: a",
			"Bad Linux ARM64 Image magic!", []string{"dir/none", "dir/linux"}},
		{"a label whose initrd is not there is passed over", get, "label a\nlinux linux\ninitrd gone", "back", "Skipping a for failure retrieving initrd", []string{"dir/gone ✗"}},
		{"a command that is not imitated", "ext4load mmc 0", "", "Unknown command 'ext4load': the scripted U-Boot knows echo, setenv, tftpboot, pxe, booti, bootz and zboot",
			"Unknown command 'ext4load'", nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			n := testnet.New(func(name string) ([]byte, bool) {
				if name == "dir/pxelinux.cfg/default-arm" {
					return []byte(tc.config), true
				}
				c, ok := files[name]
				return []byte(c), ok
			})
			profile, err := rom.Lookup("uboot-arm64")
			if err != nil {
				t.Fatal(err)
			}
			got := drive(t, n, Config{Handover: handed(t, n, ubootScript(tc.script), "dir/boot.scr.uimg"), Profile: profile}, nil)
			end := ending(got.outcome)
			if got.outcome.Back {
				end = "back"
			}
			if end != tc.want || !slices.Contains(got.lines, tc.says) {
				t.Errorf("%s after %q, want %s, and to be told %q", end, got.lines, tc.want, tc.says)
			}
			if diff := cmp.Diff(tc.requests, got.requests[len(got.requests)-len(tc.requests):]); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
		})
	}
}
