package media

import (
	"io/fs"
	"path"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/server/content"
)

const right = `family: mine
title: Mine {version}
has: [boot/vmlinuz]
facts:
  version: {file: version.txt}
entries:
  - name: boot
    title: Boot {title}
    kernel: boot/vmlinuz
    args: ip=dhcp root={base}
`

func TestMistakesAreToldWithTheirLine(t *testing.T) {
	if _, err := parse("mine.yaml", []byte(right)); err != nil {
		t.Fatal(err)
	}
	for rule, c := range map[string]struct{ old, new, want string }{
		"a key that is none":             {"title: Mine", "titel: Mine", "mine.yaml:2: unknown field \"titel\"\n   1 | family: mine\n>  2 | titel: Mine {version}\n       ^\n"},
		"a key of an entry that is none": {"    kernel:", "    kernal:", "mine.yaml:9: unknown field \"kernal\"\n"},
		"no name":                        {"family: mine", "family: Mine!", "mine.yaml:1: family: \"Mine!\" is no name: small letters, digits and dashes, as in xcp-ng"},
		"nothing that tells it":          {"has: [boot/vmlinuz]", "", "mine.yaml:1: has is missing: without it every tree would be of this family"},
		"a program that is none":         {"    kernel:", "    program: lilo\n    kernel:", "mine.yaml:9: unknown program \"lilo\": one of "},
		"neither entries nor instead":    {right, "family: mine\ntitle: Mine\nhas: [x]\n", "mine.yaml:1: one of entries, what is booted, and instead, why nothing can be, is wanted"},
		"an absolute path":               {"has: [boot/vmlinuz]", "has: [/boot/vmlinuz]", "mine.yaml:3: \"/boot/vmlinuz\" is no path here: it begins without a slash, and has no . and .. in it\n"},
		"a path that climbs":             {"has: [boot/vmlinuz]", "has: [../vmlinuz]", "mine.yaml:3: \"../vmlinuz\" is no path here: it begins without a slash, and has no . and .. in it\n"},
		"an argument of nothing":         {"root={base}", "root={bse}", "mine.yaml:10: {bse} stands for nothing here: known are {version}, {title}, {cpu}, {server}, {base}, {iso}, {answer}"},
		"a kind that is none":            {"    kernel:", "    kind: grub\n    kernel:", "mine.yaml:9: unknown kind \"grub\": one of [linux multiboot xen esxi windows efi own]\n"},
		"multiboot without modules":      {"    kernel:", "    kind: multiboot\n    kernel:", "mine.yaml:8: entry boot: modules belong to the kinds multiboot, xen and esxi, which want some"},
		"no expression":                  {"{file: version.txt}", "{file: version.txt, match: '('}", "mine.yaml:5: no regular expression: error parsing regexp: missing closing ): `(?m)(`\n"},
		"two groups":                     {"{file: version.txt}", "{file: version.txt, match: '(a)(b)'}", "mine.yaml:5: one group at most: what it holds is the value; (?:...) groups without that\n"},
		"a fact of nowhere":              {"{file: version.txt}", "{key: a.b}", "mine.yaml:5: one of file, path and text is wanted here\n"},
		"an answer that is not named": {"facts:", "answer: {args: ks, files: [ks.cfg], format: kickstart}\nfacts:",
			"mine.yaml:4: answer: args has no {answer}, which is the URL of the file"},
		"a list where a text is wanted": {"title: Mine {version}", "title: [a]", "mine.yaml:2: a text is wanted here\n"},
		"several mistakes": {"args: ip=dhcp root={base}", "args: '{x} {y}'", "mine.yaml:10: {x} stands for nothing here: known are {version}, {title}, {cpu}, {server}, {base}, {iso}, {answer}\n" +
			"mine.yaml:10: {y} stands for nothing here: known are {version}, {title}, {cpu}, {server}, {base}, {iso}, {answer}"},
		"a kernel in its place":     {right, "MZ\x00\x00\x00\x00\x00\x00", "mine.yaml:1: this is no file of a family but a UEFI or Windows program"},
		"what no parser should see": {right, strings.Repeat("[", 100), "mine.yaml:1: so many levels in each other are not read"},
		"an empty file":             {right, "", "mine.yaml:1: family: \"\" is no name"},
	} {
		t.Run(rule, func(t *testing.T) {
			text := strings.Replace(right, c.old, c.new, 1)
			_, err := parse("mine.yaml", []byte(text))
			if err == nil {
				t.Fatal("nothing is said")
			}
			if !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("(-want +got):\n%s", cmp.Diff(c.want, err.Error()))
			}
		})
	}
}

func FuzzFamily(f *testing.F) {
	f.Add([]byte(right))
	names, err := files.ReadDir("families")
	if err != nil {
		f.Fatal(err)
	}
	for _, n := range names {
		data, err := files.ReadFile("families/" + n.Name())
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		one, err := parse("f.yaml", data)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "f.yaml:") {
				t.Errorf("an error without its line: %v", err)
			}
			return
		}
		// What is accepted can be looked for, and makes nothing of an empty tree.
		if _, lacking := one.fit(newSite(empty{}, path.Clean), "."); lacking == "" {
			t.Errorf("an empty tree is found to be %s", one.Name.text)
		}
	})
}

// empty is a tree without files.
type empty struct{}

func (empty) Open(string) (*content.File, error)   { return nil, fs.ErrNotExist }
func (empty) List(string) ([]content.Entry, error) { return nil, fs.ErrNotExist }
