package explain_test

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/internal/must"
	"github.com/bootrig/bootrig/scenarios/runner/content"
	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/config/yaml"
	servercontent "github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/explain"
)

// program is one for x64 UEFI, with a signature that tells nobody if it is signed.
func program(signed bool) []byte {
	const coff, optional, dirs = 0x40, 0x58, 112
	p := make([]byte, 0x200)
	copy(p, "MZ")
	p[0x3c] = coff
	copy(p[coff:], "PE\x00\x00\x64\x86")
	p[coff+20] = 240
	binary.LittleEndian.PutUint16(p[optional:], 0x20b)
	p[optional+dirs-4] = 16
	if signed {
		binary.LittleEndian.PutUint32(p[optional+dirs+4*8:], uint32(len(p)))
		binary.LittleEndian.PutUint32(p[optional+dirs+4*8+4:], 16)
		p = append(p, "\x10\x00\x00\x00\x00\x02\x02\x00notPKCS7"...)
	}
	return p
}

// disk is one with a FAT file system, as far as its boot sector goes.
func disk() []byte {
	p := make([]byte, 512)
	copy(p[0x52:], "FAT32")
	p[510], p[511] = 0x55, 0xaa
	return p
}

func TestSecureBootTakesWhatIsSigned(t *testing.T) {
	const networks = "networks: [{network: 192.168.9.0/24}]\ntftp: {root: /srv}\nhttp: {port: 80}\nboot:\n"
	for name, c := range map[string]struct{ boot, client, want string }{
		"unsigned":                  {"- {arch: x64-uefi, file: a.efi}", "arch=7 secure-boot=yes", "it fetches a.efi, 512 bytes, not signed at all: Secure Boot refuses it (Access Denied) (x:5)"},
		"signed by who knows":       {"- {arch: x64-uefi, file: b.efi}", "arch=7 secure-boot=yes", "it fetches b.efi, 528 bytes, signed (x:5)"},
		"without Secure Boot":       {"- {arch: x64-uefi, file: a.efi}", "arch=7", "it fetches a.efi, 512 bytes (x:5)"},
		"no program":                {"- {arch: x64-uefi, file: page}", "arch=7 secure-boot=yes", "it fetches page, 6 bytes (x:5)"},
		"by HTTP from us":           {"- {arch: x64-uefi-http, file: 'http://192.168.9.1/a.efi'}", "arch=16 secure-boot=yes", "it fetches http://192.168.9.1/a.efi, 512 bytes, not signed at all: Secure Boot refuses it (Access Denied) (x:5)"},
		"a disk":                    {"- {arch: x64-uefi-http, file: 'http://192.168.9.1/a.img'}", "arch=16 secure-boot=yes", "it fetches http://192.168.9.1/a.img, 512 bytes, an image: who signed the programs in it was not looked at (x:5)"},
		"by HTTP from another":      {"- {arch: x64-uefi-http, file: 'http://192.168.9.7/a.efi'}", "arch=16 secure-boot=yes", "it fetches http://192.168.9.7/a.efi (x:5)"},
		"by HTTP from another port": {"- {arch: x64-uefi-http, file: 'http://192.168.9.1:8080/a.efi'}", "arch=16 secure-boot=yes", "it fetches http://192.168.9.1:8080/a.efi (x:5)"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg, err := yaml.Parse("x", []byte(networks+c.boot))
			if err != nil {
				t.Fatal(err)
			}
			tree := fstest.MapFS{"a.efi": {Data: program(false)}, "b.efi": {Data: program(true)}, "page": {Data: []byte("<html>")}, "a.img": {Data: disk()}}
			if diff := cmp.Diff(c.want, end(t, cfg, c.client, servercontent.FS(tree, "/"))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// end is what the story says of the files.
func end(t *testing.T, cfg *config.Config, words string, tree servercontent.Tree) string {
	t.Helper()
	client, err := explain.ParseClient(words)
	if err != nil {
		t.Fatal(err)
	}
	story := explain.Explain(cfg, explain.Links(cfg)[0], client)
	story.Look(tree)
	var said bytes.Buffer
	story.Print(&said)
	return strings.TrimSpace(said.String()[strings.LastIndex(said.String(), "\n\n"):])
}

// Debian's shim and GRUB, and what is told of them.
func TestWhatAShimLoadsIsTold(t *testing.T) {
	cache, err := content.CacheDir()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(cache, "deb/debian-installer-12-netboot-amd64/usr/lib/debian-installer/images/12/amd64/text/debian-installer/amd64")
	if _, err := os.Stat(dir); err != nil {
		must.Skip(t, must.Content, err)
	}
	cfg, err := yaml.Parse("x", []byte("networks: [{network: 192.168.9.0/24}]\ntftp: {root: /srv}\nboot: [{arch: x64-uefi, file: bootnetx64.efi}]"))
	if err != nil {
		t.Fatal(err)
	}
	tree, err := servercontent.OpenDir(dir, "/srv")
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	want := regexp.MustCompile(`^it fetches bootnetx64.efi, 1.0 MB, signed by Microsoft .*by Microsoft .*\(x:3\)
bootnetx64.efi has it load grubx64.efi, 3.. MB, signed by Debian .*, by Debian .* CA \(x:3\)$`)
	if got := end(t, cfg, "arch=7 secure-boot=yes", tree); !want.MatchString(got) {
		t.Errorf("%s\nis not %s", got, want)
	}
}
