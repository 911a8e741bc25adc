package header

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/internal/must"
	"github.com/bootrig/bootrig/scenarios/runner/content"
)

// Real programs, as Debian's packages have them.
func TestProgramsOfDebianAreTold(t *testing.T) {
	cache, err := content.CacheDir()
	if err != nil {
		t.Fatal(err)
	}
	const netboot = "debian-installer-12-netboot-amd64/usr/lib/debian-installer/images/12/amd64/text/debian-installer/amd64/"
	for name, want := range map[string]Program{
		netboot + "pxelinux.0":                                        {Kind: PXELINUX, CPU: "i386", BIOS: true, Version: "6.04"},
		netboot + "bootnetx64.efi":                                    {Kind: Shim, CPU: "x86_64", UEFI: true},
		netboot + "grubx64.efi":                                       {Kind: GRUB, CPU: "x86_64", UEFI: true, Version: "2.06"},
		netboot + "linux":                                             {Kind: Linux, CPU: "x86_64", BIOS: true, UEFI: true},
		netboot + "initrd.gz":                                         {},
		netboot + "boot-screens/ldlinux.c32":                          {Kind: COM32, CPU: "i386", BIOS: true, Version: "6"},
		netboot + "grub/x86_64-efi/syslinuxcfg.mod":                   {},
		netboot + "boot-screens/splash.png":                           {},
		"pxelinux/usr/lib/PXELINUX/lpxelinux.0":                       {Kind: LPXELINUX, CPU: "i386", BIOS: true, Version: "6.04"},
		"syslinux-common/usr/lib/syslinux/modules/bios/mboot.c32":     {Kind: Mboot, CPU: "i386", BIOS: true, Version: "6"},
		"syslinux-common/usr/lib/syslinux/modules/efi64/menu.c32":     {Kind: COM32, CPU: "x86_64", UEFI: true, Version: "6"},
		"xen-hypervisor-4.17-amd64/boot/xen-4.17-amd64.gz":            {Kind: Multiboot, CPU: "x86_64", BIOS: true, UEFI: true},
		"xen-hypervisor-4.17-amd64/boot/xen-4.17-amd64.efi":           {Kind: EFI, CPU: "x86_64", UEFI: true},
		"ipxe/usr/lib/ipxe/undionly.kpxe":                             {Kind: IPXE, CPU: "i386", BIOS: true},
		"ipxe/usr/lib/ipxe/snponly.efi":                               {Kind: IPXE, CPU: "x86_64", UEFI: true},
		"shim-helpers-amd64-signed/usr/lib/shim/mmx64.efi.signed":     {Kind: EFI, CPU: "x86_64", UEFI: true},
		"systemd-boot-efi/usr/lib/systemd/boot/efi/linuxx64.efi.stub": {Kind: SystemdStub, CPU: "x86_64", UEFI: true},
		"syslinux-efi/usr/lib/SYSLINUX.EFI/efi32/syslinux.efi":        {Kind: SyslinuxEFI, CPU: "i386", UEFI: true},
		"memtest86+/boot/memtest86+x64.efi":                           {Kind: Memtest, CPU: "x86_64", BIOS: true, UEFI: true, Version: "6.10"},
		"memtest86+/boot/memtest86+ia32.bin":                          {Kind: Memtest, CPU: "i386", BIOS: true, Version: "6.10"},
		"memtest86+/usr/lib/memtest86+/memtest86+x64.iso":             {},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := os.Open(filepath.Join(cache, "deb", name))
			if err != nil {
				must.Skip(t, must.Content, err)
			}
			defer f.Close()
			info, err := f.Stat()
			if err != nil {
				t.Fatal(err)
			}
			got, err := Read(f, info.Size())
			if want.Kind == SystemdStub {
				got.Version = "" // Debian's changes with every update
			}
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
}

// pe is a PE file for a machine, with sections.
func pe(machine uint16, parts ...section) []byte {
	p := make([]byte, 0x400)
	copy(p, "MZ")
	p[0x3c] = 0x40
	copy(p[0x40:], "PE\x00\x00")
	binary.LittleEndian.PutUint16(p[0x44:], machine)
	binary.LittleEndian.PutUint16(p[0x46:], uint16(len(parts)))
	for i, s := range parts {
		at := p[0x58+i*40:]
		copy(at[:8], s.name)
		binary.LittleEndian.PutUint32(at[16:], uint32(len(s.data)))
		binary.LittleEndian.PutUint32(at[20:], uint32(len(p)))
		p = append(p, s.data...)
	}
	return p
}

// image is the beginning of a kernel of another CPU than x86.
func image(begin, magic string) []byte {
	p := make([]byte, 0x80)
	copy(p, begin)
	copy(p[0x38:], magic)
	return p
}

// disk is one with a FAT file system, and something on it.
func disk(on string) []byte {
	p := make([]byte, 0x400)
	p[0], p[0x1fe], p[0x1ff] = 0xeb, 0x55, 0xaa
	copy(p[0x52:], "FAT32")
	return append(p, on...)
}

func zip(p []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(p)
	z.Close()
	return b.Bytes()
}

func TestProgramsAreToldByWhatTheyHold(t *testing.T) {
	bz := make([]byte, 0x400)
	copy(bz[0x202:], "HdrS\x0f\x02")
	bz[0x236], bz[0x20e], bz[0x20f] = 1, 0, 1
	copy(bz[0x300:], "6.8.0-31-generic (buildd@x) #31\x00")
	for rule, c := range map[string]struct {
		p    []byte
		want Program
	}{
		"an error page":                            {[]byte("<html><head><title>404 Not Found</title></head></html>" + string(make([]byte, 100))), Program{}},
		"nothing at all":                           {nil, Program{}},
		"a UKI has a kernel in it":                 {pe(MachineX64, section{".linux", []byte("kernel")}), Program{Kind: UKI, CPU: "x86_64", UEFI: true}},
		"an iPXE that says so in .sbat":            {pe(MachineARM64, section{".sbat", []byte("sbat,1,x\nipxe,1,iPXE\n")}), Program{Kind: IPXE, CPU: "aarch64", UEFI: true}},
		"a GRUB of before .sbat":                   {pe(MachineRISCV64, section{"mods", nil}), Program{Kind: GRUB, CPU: "riscv64", UEFI: true}},
		"another program of UEFI":                  {pe(MachineARM), Program{Kind: EFI, CPU: "arm", UEFI: true}},
		"a kernel tells its release":               {bz, Program{Kind: Linux, CPU: "x86_64", BIOS: true, Version: "6.8.0-31-generic"}},
		"a kernel for arm64":                       {image("", "ARM\x64"), Program{Kind: Linux, CPU: "aarch64"}},
		"the same below gzip's cover":              {zip(image("", "ARM\x64")), Program{Kind: Linux, CPU: "aarch64"}},
		"a kernel for riscv64":                     {image("", "RSC\x05"), Program{Kind: Linux, CPU: "riscv64"}},
		"a multiboot header that does not add up":  {append([]byte{0x02, 0xb0, 0xad, 0x1b}, make([]byte, 80)...), Program{}},
		"a disk with a GRUB on it is a disk":       {disk("GRUB "), Program{}},
		"gzip of gzip is not opened":               {zip(zip(image("", "ARM\x64"))), Program{}},
		"a module of syslinux 4":                   {append([]byte{0xb8, 0xff, 0x4c, 0xcd, 0x21}, make([]byte, 80)...), Program{Kind: COM32, CPU: "i386", BIOS: true, Version: "4"}},
		"sections that lie outside are none":       {append(pe(MachineX64)[:0x46], append([]byte{0xff, 0xff}, pe(MachineX64)[0x48:]...)...), Program{Kind: EFI, CPU: "x86_64", UEFI: true}},
		"a word about pxelinux makes none":         {[]byte("see PXELINUX for more" + string(make([]byte, 80))), Program{}},
		"a pxelinux without its beginning is told": {[]byte("\xfaPXELINUX 4.05 2011-12-09" + string(make([]byte, 80))), Program{Kind: PXELINUX, CPU: "i386", BIOS: true, Version: "4.05"}},
	} {
		t.Run(rule, func(t *testing.T) {
			if diff := cmp.Diff(c.want, Of(c.p)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			got, err := Read(bytes.NewReader(c.p), int64(len(c.p)))
			if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
				t.Errorf("%v, of a file (-want +got):\n%s", err, diff)
			}
		})
	}
}

func FuzzOf(f *testing.F) {
	f.Add(pe(MachineX64, section{".sbat", []byte("\ngrub,1,x,grub,2.06,y")}, section{"/4", nil}))
	f.Add(zip(image("", "ARM\x64")))
	f.Add([]byte("\x7fELF\x01\x01\x01" + string(make([]byte, 100)) + ".c32\x00"))
	f.Fuzz(func(t *testing.T, p []byte) {
		if got := Of(p); got.Kind != "" && !got.BIOS && !got.UEFI && got.Kind != Linux {
			t.Errorf("%+v is run by nobody", got)
		}
	})
}
