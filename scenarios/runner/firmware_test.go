package runner

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/scenarios/runner/script"
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
		p, err := newPlan(Request{Name: "x.txtar", Source: source, World: QEMU, Firmware: asked})
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
		_, golden := p.Steps[len(p.Steps)-1].Statement.(script.Golden)
		if golden != (asked == "") {
			t.Errorf("%s: the golden trace is compared: %v", asked, golden)
		}
	}
}
