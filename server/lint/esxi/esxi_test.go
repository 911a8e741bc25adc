package esxi

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestABootCfgNamesItsFiles(t *testing.T) {
	const text = `bootstate=0
title=Loading ESXi installer
timeout=5
prefix=esxi
# kernel=/old
kernel=/b.b00
kernelopt=runweasel cdromBoot
modules=/jumpstrt.gz --- /useropts.gz a=b --- ---  k.b00
build=8.0.2
`
	want := Config{
		Kernel: Value{"/b.b00", "boot.cfg:6"}, Prefix: Value{"esxi", "boot.cfg:4"},
		Modules: []Value{{"/jumpstrt.gz", "boot.cfg:8"}, {"/useropts.gz", "boot.cfg:8"}, {"k.b00", "boot.cfg:8"}},
	}
	if diff := cmp.Diff(want, Parse("boot.cfg", []byte(text))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(Config{}, Parse("boot.cfg", []byte("default x\nlabel x\n"))); diff != "" {
		t.Errorf("another's (-want +got):\n%s", diff)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("kernel=a\nmodules=b --- c d\nprefix=http://x/")
	f.Fuzz(func(t *testing.T, text string) {
		for _, m := range Parse("x", []byte(text)).Modules {
			if m.Text == "" || m.Rule == "" {
				t.Errorf("%q has %+v", text, m)
			}
		}
	})
}
