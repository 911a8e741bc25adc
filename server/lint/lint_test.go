package lint_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/server/config/dnsmasq"
	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/lint"
)

func TestCheck(t *testing.T) {
	const (
		six  = "\x00PXELINUX 6.04 PXE \x00"
		four = "\x00PXELINUX 4.05 \x00"
		boot = "dhcp-range=192.168.9.0,proxy\ndhcp-boot=pxelinux.0\npxe-service=x86PC,Boot,sub/pxelinux\nenable-tftp\ntftp-root=/tftpboot\n"
	)
	for name, c := range map[string]struct {
		conf  string
		files map[string]string // path: content
		want  []string
	}{
		"all is there":                    {boot, map[string]string{"pxelinux.0": six, "ldlinux.c32": "", "sub/pxelinux.0": six, "sub/ldlinux.c32": ""}, nil},
		"pxelinux 4 needs no ldlinux.c32": {boot, map[string]string{"pxelinux.0": four, "sub/pxelinux.0": four}, nil},
		"ldlinux.c32 where pxelinux looks last": {boot,
			map[string]string{"pxelinux.0": six, "boot/isolinux/ldlinux.c32": "", "sub/pxelinux.0": four}, nil},
		"ldlinux.c32 of the other directory does not help": {boot,
			map[string]string{"pxelinux.0": six, "ldlinux.c32": "", "sub/pxelinux.0": six},
			[]string{"dnsmasq.conf:3: sub/pxelinux.0 is a pxelinux that needs sub/ldlinux.c32, which is missing: copy the one of its own version there"}},
		"boot files are missing": {boot, map[string]string{"README": ""},
			[]string{
				"dnsmasq.conf:2: boot file pxelinux.0 does not exist below /tftpboot",
				"dnsmasq.conf:3: boot file sub/pxelinux.0 does not exist below /tftpboot",
			}},
		"a boot file that is a directory": {boot, map[string]string{"pxelinux.0/x": "", "sub/pxelinux.0": four},
			[]string{"dnsmasq.conf:2: boot file pxelinux.0: open /tftpboot/pxelinux.0: is a directory"}},
		"files of another server and of the web are not ours to look for": {
			"dhcp-range=192.168.9.0,proxy\ndhcp-boot=a.0,,192.168.9.8\ndhcp-boot=http://192.168.9.8/x\npxe-service=x86PC,Disk\n",
			map[string]string{"README": ""}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for path, data := range c.files {
				path = filepath.Join(dir, path)
				if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(data), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			tree, err := content.OpenDir(dir, "/tftpboot")
			if err != nil {
				t.Fatal(err)
			}
			defer tree.Close()
			cfg, err := dnsmasq.Parse("dnsmasq.conf", []byte(c.conf))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, n := range lint.Check(cfg, tree) {
				got = append(got, n.String())
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", strings.ReplaceAll(diff, dir, "DIR"))
			}
		})
	}
}
