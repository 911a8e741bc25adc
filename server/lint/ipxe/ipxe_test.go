package ipxe

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWhatAScriptFetches(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"kernel and initrd":           {"#!ipxe\nkernel vmlinuz quiet initrd=i\ninitrd --name i initrd.gz\nboot\n", "2 kernel vmlinuz|3 initrd initrd.gz"},
		"what is tried":               {"chain a.ipxe || chain b.ipxe\n", "1? chain a.ipxe|1 chain b.ipxe"},
		"one after the other":         {"kernel a && initrd b && boot || goto x\n", "1 kernel a|1 initrd b"},
		"options":                     {"chain --replace -n x --timeout 5 --autofree http://x/y\nkernel -n k v\n", "1 chain http://x/y|2 kernel v"},
		"a setting":                   {"kernel ${base}/vmlinuz\nset x ${next-server} # ${y}\n", "1 kernel ${base}/vmlinuz|base@1 next-server@2 y@2"},
		"a comment":                   {"# chain x ${y}\n  # z\n", ""},
		"quotes":                      {`kernel "a b" 'c'` + "\n", "1 kernel a b"},
		"lines that go on":            {"kernel \\\n  vmlinuz\\\n quiet\n", "3 kernel vmlinuz"},
		"carriage returns":            {"kernel a\r\nboot\r\n", "1 kernel a"},
		"nothing to fetch":            {"menu x\nitem a b\ngoto a\nkernel\n", ""},
		"a setting that nobody ended": {"echo ${x", ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := Parse("x", []byte(c.text))
			var got, settings []string
			for _, c := range s.Commands {
				at := strings.TrimPrefix(c.Rule, "x:")
				if c.Tried {
					at += "?"
				}
				got = append(got, at+" "+c.Name+" "+c.URI)
			}
			for _, c := range s.Settings {
				settings = append(settings, c.Name+"@"+strings.TrimPrefix(c.Rule, "x:"))
			}
			if settings != nil {
				got = append(got, strings.Join(settings, " "))
			}
			if diff := cmp.Diff(c.want, strings.Join(got, "|")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add("#!ipxe\nkernel --name k ${a}/b \\\n c || goto d\n")
	f.Fuzz(func(t *testing.T, text string) {
		for _, c := range Parse("x", []byte(text)).Commands {
			if c.Name == "" || !strings.HasPrefix(c.Rule, "x:") {
				t.Errorf("%q has %+v", text, c)
			}
		}
	})
}
