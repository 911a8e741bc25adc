package runner

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Guests get the version that is asked for if it is one of theirs, and traces of another are not compared.
func TestAnotherVersionOfTheFirmware(t *testing.T) {
	source := []byte(`lan 192.168.9.0/24 house=192.168.9.1 server=192.168.9.2
server
guest one firmware=ipxe-bios mac=52:54:00:12:34:56 ip=192.168.9.100
guest two firmware=ovmf-x64 mac=52:54:00:12:34:57 ip=192.168.9.101
expect one got bootrig.0
golden one golden/x.golden
`)
	for asked, want := range map[string][]string{
		"":                {"ipxe-bios", "ovmf-x64"},
		"ipxe-bios@2.0.0": {"ipxe-bios@2.0.0", "ovmf-x64"},
		"seabios@1.17.0":  {"seabios@1.17.0", "ovmf-x64"},
		"ovmf@2025.02":    {"ipxe-bios", "ovmf@2025.02"},
	} {
		p, err := newPlan(Request{Name: "x.txtar", Source: source, World: QEMU, Firmware: asked}, false)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, g := range p.Guests {
			got = append(got, g.Firmware)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", asked, diff)
		}
		steps := 1
		if asked == "" {
			steps = 2
		}
		if len(p.Steps) != steps {
			t.Errorf("%s: there are %d steps, not %d: golden traces are for no version but the host's", asked, len(p.Steps), steps)
		}
	}
}

func TestFirmwareOfAFileIsBesideItsScenario(t *testing.T) {
	source := []byte(`lan 192.168.9.0/24 house=192.168.9.1 server=192.168.9.2
server
guest pc firmware=file:roms/x.rom mac=52:54:00:12:34:56 ip=192.168.9.100
`)
	dir := t.TempDir()
	_, err := newPlan(Request{Name: "x.txtar", Dir: dir, Source: source, World: QEMU}, false)
	want := "x.txtar: guest pc: firmware: open " + dir + "/roms/x.rom: no such file or directory"
	if err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}
