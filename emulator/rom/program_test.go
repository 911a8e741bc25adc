package rom

import "testing"

func TestWhatAFirmwareRuns(t *testing.T) {
	pe := func(machine uint16) []byte {
		p := make([]byte, 128)
		copy(p, "MZ")
		p[0x3c] = 64
		copy(p[64:], "PE\x00\x00")
		p[68], p[69] = byte(machine), byte(machine>>8)
		return p
	}
	const x64, ia32 = 0x8664, 0x14c
	for _, tc := range []struct {
		name     string
		firmware string
		program  []byte
		want     string
	}{
		{"UEFI runs a PE image for its processor", "ovmf-x64", pe(x64), ""},
		{"and none for another", "ovmf-x64", pe(ia32), "it is a UEFI program for processor 0x14c, and this one is 0x8664"},
		{"and no BIOS program", "ovmf-x64", []byte("\xeb\x3cpxelinux"), "it is no UEFI program"},
		{"and nothing that only begins like one", "ovmf-x64", pe(x64)[:0x3e], "it is no UEFI program"},
		{"nor one whose header lies behind its end", "ovmf-x64", pe(x64)[:66], "it is no UEFI program"},
		{"a BIOS runs what has no header", "ipxe-bios", []byte("\xeb\x3cpxelinux"), ""},
		{"and no UEFI program", "ipxe-bios", pe(x64), "it is a UEFI program and this is a BIOS machine"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p, err := Lookup(tc.firmware)
			if err != nil {
				t.Fatal(err)
			}
			if got := p.Refuses(tc.program); got != tc.want {
				t.Errorf("%q, want %q", got, tc.want)
			}
		})
	}
}

func FuzzPEMachine(f *testing.F) {
	f.Add([]byte("MZ"))
	f.Add(append(make([]byte, 0x3c), 0xff, 0xff, 0xff, 0xff))
	f.Fuzz(func(_ *testing.T, program []byte) { peMachine(program) })
}
