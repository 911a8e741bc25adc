package iso9660_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/server/content/iso9660"
	"github.com/bootrig/bootrig/server/content/iso9660/isotest"
)

const loaders = `
isolinux/isolinux.bin size=40000
boot/efiboot.img size=2M
boot/vmlinuz size=100
`

// fat is a file with the first sector of a FAT file system of that many sectors, of which it has eight.
func fat(t *testing.T, sectors int) string {
	b := make([]byte, 8*512)
	copy(b, "\xeb\x3c\x90mkfs.fat")
	binary.LittleEndian.PutUint16(b[11:], 512)
	b[16], b[510], b[511] = 2, 0x55, 0xaa
	binary.LittleEndian.PutUint32(b[32:], uint32(sectors))
	name := filepath.Join(t.TempDir(), "efi.img")
	if err := os.WriteFile(name, b, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(name, int64(sectors)*512); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestBootImagesAreFound(t *testing.T) {
	bios := []string{"-r", "-b", "isolinux/isolinux.bin", "-c", "isolinux/boot.cat", "-no-emul-boot", "-boot-load-size", "4"}
	large := fat(t, 100000) // 16 bits do not hold so many
	for name, c := range map[string]struct {
		options []string
		want    []string
	}{
		"no boot catalog":                      {[]string{"-r"}, nil},
		"one for a BIOS":                       {bios, []string{`BIOS "isolinux/isolinux.bin" 40000`}},
		"one for each, both files of the tree": {append(bios, "-eltorito-alt-boot", "-e", "boot/efiboot.img", "-no-emul-boot"), []string{`BIOS "isolinux/isolinux.bin" 40000`, `EFI "boot/efiboot.img" 2097152`}},
		"a partition behind the tree": {append(bios, "-append_partition", "2", "0xef", large, "-eltorito-alt-boot", "-e", "--interval:appended_partition_2:all::", "-no-emul-boot"),
			[]string{`BIOS "isolinux/isolinux.bin" 40000`, `EFI "" 51200000`}},
		"names of ISO 9660 alone": {append([]string{}, bios[1:]...), []string{`BIOS "ISOLINUX/ISOLINUX.BIN" 40000`}},
	} {
		t.Run(name, func(t *testing.T) {
			file := isotest.Make(t, loaders, c.options...)
			images, err := open(t, file).Boot()
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, image := range images {
				got = append(got, fmt.Sprintf("%s %q %d", image.Platform, image.Name, image.Size()))
				if !image.Bootable || image.Floppy {
					t.Errorf("%s: bootable %t, a floppy %t", image.Name, image.Bootable, image.Floppy)
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(told(t, file), places(images)); diff != "" {
				t.Errorf("what xorriso says, in sectors (-want +got):\n%s", diff)
			}
		})
	}
}

var bootLine = regexp.MustCompile(`(?m)^El Torito boot img : +\d+ +(BIOS|UEFI) .* (\d+)$`)

// told is where the boot images begin, as xorriso tells.
func told(t *testing.T, image string) []string {
	said, err := exec.Command(isotest.Program(t, "xorriso"), "-indev", "stdio:"+image, "-report_el_torito", "plain").Output()
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, found := range bootLine.FindAllSubmatch(said, -1) {
		lines = append(lines, string(bytes.TrimPrefix(found[1], []byte("U")))+" "+string(found[2]))
	}
	return lines
}

func places(images []iso9660.BootImage) []string {
	var lines []string
	for _, image := range images {
		lines = append(lines, fmt.Sprint(image.Platform, " ", image.Offset/sector))
	}
	return lines
}

func TestABootImageIsTheFile(t *testing.T) {
	image := open(t, isotest.Make(t, loaders, "-r", "-b", "isolinux/isolinux.bin", "-no-emul-boot"))
	images, err := image.Boot()
	if err != nil || len(images) != 1 {
		t.Fatal(images, err)
	}
	f, err := image.Open("isolinux/isolinux.bin")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	isotest.Equal(t, "isolinux/isolinux.bin", images[0], f)
}

func TestAHostileBootCatalogIsOneLine(t *testing.T) {
	entry := func(b ...byte) []byte { return append(b, make([]byte, 32-len(b))...) }
	valid := entry(1, 0)
	valid[30], valid[31] = 0x55, 0xaa
	at := func(n byte) []byte { return entry(0x88, 0, 0, 0, 0, 0, 4, 0, n) }
	for name, c := range map[string]struct {
		at      uint32
		catalog []byte
		want    string
	}{
		"outside the image":           {1 << 31, nil, `the boot catalog is said to lie at byte 4398046511104, and the image ends at 49152: is the download whole?`},
		"no validation entry":         {atMore, make([]byte, 32), `the boot catalog does not begin with a validation entry`},
		"a boot image outside it":     {atMore, join(valid, at(200)), `1 of 0 bytes`},
		"a boot image in it":          {atMore, join(valid, at(atFile)), `1 of 3 bytes`}, // the first file's there
		"a section of 65535":          {atMore, join(valid, at(atFile), entry(0x91, 0xef, 0xff, 0xff)), `1 of 3 bytes`},
		"sections without end":        {atMore, join(valid, at(atFile), bytes.Repeat(entry(0x90, 0xef, 0, 0), 61)), `1 of 3 bytes`},
		"an extension without an end": {atMore, join(valid, at(atFile), entry(0x91, 0xef, 1), bytes.Repeat(entry(0x44, 0x20), 60)), `1 of 3 bytes`},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSmall()
			copy(s.at(atJoliet), append([]byte{0}, "CD001\x01EL TORITO SPECIFICATION"...))
			binary.LittleEndian.PutUint32(s.at(atJoliet)[71:], c.at)
			clear(s.at(atMore))
			copy(s.at(atMore), c.catalog)
			image, err := iso9660.Open(bytes.NewReader(s), int64(len(s)))
			if err != nil {
				t.Fatal(err)
			}
			images, err := image.Boot()
			said, size := fmt.Sprint(err), int64(0)
			if err == nil {
				for _, image := range images {
					n, _ := io.Copy(io.Discard, image)
					size += n
				}
				said = fmt.Sprintf("%d of %d bytes", len(images), size)
			}
			if said != c.want {
				t.Errorf("it says %q, and not %q", said, c.want)
			}
		})
	}
}
