package lint_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/server/config/yaml"
)

// What the README and the help show boots, with the files that they name.
func TestTheExamplesAreNoTraps(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(readme), "```yaml\n")
	text, _, _ = strings.Cut(text, "```\n")
	menu := "default l\nlabel l\nkernel linux\nappend initrd=i\n"
	files := root4(menu, tree{
		"linux": kernel(20480, 20480), "i": "i", "ipxe.efi": efi(0x8664, part{".sbat", "\nipxe,1,x"}), "ipxe-arm64.efi": efi(0xaa64, part{".sbat", "\nipxe,1,x"}),
		"esp.img": "x", "menu.ipxe": "#!ipxe\n", "memtest.0": "x", "memtest64.efi": efi(0x8664),
	})
	for name, data := range below("lab", root4(menu, tree{"linux": kernel(20480, 20480), "i": "i"})) {
		files[name] = data
	}
	only := map[string]tree{"help": plusAll(root4(menu, tree{"linux": kernel(20480, 20480), "i": "i"}), files, "ipxe.efi", "menu.ipxe"), "README": files}
	for name, text := range map[string]string{"README": text, "help": yaml.Example} {
		t.Run(name, func(t *testing.T) {
			if !strings.HasPrefix(text, "networks:") {
				_, text, _ = strings.Cut(text, "\nnetworks:")
				text = "networks:" + text
			}
			var got []string
			for _, n := range check(t, text, only[name]) {
				if !n.Note {
					got = append(got, n.ID+": "+n.String())
				}
			}
			if diff := cmp.Diff([]string(nil), got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// plusAll is files and some of others.
func plusAll(files, others tree, names ...string) tree {
	for _, name := range names {
		files[name] = others[name]
	}
	return files
}
