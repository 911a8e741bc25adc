package header

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bootrig/bootrig/server/media/header/headertest"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/internal/must"
	"github.com/bootrig/bootrig/scenarios/runner/content"
)

// wide is a text in UTF-16, with its end.
func wide(s string) string {
	var b strings.Builder
	for _, c := range []byte(s + "\x00") {
		b.WriteByte(c)
		b.WriteByte(0)
	}
	return b.String()
}

func shimOf(next string) []byte {
	return pe(MachineX64, section{".vendor", nil}, section{".data", []byte(wide(`\EFI\BOOT\fbx64.efi`) + wide(`\mmx64.efi`) + wide(`\\`+next))})
}

func TestAShimLoadsWhatItsNameSays(t *testing.T) {
	named := func(p []byte) []byte {
		return bytes.Replace(p, []byte(".vendor\x00"), []byte("/0\x00\x00\x00\x00\x00\x00"), 1)
	}
	with := func(next string) []byte {
		p := named(shimOf(next))
		binary.LittleEndian.PutUint32(p[0x4c:], uint32(len(p))) // the string table, behind no symbols
		return append(p, ".vendor_cert\x00"...)
	}
	debian, ipxe := with("grubx64.efi"), with("ipxe.efi")
	for _, c := range []struct {
		p          []byte
		name, want string
	}{
		{debian, "amd64/bootnetx64.efi", "amd64/grubx64.efi"},
		{debian, "shimx64-ipxe.efi", "grubx64.efi"},
		{ipxe, "a/ipxe-shimx64.efi", "a/ipxe.efi"},
		{ipxe, "snponly-shimaa64.efi", "snponly.efi"},
		{ipxe, "/shimx64-intel.efi", "/intel.efi"},
		{ipxe, "bootx64.efi", "ipxe.efi"},
		{shimOf("grubx64.efi"), "MokManager", ""},
		{nil, "x", ""},
	} {
		if got := Second(c.p, c.name); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// objects is what is put into a GRUB: of type 0 a module, by its name.
func objects(all ...any) []byte {
	var b bytes.Buffer
	for i := 0; i < len(all); i += 2 {
		kind, data := uint32(all[i].(int)), all[i+1].(string)
		if kind == CoreELF {
			data = headertest.GRUBModule(data)
		}
		binary.Write(&b, binary.LittleEndian, []uint32{kind, uint32(8 + len(data) + 1)})
		b.WriteString(data + "\x00")
	}
	head := append([]byte("mimg"), make([]byte, 20)...)
	binary.LittleEndian.PutUint64(head[8:], 24)
	binary.LittleEndian.PutUint64(head[16:], uint64(24+b.Len()))
	return append(head, b.Bytes()...)
}

func TestWhatWasPutIntoAGRUB(t *testing.T) {
	whole := objects(0, "linux", 0, "http", 2, "normal (memdisk)/grub.cfg", 3, "(tftp,192.168.9.2)/grub")
	for name, c := range map[string]struct {
		p    []byte
		want Core
	}{
		"its prefix, its first commands, its modules": {pe(MachineX64, section{"mods", whole}), Core{"(tftp,192.168.9.2)/grub", "normal (memdisk)/grub.cfg", []string{"http", "linux"}}},
		"one that is cut off":                         {pe(MachineX64, section{"mods", objects(2, "normal", 3, "/grub")[:42]}), Core{Config: "normal"}},
		"an object that is smaller than its head":     {pe(MachineX64, section{"mods", append(objects(), 3, 0, 0, 0, 1, 0, 0, 0)}), Core{}},
		"another section of that name":                {pe(MachineX64, section{"mods", []byte("text")}), Core{}},
		"no GRUB":                                     {pe(MachineX64), Core{}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, CoreOf(c.p)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Debian's own tell what they load, and who signed them.
func TestWhatProgramsOfDebianLoad(t *testing.T) {
	cache, err := content.CacheDir()
	if err != nil {
		t.Fatal(err)
	}
	type loads struct {
		Second, Prefix, Signer string
		HTTP, TFTP             bool
	}
	const netboot = "debian-installer-12-netboot-amd64/usr/lib/debian-installer/images/12/amd64/text/debian-installer/amd64/"
	for name, want := range map[string]loads{
		netboot + "bootnetx64.efi":                          {Second: "grubx64.efi", Signer: "Microsoft"},
		netboot + "grubx64.efi":                             {Prefix: "/debian-installer/amd64/grub", TFTP: true, Signer: "Debian"},
		netboot + "linux":                                   {Signer: "Debian"},
		netboot + "pxelinux.0":                              {},
		"ipxe/usr/lib/ipxe/snponly.efi":                     {},
		"xen-hypervisor-4.17-amd64/boot/xen-4.17-amd64.efi": {},
	} {
		t.Run(filepath.Base(name), func(t *testing.T) {
			p, err := os.ReadFile(filepath.Join(cache, "deb", name))
			if err != nil {
				must.Skip(t, must.Content, err)
			}
			core := CoreOf(p)
			got := loads{Second: Second(p, "a/b.efi"), Prefix: core.Prefix, HTTP: core.Has("http"), TFTP: core.Has("tftp")}
			got.Second = strings.TrimPrefix(got.Second, "a/")
			_, who, err := Signers(bytes.NewReader(p), int64(len(p)))
			if len(who) > 0 {
				got.Signer, _, _ = strings.Cut(who[0].Name, " ") // the rest changes with the years
			}
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
			if Whole(p) > int64(len(p)) {
				t.Errorf("%d bytes, and its header says %d", len(p), Whole(p))
			}
		})
	}
}

func FuzzCore(f *testing.F) {
	f.Add(objects(0, "linux", 3, "/grub"))
	f.Fuzz(func(t *testing.T, mods []byte) {
		p := pe(MachineX64, section{"mods", mods}, section{".data", mods}, section{".vendor_cert", nil})
		if c := CoreOf(p); !slices.IsSorted(c.Modules) {
			t.Errorf("%v", c)
		}
		Second(p, "a")
	})
}
