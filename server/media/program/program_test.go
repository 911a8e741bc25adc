package program

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/internal/must"
	deb "github.com/bootrig/bootrig/scenarios/runner/content"
)

// efi is a PE file for a machine, that has some words.
func efi(machine byte, words string) string {
	p := []byte("MZ" + strings.Repeat("\x00", 0x3e) + "PE\x00\x00" + strings.Repeat("\x00", 0x200))
	p[0x3c] = 0x40
	copy(p[0x44:], map[byte]string{'x': "\x64\x86", 'a': "\x64\xaa", 'i': "\x4c\x01"}[machine])
	return string(p) + words
}

// text is what stands for a pxelinux, a module and so on.
const (
	pxelinux6 = "\xea" + "                                                                PXELINUX 6.04 PXE"
	pxelinux4 = "\xea" + "                                                                PXELINUX 4.05 "
	com32r    = "\xb8\xff\x4c\xcd\x21"
)

// place writes files into a directory.
func place(t *testing.T, files map[string]string) Place {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		to := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	p, err := Directory(dir)
	if err != nil {
		t.Fatal(err)
	}
	p.Name = "DIR"
	return p
}

func TestAProgramIsFoundWhereItMayBe(t *testing.T) {
	ipxe := efi('x', "iPXE/2.0")
	for name, c := range map[string]struct {
		files map[string]string
		want  Want
		path  string // "" where it is not found
		said  string
	}{
		"one in the directory itself":              {map[string]string{"ipxe.efi": ipxe}, Want{Kind: IPXE, CPU: "x86_64"}, "ipxe.efi", ""},
		"one in a package that was unpacked there": {map[string]string{"usr/lib/ipxe/ipxe.efi": ipxe}, Want{Kind: IPXE, CPU: "x86_64"}, "usr/lib/ipxe/ipxe.efi", ""},
		"one in a package in a directory of them":  {map[string]string{"ipxe/boot/ipxe.efi": ipxe}, Want{Kind: IPXE, CPU: "x86_64"}, "ipxe/boot/ipxe.efi", ""},
		"one that lost the ending of a signed one": {map[string]string{"shimx64.efi": shim('x')}, Want{Kind: Shim, CPU: "x86_64"}, "shimx64.efi", ""},
		"the one of the CPU, under a common name":  {map[string]string{"usr/lib/ipxe/ipxe.efi": ipxe, "ipxe-arm64.efi": efi('a', "iPXE/2.0")}, Want{Kind: IPXE, CPU: "aarch64"}, "ipxe-arm64.efi", ""},
		"a pxelinux":                                {map[string]string{"pxelinux.0": pxelinux6}, Want{Kind: PXELINUX}, "pxelinux.0", ""},
		"a pxelinux that is none":                   {map[string]string{"pxelinux.0": "<html>"}, Want{Kind: PXELINUX}, "", "pxelinux.0: pxelinux.0 of DIR is no pxelinux.0; install pxelinux, or name a directory that has it with --programs"},
		"none":                                      {nil, Want{Kind: LPXELINUX}, "", "lpxelinux.0: install pxelinux, or name a directory that has it with --programs"},
		"no module":                                 {nil, Want{Kind: Module, Name: "mboot.c32"}, "", "mboot.c32: install syslinux-common, or name a directory that has it with --programs"},
		"one for another CPU":                       {map[string]string{"ipxe.efi": ipxe}, Want{Kind: IPXE, CPU: "aarch64"}, "", "ipxe.efi: ipxe.efi of DIR is for x86_64, not for aarch64; for aarch64: install ipxe of Debian 13, or name a directory that has it with --programs"},
		"one that no package of Debian has":         {nil, Want{Kind: SNPonly, CPU: "i386"}, "", "snponly.efi: name a directory that has one for i386 with --programs"},
		"a signed iPXE that is not signed":          {map[string]string{"x86_64-sb/ipxe.efi": ipxe}, Want{Kind: IPXESB, CPU: "x86_64"}, "", "it is not signed"},
		"a stub of another CPU is told by its name": {nil, Want{Kind: Stub, CPU: "aarch64"}, "", "linuxaa64.efi.stub: for aarch64: unpack Debian's systemd-boot-efi of arm64, or name a directory that has it with --programs"},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := Find(c.want, place(t, nil), place(t, c.files))
			if f.Path != c.path || err != nil && !strings.Contains(err.Error(), c.said) || (err == nil) != (c.said == "") {
				t.Errorf("found %q, not %q; it says\n%v, not\n%s", f.Path, c.path, err, c.said)
			}
			if missing := new(MissingError); err != nil && !errors.As(err, &missing) {
				t.Errorf("%T is no MissingError", err)
			}
		})
	}
}

func shim(machine byte) string {
	p := []byte(efi(machine, ""))
	p[0x46], p[0x54] = 1, 0 // a section behind no optional header
	copy(p[0x58:], "/4")
	p[0x4c] = 0x80 // the string table
	copy(p[0x80:], "\x20\x00\x00\x00.vendor_cert")
	return string(p)
}

func TestWhatAMediumHasGoesFirst(t *testing.T) {
	files := map[string]string{"EFI/BOOT/BOOTX64.EFI": efi('x', "iPXE/1"), "EFI/BOOT/BOOTAA64.EFI": efi('x', "iPXE/1"), "ipxe.efi": efi('x', "iPXE/2")}
	host := place(t, files)
	medium := Medium("the medium", host.Tree, []Known{{Want{Kind: IPXE, CPU: "x86_64"}, "EFI/BOOT/BOOTX64.EFI"}, {Want{Kind: IPXE, CPU: "aarch64"}, "EFI/BOOT/BOOTAA64.EFI"}})
	f, err := Find(Want{Kind: IPXE, CPU: "x86_64"}, medium, host)
	if err != nil || f.Path != "EFI/BOOT/BOOTX64.EFI" || f.Name != "BOOTX64.EFI" {
		t.Errorf("found %+v, %v", f, err)
	}
	if _, err := Find(Want{Kind: IPXE, CPU: "aarch64"}, medium); err == nil || !strings.Contains(err.Error(), "BOOTAA64.EFI of the medium is for x86_64") {
		t.Errorf("what it has for another CPU is taken: %v", err)
	}
	if _, err := Find(Want{Kind: SNPonly, CPU: "x86_64"}, medium); err == nil {
		t.Error("what it is not known to have is looked for in it")
	}
}

func TestModulesAreOfThePlaceOfTheirPxelinux(t *testing.T) {
	old := place(t, map[string]string{"pxelinux.0": pxelinux4, "mboot.c32": com32r})
	six := place(t, map[string]string{"pxelinux.0": pxelinux6, "mboot.c32": com32r})
	names := func(files []File) (names []string) {
		for _, f := range files {
			names = append(names, f.Name)
		}
		return names
	}
	files, err := Modules(PXELINUX, []string{"mboot.c32"}, old)
	if diff := cmp.Diff([]string{"pxelinux.0", "mboot.c32"}, names(files)); diff != "" || err != nil {
		t.Errorf("of syslinux 4: %v\n%s", err, diff)
	}
	if _, err := Modules(PXELINUX, []string{"mboot.c32"}, six); err == nil || !strings.HasPrefix(err.Error(), "ldlinux.c32: install syslinux-common") {
		t.Errorf("without ldlinux.c32: %v", err)
	}
	if files, err := Modules(PXELINUX, []string{"mboot.c32"}, six, old); err != nil || files[0].Place.Tree != old.Tree {
		t.Errorf("the place that has all is passed over: %v", err)
	}
	if _, err := Modules(LPXELINUX, nil, six, old); err == nil || !strings.HasPrefix(err.Error(), "lpxelinux.0: install pxelinux") {
		t.Errorf("without lpxelinux: %v", err)
	}
}

func TestAShimAndWhatItLoadsAreOfOnePlace(t *testing.T) {
	grub := efi('x', "\ngrub,3,x,grub,2.06,\n")
	grub = grub[:0x46] + "\x01" + grub[0x47:0x58] + "mods" + grub[0x5c:] // its one section
	shimOnly := place(t, map[string]string{"shimx64.efi": shim('x')})
	both := place(t, map[string]string{"bootx64.efi": shim('x'), "grubx64.efi": grub})
	first, second, err := Shimmed(GRUB, "x86_64", shimOnly, both)
	if err != nil || first.Path != "bootx64.efi" || second.Path != "grubx64.efi" || SecondStage(first) != "grubx64.efi" {
		t.Errorf("found %s and %s, %v", first.Path, second.Path, err)
	}
	several := Medium("the medium", place(t, map[string]string{"a/bootx64.efi": shim('x'), "b/bootx64.efi": shim('x'), "b/grubx64.efi": grub}).Tree, []Known{
		{Want{Kind: Shim, CPU: "x86_64"}, "a/bootx64.efi"}, {Want{Kind: Shim, CPU: "x86_64"}, "b/bootx64.efi"}, {Want{Kind: GRUB, CPU: "x86_64"}, "b/grubx64.efi"}})
	if first, second, err := Shimmed(GRUB, "x86_64", several); err != nil || first.Path != "b/bootx64.efi" || second.Path != "b/grubx64.efi" {
		t.Errorf("found %s and %s, which are no pair: %v", first.Path, second.Path, err)
	}
	if _, _, err := Shimmed(GRUB, "x86_64", shimOnly); err == nil || !strings.HasPrefix(err.Error(), "grubx64.efi: for x86_64: install grub-efi-amd64-signed") {
		t.Errorf("a shim alone: %v", err)
	}
	if _, _, err := Shimmed(IPXESB, "x86_64", shimOnly); err == nil || !strings.Contains(err.Error(), "ipxeboot.tar.gz") {
		t.Errorf("no shim of iPXE: %v", err)
	}
}

// Debian's packages as make deps unpacks them, each below its name.
func TestTheProgramsOfDebianAreFound(t *testing.T) {
	cache, err := deb.CacheDir()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(cache, "deb")
	for _, name := range []string{"pxelinux", "syslinux-common", "ipxe", "shim-signed", "grub-efi-amd64-signed", "systemd-boot-efi"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			must.Skip(t, must.Content, err, " (make deps fetches it)")
		}
	}
	where, err := Directory(dir)
	if err != nil {
		t.Fatal(err)
	}
	got := map[Kind]string{}
	for _, want := range []Want{
		{Kind: PXELINUX}, {Kind: LPXELINUX}, {Kind: UNDIonly}, {Kind: Module, Name: "menu.c32"}, {Kind: IPXE, CPU: "x86_64"}, {Kind: SNPonly, CPU: "x86_64"},
		{Kind: Shim, CPU: "x86_64"}, {Kind: GRUB, CPU: "x86_64"}, {Kind: GRUBCD, CPU: "x86_64"}, {Kind: GRUBNet, CPU: "x86_64"}, {Kind: Stub, CPU: "x86_64"},
	} {
		f, err := Find(want, where)
		if err != nil {
			t.Error(err)
			continue
		}
		file, err := f.Open()
		if err != nil || file.Size == 0 {
			t.Errorf("%s: %v", f.Path, err)
			continue
		}
		file.Close()
		got[want.Kind] = f.Path
	}
	want := map[Kind]string{
		PXELINUX: "pxelinux/usr/lib/PXELINUX/pxelinux.0", LPXELINUX: "pxelinux/usr/lib/PXELINUX/lpxelinux.0", UNDIonly: "ipxe/usr/lib/ipxe/undionly.kpxe",
		Module: "syslinux-common/usr/lib/syslinux/modules/bios/menu.c32", IPXE: "ipxe/boot/ipxe.efi", SNPonly: "ipxe/usr/lib/ipxe/snponly.efi",
		Shim: "shim-signed/usr/lib/shim/shimx64.efi.signed", GRUB: "grub-efi-amd64-signed/usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed",
		GRUBCD: "grub-efi-amd64-signed/usr/lib/grub/x86_64-efi-signed/gcdx64.efi.signed", GRUBNet: "grub-efi-amd64-signed/usr/lib/grub/x86_64-efi-signed/grubnetx64.efi.signed",
		Stub: "systemd-boot-efi/usr/lib/systemd/boot/efi/linuxx64.efi.stub",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	files, err := Modules(LPXELINUX, []string{"mboot.c32", "vesamenu.c32"}, where)
	var names []string
	for _, f := range files {
		names = append(names, f.Name)
	}
	if diff := cmp.Diff([]string{"lpxelinux.0", "ldlinux.c32", "mboot.c32", "vesamenu.c32", "libcom32.c32", "libutil.c32"}, names); diff != "" || err != nil {
		t.Errorf("modules: %v (-want +got):\n%s", err, diff)
	}
}

func TestADirectoryThatIsNoneIsTold(t *testing.T) {
	if _, err := Directory(filepath.Join(t.TempDir(), "none")); err == nil || !strings.Contains(err.Error(), "boot programs: ") {
		t.Errorf("it says %v", err)
	}
	if _, err := Find(Want{Kind: Module, Name: "no-such-module.c32"}, Host()); err == nil {
		t.Error("a module that nobody has is found")
	}
}

// In a list of what is missing each has its way to it.
func TestBrief(t *testing.T) {
	for want, w := range map[string]Want{
		"ipxe.efi (install ipxe)":             {Kind: IPXE, CPU: "x86_64"},
		"pxelinux.0 (install pxelinux)":       {Kind: PXELINUX},
		"syslinux.efi for riscv64":            {Kind: Syslinux, CPU: "riscv64"},
		"mboot.c32 (install syslinux-common)": {Kind: Module, Name: "mboot.c32"},
	} {
		if got := (&MissingError{Want: w}).Brief(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
