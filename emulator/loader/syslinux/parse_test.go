package syslinux

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// tree is a loader that opens files from memory and notes what it is asked.
func tree(files map[string]string, log *[]string) Loader {
	return Loader{
		Open: func(name string) ([]byte, bool) {
			*log = append(*log, name)
			content, ok := files[name]
			return []byte(content), ok
		},
		Say:   func(line string) { *log = append(*log, "say "+line) },
		Show:  func(keyword, name string) { *log = append(*log, keyword+" "+name) },
		Retry: func(more int) { *log = append(*log, fmt.Sprint("retry ", more)) },
	}
}

func sys(mask uint32) (words []string) {
	if mask&1 != 0 {
		words = append(words, "ip=1")
	}
	if mask&2 != 0 {
		words = append(words, "BOOTIF=2")
	}
	return words
}

func TestTheCommandLineOfALabel(t *testing.T) {
	for _, tc := range []struct{ name, config, label, want string }{
		{"an empty label runs the file of its name", "label linux", "linux", "linux"},
		{"keywords may be of any case and blanks of any kind", "LaBeL a\n\t KERNEL\tk\n  aPPend  x  y ", "a", "k x  y "},
		{"INITRD comes behind APPEND, SYSAPPEND behind that", "label a\nkernel k\ninitrd i,j\nappend x\nipappend 3", "a", "k x initrd=i,j ip=1 BOOTIF=2"},
		{"a type keyword other than KERNEL leads with a dot", "label a\nlinux k\nappend x", "a", ".linux k x"},
		{"LOCALBOOT is a type", "label a\nlocalboot 0", "a", ".localboot 0"},
		{"the global APPEND serves entries that have none", "append g\nlabel a\nkernel k", "a", "k g"},
		{"a global APPEND behind an entry is too late for it", "label a\nkernel k\nmenu separator\nappend g\nlabel b", "a", "k"},
		{"an own APPEND replaces the global one", "append g\nlabel a\nappend x", "a", "a x"},
		{"APPEND - is none", "append g\nlabel a\nappend -", "a", "a"},
		{"SYSAPPEND before a label is the default, in hexadecimal too", "sysappend 0x2\nlabel a", "a", "a BOOTIF=2"},
		{"a label's own SYSAPPEND may switch it off", "sysappend 3\nlabel a\nsysappend 0", "a", "a"},
		{"CONFIG after KERNEL wins", "label a\nkernel menu.c32\nconfig other.cfg", "a", ".config other.cfg"},
		{"a keyword must end at a blank", "label a\nkernelx k", "a", "a"},
		{"a carriage return ends the line", "label a\r\nkernel k\r\n", "a", "k"},
		{"KERNEL outside a label says nothing", "kernel k\nlabel a", "a", "a"},
		{"TEXT HELP hides its lines", "label a\ntext help\nkernel not\nendtext\nkernel k", "a", "k"},
		{"the first of two labels of one name wins", "label a\nkernel one\nlabel a\nkernel two", "a", "one"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := Parse([]byte(tc.config), Loader{})
			e := c.Find(tc.label)
			if e == nil {
				t.Fatalf("no label %q", tc.label)
			}
			if got := e.Line(sys); got != tc.want {
				t.Errorf("line = %q, want %q", got, tc.want)
			}
		})
	}
}

func TestGlobalKeywords(t *testing.T) {
	var log []string
	c := Parse([]byte("path a:b\nui menu.c32 x\ndefault linux\nprompt 1\ntimeout 50\ntotaltimeout 600\nontimeout go\n"+
		"onerror oops\npxeretry 3\nimplicit 0\nnoescape 1\nsay hello  there\ndisplay f1.txt\nfont f.psf\nwhat ever\n# include x\n"), tree(nil, &log))
	got := []any{c.Command(), c.Default, c.Prompt, c.Timeout, c.TotalTimeout, c.OnTimeout, c.OnError, c.Implicit, c.NoEscape, c.Path}
	want := []any{"menu.c32 x", "linux", true, 50, 600, "go", "oops", false, true, []string{"a", "b"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("globals (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"retry 3", "say hello  there", "display f1.txt", "font f.psf"}, log); diff != "" {
		t.Errorf("what the loader was asked (-want +got):\n%s", diff)
	}
}

func TestIncludesActAsIfTheFilesWereOne(t *testing.T) {
	var log []string
	c := Parse([]byte("label a\ninclude one\nkernel k\ninclude missing\ninclude two\n"), tree(map[string]string{
		"one": "append from one",
		"two": "label b\ninclude one",
	}, &log))
	if got := c.Find("a").Line(nil) + "|" + c.Find("b").Line(nil); got != "k from one|b from one" {
		t.Errorf("lines = %q", got)
	}
	if diff := cmp.Diff([]string{"one", "missing", "two", "one"}, log); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

func TestAFileThatIncludesItselfEnds(t *testing.T) {
	var log []string
	Parse([]byte("include x"), tree(map[string]string{"x": "include x\ninclude x\n"}, &log))
	if len(log) > 1<<20 {
		t.Errorf("%d files opened", len(log))
	}
}

// outline prints menus as indented lines: * is the default entry.
func outline(m *Menu, indent string) string {
	var b strings.Builder
	for i, e := range m.Entries {
		mark := " "
		if i == m.DefaultItem {
			mark = "*"
		}
		b.WriteString(indent + mark + e.Display)
		switch e.Action {
		case Submenu:
			b.WriteString(" >\n" + outline(e.Target, indent+"  "))
			continue
		case Goto:
			b.WriteString(" to " + e.Target.Tag)
		case Disabled:
			b.WriteString(" -")
		case Quit:
			b.WriteString(" quit")
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestMenus(t *testing.T) {
	for _, tc := range []struct{ name, config, want string }{
		{"labels show their MENU LABEL without the caret", "label a\nmenu label ^Install\nlabel b", "*Install\n b\n"},
		{"MENU DEFAULT marks an entry", "label a\nlabel b\nmenu default", " a\n*b\n"},
		{"DEFAULT that names a label marks it too", "default b\nlabel a\nlabel b", " a\n*b\n"},
		{"MENU HIDE takes an entry out", "label a\nmenu hide\nlabel b", "*b\n"},
		{"a separator and a disabled entry cannot be chosen", "label a\nmenu separator\nlabel b\nmenu disable", "*a\n  -\n b -\n"},
		{"a submenu is an entry of its parent", "label a\nmenu begin sub\nmenu title More\nlabel b\nlabel back\nmenu exit\nmenu end\nlabel c",
			"*a\n More >\n  *b\n   back to .top\n c\n"},
		{"MENU LABEL before its title names a submenu", "menu begin sub\nmenu label ^Advanced\nmenu title Advanced options\nlabel b\nmenu end", "*Advanced >\n  *b\n"},
		{"MENU GOTO finds a menu by its tag, MENU QUIT leaves", "menu begin sub\nlabel b\nmenu end\nlabel g\nmenu goto sub\nlabel q\nmenu quit",
			"*sub >\n  *b\n g to sub\n q quit\n"},
		{"a goto to nowhere is disabled", "label g\nmenu goto none", "*g -\n"},
		{"an END too much is ignored", "menu end\nlabel a", "*a\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, outline(Parse([]byte(tc.config), Loader{}).Root, "")); diff != "" {
				t.Errorf("menu (-want +got):\n%s", diff)
			}
		})
	}
}

func TestASubmenuHasItsParentsSettings(t *testing.T) {
	c := Parse([]byte("menu background a.png\ntimeout 30\nf1 help.txt\nmenu begin sub\nlabel b\nmenu background b.png\nmenu end"), Loader{})
	sub := c.Root.Entries[0].Target
	if sub.Timeout != 30 || sub.Help[0] != "help.txt" || sub.Background != "b.png" || c.Root.Background != "a.png" {
		t.Errorf("submenu = %+v", sub)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("default a\nlabel a\nkernel k\nappend x\ninitrd i\nmenu begin b\nmenu end\n"), []byte("include self\n"))
	f.Add([]byte("menu include self sub\nmenu exit\ntext help\n"), []byte("label x\nmenu goto sub\nf0 x\n"))
	f.Fuzz(func(t *testing.T, text, included []byte) {
		opens := 0
		c := Parse(text, Loader{Open: func(string) ([]byte, bool) { opens++; return included, opens < 100 }})
		for _, m := range append(c.menus, c.Start) {
			if len(m.Entries) > 0 && (m.DefaultItem < 0 || m.DefaultItem >= len(m.Entries)) {
				t.Errorf("default entry %d of %d", m.DefaultItem, len(m.Entries))
			}
		}
		for _, e := range c.Entries {
			if e.Line(sys) == "" && e.Kernel != "" {
				t.Errorf("entry %+v has no line", e)
			}
			if e.Action == Goto && e.Target == nil {
				t.Errorf("entry %+v leads nowhere", e)
			}
		}
	})
}
