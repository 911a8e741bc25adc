package syslinux_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/server/lint/syslinux"
)

// parse reads main and the files it includes, of which others are.
func parse(main string, others map[string]string) *syslinux.Config {
	return syslinux.Parse(syslinux.File{Name: "default", Text: []byte(main)}, func(v syslinux.Value) (syslinux.File, bool) {
		text, ok := others[v.Text]
		return syslinux.File{Name: v.Text, Text: []byte(text)}, ok
	})
}

func at(text, rule string) syslinux.Value { return syslinux.Value{Text: text, Rule: rule} }

func TestWhatAConfigurationNames(t *testing.T) {
	for name, c := range map[string]struct {
		text   string
		others map[string]string
		want   syslinux.Config
	}{
		"an entry has its kernel, its words and the lines they are in": {
			text: "DEFAULT linux\r\nlabel linux\n\tkernel vmlinuz\n\tappend initrd=a,b quiet  \n",
			want: syslinux.Config{Default: at("linux", "default:1"), Entries: []syslinux.Entry{
				{Label: at("linux", "default:2"), Type: "kernel", Kernel: at("vmlinuz", "default:3"), Append: at("initrd=a,b quiet", "default:4")},
			}},
		},
		"an APPEND before all entries is for those that have none, and - is none": {
			text: "append quiet\nlabel a\nlinux x\ninitrd i\nlabel b\nlocalboot -1\nappend -\n",
			want: syslinux.Config{Entries: []syslinux.Entry{
				{Label: at("a", "default:2"), Type: "linux", Kernel: at("x", "default:3"), Append: at("quiet", "default:1"), Initrd: at("i", "default:4")},
				{Label: at("b", "default:5"), Type: "localboot", Kernel: at("-1", "default:6"), Append: at("", "default:7")},
			}},
		},
		"what is included stands in the place of its line, and what is missing is passed over": {
			text: "label a\ninclude more\ninclude nosuch\nmenu include rest tag\n", others: map[string]string{"more": "\nkernel x\n", "rest": "append y"},
			want: syslinux.Config{Entries: []syslinux.Entry{
				{Label: at("a", "default:1"), Type: "kernel", Kernel: at("x", "more:2"), Append: at("y", "rest:1")},
			}},
		},
		"entries that only move about in the menu boot nothing": {
			text: "label back\nmenu exit\nlabel sub\nmenu goto x\nlabel -\nmenu disable\nlabel a\nkernel k\nmenu separator\nkernel lost\n",
			want: syslinux.Config{Entries: []syslinux.Entry{{Label: at("a", "default:7"), Type: "kernel", Kernel: at("k", "default:8")}}},
		},
		"help is no configuration": {
			text: "label a\ntext help\nkernel none\nlabel b\nendtext\nkernel k\n",
			want: syslinux.Config{Entries: []syslinux.Entry{{Label: at("a", "default:1"), Type: "kernel", Kernel: at("k", "default:6")}}},
		},
		"the last of two counts, and PATH collects": {
			text: "default a\ndefault b c\nui menu.c32 x\nontimeout d\nonerror e\nprompt 1\nimplicit 0\npath a:b\npath c/\n",
			want: syslinux.Config{Default: at("b c", "default:2"), UI: at("menu.c32 x", "default:3"), OnTimeout: at("d", "default:4"),
				OnError: at("e", "default:5"), Prompt: true, Labelled: true, Path: []string{"a", "b", "c/"}},
		},
		"files to show, but no colour": {
			text: "display a.txt\nf1 f1.txt 07\nmenu background b.png\nmenu background #00000000\nfont\n",
			want: syslinux.Config{Shown: []syslinux.Value{at("a.txt", "default:1"), at("f1.txt", "default:2"), at("b.png", "default:3")}},
		},
		"a keyword is a whole word, and a mark is an unknown one": {
			text: "defaultx\n# default y\nprompt\n",
		},
	} {
		if diff := cmp.Diff(&c.want, parse(c.text, c.others)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestAFileThatIncludesItselfEnds(t *testing.T) {
	c := parse("include a", map[string]string{"a": "label x\n" + strings.Repeat("include a\n", 8)})
	if n := len(c.Entries); n == 0 || n > 1000 {
		t.Errorf("%d entries", n)
	}
}

func TestTheCommandOfAnEntry(t *testing.T) {
	c := parse("label vmlinuz\nappend a\nlabel b\nkernel x.c32 y\nappend z\ndefault q\nui m.c32\n", nil)
	var got []string
	for _, e := range c.Entries {
		file, args := e.Command()
		got = append(got, file.Text, strings.TrimSpace(args))
	}
	if diff := cmp.Diff([]string{"vmlinuz", "a", "x.c32", "y z"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := c.Command(); got != at("m.c32", "default:7") || !c.Has("b") || c.Has("B") {
		t.Errorf("the command is %v", got)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("default a\nlabel a\nkernel x\nappend initrd=b\nmenu begin\ninclude self\ntext help\nendtext\nmenu end")
	f.Fuzz(func(t *testing.T, text string) {
		c := parse(text, map[string]string{"self": text})
		for _, e := range c.Entries {
			if file, _ := e.Command(); strings.ContainsAny(file.Text, " \t\n") || !e.Label.Set() {
				t.Errorf("%+v", e)
			}
		}
	})
}
