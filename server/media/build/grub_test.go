package build

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/server/media/header"
	"github.com/bootrig/bootrig/server/media/pe"
)

// grub is a small program with a section called mods.
func grub(machine uint16, mods string) Part {
	p := efi(machine, mods)
	copy(p[0x58+240:], "mods\x00")
	return Bytes(p)
}

// wideMods are a module that is none, files, a configuration and a prefix, as grub-mkimage writes them.
const wideMods = "mimg\x00\x00\x00\x00" + "\x18\x00\x00\x00\x00\x00\x00\x00" + "\x70\x00\x00\x00\x00\x00\x00\x00" +
	"\x00\x00\x00\x00\x10\x00\x00\x00\x7fELFmod\x00" +
	"\x01\x00\x00\x00\x10\x00\x00\x00memdisk\x00" +
	"\x02\x00\x00\x00\x20\x00\x00\x00normal (memdisk)/g.cfg\x00\x00" +
	"\x03\x00\x00\x00\x18\x00\x00\x00/EFI/debian\x00\x00\x00\x00\x00"

func TestAGRUBIsTakenApartAndPutTogether(t *testing.T) {
	for name, c := range map[string]struct {
		machine uint16
		mods    string
		want    string
	}{
		"with fields of 64 bits": {0x8664, wideMods, "mimg\x00\x00\x00\x00" + "\x18\x00\x00\x00\x00\x00\x00\x00" + "\x58\x00\x00\x00\x00\x00\x00\x00" +
			"\x00\x00\x00\x00\x10\x00\x00\x00\x7fELFmod\x00" +
			"\x02\x00\x00\x00\x10\x00\x00\x00normal\n\x00" +
			"\x03\x00\x00\x00\x20\x00\x00\x00(tftp,10.0.0.2)/grub\x00\x00\x00\x00"},
		"with fields of 32 bits": {0x014c, "mimg\x0c\x00\x00\x00\x24\x00\x00\x00" + "\x03\x00\x00\x00\x18\x00\x00\x00/EFI/debian\x00\x00\x00\x00\x00",
			"mimg\x0c\x00\x00\x00\x3c\x00\x00\x00" + "\x02\x00\x00\x00\x10\x00\x00\x00normal\n\x00" + "\x03\x00\x00\x00\x20\x00\x00\x00(tftp,10.0.0.2)/grub\x00\x00\x00\x00"},
	} {
		t.Run(name, func(t *testing.T) {
			g, err := ReadGRUB(grub(c.machine, c.mods))
			if err != nil {
				t.Fatal(err)
			}
			if g.Prefix != "/EFI/debian" {
				t.Errorf("the prefix is %q", g.Prefix)
			}
			other, err := g.At("(tftp,10.0.0.2)/grub", "normal\n")
			if err != nil {
				t.Fatal(err)
			}
			f, err := pe.Read(other, other.Size)
			if err != nil {
				t.Fatal(err)
			}
			mods := f.Section("mods")
			if diff := cmp.Diff(c.want, content(t, Slice(other, int64(mods.Offset), int64(mods.VirtualSize)))); diff != "" {
				t.Errorf("mods (-want +got):\n%s", diff)
			}
			if again, err := ReadGRUB(other); err != nil || again.Prefix != "(tftp,10.0.0.2)/grub" || again.Config != "normal\n" {
				t.Errorf("read again it is %+v, %v", again, err)
			}
			equal(t, other, []byte(content(t, other)))
		})
	}
}

func TestWhatIsNoGRUBIsTold(t *testing.T) {
	change := func(at int, b ...byte) Part {
		mods := []byte(wideMods)
		copy(mods[at:], b)
		return grub(0x8664, string(mods))
	}
	for name, p := range map[string]Part{
		"a script":                         Text("#!ipxe\n"),
		"another program":                  Bytes(efi(0x8664, "shim")),
		"mods without its magic":           change(0, 'x'),
		"objects that begin behind it":     change(8, 0, 3),
		"objects that end behind it":       change(16, 0, 3),
		"objects that end before they are": change(16, 1),
		"an object without a length":       change(0x18+4, 0),
		"an object longer than the rest":   change(0x18+4, 0, 1),
		"half an object's head":            change(16, 0x74),
	} {
		t.Run(name, func(t *testing.T) {
			if g, err := ReadGRUB(p); err == nil {
				t.Errorf("it is read as %+v", g)
			}
		})
	}
}

// What Debian signed, and what it becomes.
func TestDebiansGRUBsAreTakenApart(t *testing.T) {
	const signed = "grub-efi-amd64-signed/usr/lib/grub/x86_64-efi-signed/"
	for name, want := range map[string]struct {
		prefix  string
		configs []string
	}{
		netboot + "grubx64.efi":          {"/debian-installer/amd64/grub", []string{"EFI/BOOT/grub.cfg", "debian-installer/amd64/grub/grub.cfg"}},
		signed + "grubx64.efi.signed":    {"/EFI/debian", []string{"EFI/BOOT/grub.cfg", "EFI/debian/grub.cfg"}},
		signed + "gcdx64.efi.signed":     {"/boot/grub", []string{"EFI/BOOT/grub.cfg", "boot/grub/grub.cfg"}},
		signed + "grubnetx64.efi.signed": {"/grub", []string{"EFI/BOOT/grub.cfg", "grub/grub.cfg"}},
	} {
		t.Run(name, func(t *testing.T) {
			program := unpacked(t, name)
			g, err := ReadGRUB(program)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want.configs, g.Configs()); diff != "" || g.Prefix != want.prefix || g.Config != "normal (memdisk)/grub.cfg\n" {
				t.Errorf("prefix %q, configuration %q, looks for (-want +got):\n%s", g.Prefix, g.Config, diff)
			}
			if !g.Has("normal", "linux", "fat", "configfile") || g.Has("multiboot2") {
				t.Errorf("modules %v", g.Modules)
			}
			module := unpacked(t, netboot+"grub/x86_64-efi/multiboot2.mod")
			other, err := g.At("(tftp,192.168.9.2)/grub", "", module, module, unpacked(t, netboot+"grub/x86_64-efi/normal.mod"))
			if err != nil {
				t.Fatal(err)
			}
			again, err := ReadGRUB(other)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(append(slices.Clone(g.Modules), "multiboot2"), again.Modules); diff != "" || again.Config != "" || again.file.Signed() {
				t.Errorf("signed: %v, configuration %q, modules (-want +got):\n%s", again.file.Signed(), again.Config, diff)
			}
			if other.Size > program.Size/2 {
				t.Errorf("%d bytes of %d: its files are still there", other.Size, program.Size)
			}
			file := written(t, other, "grub.efi")
			if said := tool(t, "objdump", "-h", file); !strings.Contains(said, "mods") {
				t.Errorf("objdump:\n%s", said)
			}
		})
	}
}

func TestAModuleThatIsNoneIsRefused(t *testing.T) {
	g, err := ReadGRUB(grub(0x8664, wideMods))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := g.At("/grub", "", Text("<html>")); err == nil {
		t.Error("a web page is taken for a module")
	}
}

func TestADiskHasWhatFirmwareAndGRUBLookFor(t *testing.T) {
	g := grub(0xaa64, wideMods)
	for name, c := range map[string]struct {
		disk Disk
		want map[string]string
	}{
		"with a shim": {Disk{Shim: Bytes(efi(0xaa64, "shim")), GRUB: g, Config: "menu", Files: map[string]Part{"linux": Text("kernel")}}, map[string]string{
			"EFI/BOOT/BOOTAA64.EFI": string(efi(0xaa64, "shim")), "EFI/BOOT/grubaa64.efi": content(t, g),
			"EFI/BOOT/grub.cfg": "menu", "EFI/debian/grub.cfg": "menu", "linux": "kernel"}},
		"with GRUB alone": {Disk{GRUB: g, Config: "menu"}, map[string]string{"EFI/BOOT/BOOTAA64.EFI": content(t, g), "EFI/BOOT/grub.cfg": "menu", "EFI/debian/grub.cfg": "menu"}},
	} {
		t.Run(name, func(t *testing.T) {
			disk, err := c.disk.Image()
			if err != nil {
				t.Fatal(err)
			}
			to := t.TempDir()
			tool(t, "mcopy", "-s", "-i", written(t, disk, "disk.img"), "::*", to)
			if diff := cmp.Diff(c.want, tree(t, to)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestAGRUBThatLooksElsewhereIsToldToLookAtItsDisk(t *testing.T) {
	disk, err := Disk{GRUB: grub(0x8664, strings.Replace(wideMods, "/EFI/debian", "(cd0)/grub\x00", 1)), Config: "menu"}.Image()
	if err != nil {
		t.Fatal(err)
	}
	to := t.TempDir()
	tool(t, "mcopy", "-s", "-i", written(t, disk, "disk.img"), "::*", to)
	files := tree(t, to)
	g, err := ReadGRUB(Text(files["EFI/BOOT/BOOTX64.EFI"]))
	if err != nil || g.Prefix != "/EFI/BOOT" || len(files) != 2 || files["EFI/BOOT/grub.cfg"] != "menu" {
		t.Errorf("it looks at %+v, %v, of %d files", g, err, len(files))
	}
}

func TestADiskThatCannotBootIsRefused(t *testing.T) {
	for name, disk := range map[string]Disk{
		"without a GRUB":             {Shim: Bytes(efi(0x8664, "shim")), GRUB: Text("")},
		"with two CPUs":              {Shim: Bytes(efi(0xaa64, "shim")), GRUB: grub(0x8664, wideMods)},
		"with a shim that is none":   {Shim: Text("#!ipxe"), GRUB: grub(0x8664, wideMods)},
		"for a CPU without firmware": {GRUB: grub(0x1234, wideMods)},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := disk.Image(); err == nil {
				t.Error("it is made")
			}
		})
	}
}

func FuzzMods(f *testing.F) {
	f.Add([]byte(wideMods), true)
	f.Add([]byte("mimg\x0c\x00\x00\x00\x1c\x00\x00\x00\x03\x00\x00\x00\x10\x00\x00\x00/prefix\x00"), false)
	f.Fuzz(func(t *testing.T, mods []byte, wide bool) {
		objects, err := header.CoreObjects(mods)
		if err != nil {
			return
		}
		again, err := header.CoreObjects(grubMods(objects, wide))
		if err != nil || len(again) != len(objects) {
			t.Fatalf("%d objects are %d when they are written, %v", len(objects), len(again), err)
		}
		for i, o := range again {
			if o.Kind != objects[i].Kind || !bytes.HasPrefix(o.Data, objects[i].Data) {
				t.Fatalf("object %d is %+v, not %+v", i, o, objects[i])
			}
			header.Module(o.Data)
		}
	})
}
