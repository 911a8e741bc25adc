package pe

import (
	"bytes"
	"debug/pe"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// program is a PE32+ program with two sections.
func program() []byte {
	le := binary.LittleEndian
	p := make([]byte, 0x600)
	copy(p, "MZ")
	le.PutUint32(p[0x3c:], 0x80)
	coff := p[0x80:]
	copy(coff, "PE\x00\x00")
	le.PutUint16(coff[4:], 0x8664)
	le.PutUint16(coff[6:], 2)
	le.PutUint16(coff[20:], 240)
	opt := coff[24:]
	le.PutUint16(opt, 0x20b)
	le.PutUint32(opt[32:], 0x1000)
	le.PutUint32(opt[36:], 0x200)
	le.PutUint32(opt[56:], 0x3000)
	le.PutUint32(opt[60:], 0x200)
	le.PutUint32(opt[64:], 0xabcdef)
	le.PutUint16(opt[68:], 10)
	le.PutUint32(opt[108:], 16)
	le.PutUint32(opt[112+4*8:], 0x5f0)
	le.PutUint32(opt[112+4*8+4:], 0x10)
	rows := p[0x80+24+240:]
	row(rows, Section{".text", 0x1ff, 0x1000, 0x200, 0x200, Code})
	row(rows[40:], Section{".data", 0x10, 0x2000, 0x1f0, 0x400, Initialized})
	return p
}

func row(to []byte, s Section) {
	copy(to, s.Name)
	for at, v := range map[int]uint32{8: s.VirtualSize, 12: s.VirtualAddress, 16: s.Size, 20: s.Offset, 36: s.Characteristics} {
		binary.LittleEndian.PutUint32(to[at:], v)
	}
}

func TestTheHeadersOfAProgramAreRead(t *testing.T) {
	p := program()
	f, err := Read(bytes.NewReader(p), int64(len(p)))
	if err != nil {
		t.Fatal(err)
	}
	want := []Section{{".text", 0x1ff, 0x1000, 0x200, 0x200, Code}, {".data", 0x10, 0x2000, 0x1f0, 0x400, Initialized}}
	if diff := cmp.Diff(want, f.Sections); diff != "" {
		t.Errorf("sections (-want +got):\n%s", diff)
	}
	if f.Machine != 0x8664 || f.SectionAlignment != 0x1000 || f.FileAlignment != 0x200 || !f.Signed() || f.End() != 0x21f0 {
		t.Errorf("read %+v, end %#x", f, f.End())
	}
	if f.Section(".data") != &f.Sections[1] || f.Section("mods") != nil {
		t.Error("a section is not found by its name")
	}
}

func TestWhatIsNoProgramIsTold(t *testing.T) {
	change := func(at int, b ...byte) []byte {
		p := program()
		copy(p[at:], b)
		return p
	}
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"nothing":                            {nil, "no PE program"},
		"a script":                           {[]byte("#!ipxe\n"), "no PE program"},
		"a DOS program":                      {change(0x80, 'N', 'E'), "no PE program"},
		"a header behind the end":            {change(0x3c, 0, 0, 1, 0), "no PE program"},
		"a program that was cut off":         {program()[:0x500], `its section ".data" ends at`},
		"an object file":                     {change(0x80+20, 0, 0), "neither PE32 nor PE32+"},
		"a Java class in its optional part":  {change(0x98, 0xca, 0xfe), "neither PE32 nor PE32+"},
		"more sections than the headers are": {change(0x86, 0x5f, 0), "they do not fit"},
		"an alignment that is none":          {change(0x98+32, 3), "no powers of two"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Read(bytes.NewReader(c.data), int64(len(c.data)))
			if err == nil || !strings.Contains(strings.ReplaceAll(err.Error(), "whose", "its"), c.want) {
				t.Errorf("it says %v, not %q", err, c.want)
			}
			if (c.want == "no PE program") != errors.Is(err, ErrFormat) {
				t.Errorf("%v is ErrFormat: %v", err, errors.Is(err, ErrFormat))
			}
		})
	}
}

// debug/pe reads what was written.
func TestHeadersWithMoreSectionsAreRead(t *testing.T) {
	p := program()
	f, err := Read(bytes.NewReader(p), int64(len(p)))
	if err != nil {
		t.Fatal(err)
	}
	more := append(f.Sections[:2:2], Section{".linux", 5, 0x3000, 0x200, 0x600, Code | Readable})
	head, err := f.Head(more[:])
	if err != nil {
		t.Fatal(err)
	}
	whole := append(append(head, p[len(head):]...), make([]byte, 0x200)...)
	copy(whole[0x600:], "hello")
	got, err := pe.NewFile(bytes.NewReader(whole))
	if err != nil {
		t.Fatal(err)
	}
	optional := got.OptionalHeader.(*pe.OptionalHeader64)
	if optional.SizeOfImage != 0x4000 || optional.CheckSum != 0 || optional.DataDirectory[4].Size != 0 {
		t.Errorf("optional header %+v", optional)
	}
	data, err := got.Section(".linux").Data()
	if err != nil || string(data[:5]) != "hello" {
		t.Errorf(".linux has %q, %v", data, err)
	}
	if _, err := f.Head(make([]Section, 5)); err == nil || !strings.Contains(err.Error(), "5 sections need") {
		t.Errorf("headers without room take five sections: %v", err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(program())
	f.Add(program()[:0x200])
	f.Add([]byte("MZ"))
	f.Fuzz(func(t *testing.T, p []byte) {
		file, err := Read(bytes.NewReader(p), int64(len(p)))
		if err != nil {
			return
		}
		for _, s := range file.Sections {
			if _, err := io.ReadAll(io.NewSectionReader(bytes.NewReader(p), int64(s.Offset), int64(s.Size))); err != nil || int64(s.Size) > 0 && int64(s.Offset)+int64(s.Size) > int64(len(p)) {
				t.Fatalf("section %+v of %d bytes: %v", s, len(p), err)
			}
		}
		head, err := file.Head(append(file.Sections, Section{Name: "more", VirtualAddress: file.End(), VirtualSize: 1}))
		if err != nil {
			return
		}
		if again, err := Read(bytes.NewReader(append(head, p[len(head):]...)), int64(len(p))); err != nil || again.Signed() {
			t.Fatalf("what was written reads as %+v, %v", again, err)
		}
	})
}
