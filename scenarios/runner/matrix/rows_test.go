package matrix

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// versions are those of ipxe-bios, the only firmware here that has some.
func versions(name string) []string {
	if name == "ipxe-bios" {
		return []string{"1.21.1", "2.0.0"}
	}
	return nil
}

func TestParse(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"every combination, board by board": {
			"bios.txtar firmware=ipxe-bios@2.0.0 nic=e1000,vmxnet3 machine=pc,q35",
			[]string{"lab/bios.txtar ipxe-bios@2.0.0 e1000 pc", "lab/bios.txtar ipxe-bios@2.0.0 vmxnet3 pc", "lab/bios.txtar ipxe-bios@2.0.0 e1000 q35", "lab/bios.txtar ipxe-bios@2.0.0 vmxnet3 q35"},
		},
		"a star is each version, and the host's own is none of them": {
			"bios.txtar firmware=ipxe-bios@*,ipxe-bios # all three",
			[]string{"lab/bios.txtar ipxe-bios@1.21.1", "lab/bios.txtar ipxe-bios@2.0.0", "lab/bios.txtar ipxe-bios"},
		},
		"a scenario lies beside the file, or elsewhere": {
			"# a title\n\n../uefi.txtar firmware=ovmf-x64\n",
			[]string{"uefi.txtar ovmf-x64"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			rows, err := Parse("lab/rows", []byte(c.text), versions)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, r := range rows {
				got = append(got, strings.TrimSpace(strings.Join([]string{r.Scenario, r.Firmware, r.NIC, r.Machine}, " ")))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"bios.txtar":                                 "rows:1: firmware= is missing",
		"bios.txtar firmware=seabios@*":              "rows:1: firmware seabios has no versions",
		"bios.txtar firmware=":                       `rows:1: "firmware=" is none of`,
		"\nbios.txtar card=e1000":                    `rows:2: "card=e1000" is none of`,
		"a.txtar firmware=x nic=e1000,e1000":         "rows:1: a x e1000 stands above already",
		"a.txtar firmware=x\nb.txtar\tfirmware=y z=": `rows:2: "z=" is none of`,
	} {
		if _, err := Parse("rows", []byte(text), versions); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v, want %s...", text, err, want)
		}
	}
}

func TestOnly(t *testing.T) {
	rows := []Row{{"lab/a.txtar", "x@1", "e1000", ""}, {"lab/b.txtar", "x@1", "", "q35"}}
	got, err := Only(rows, "^a x@1 e1000$")
	if err != nil || len(got) != 1 || got[0].Scenario != "lab/a.txtar" {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := Only(rows, "rtl8139"); err == nil {
		t.Error("no row matches, and that is no mistake")
	}
}

func TestFirstOfEach(t *testing.T) {
	got := FirstOfEach([]Row{{"a.txtar", "x@1", "e1000", ""}, {"a.txtar", "x@1", "rtl8139", ""}, {"b.txtar", "x@1", "", ""}, {"b.txtar", "x@2", "", ""}})
	want := []Row{{"a.txtar", "x@1", "e1000", ""}, {"b.txtar", "x@2", "", ""}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
