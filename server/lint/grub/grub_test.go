package grub

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWordsOfAGrubCfg(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want string
	}{
		"a line":                      {"linux /vmlinuz quiet\n", "1 linux /vmlinuz quiet"},
		"in a menuentry":              {"menuentry 'Install it' --id=x {\n  linux /vmlinuz\n  initrd /a /b\n}", "1 menuentry Install it --id=x|2 linux /vmlinuz|3 initrd /a /b"},
		"quotes and backslashes":      {`linux "/a b" '/c d' /e\ f`, "1 linux /a b /c d /e f"},
		"a Windows path loses them":   {`linux \images\vmlinuz`, "1 linux imagesvmlinuz"},
		"lines that go on":            {"linux /a \\\n  b\ninitrd /c", "1 linux /a b|3 initrd /c"},
		"comments":                    {"# linux /x\nlinux /a # b\nlinux /a#b", "2 linux /a|3 linux /a#b"},
		"several in a line":           {"linux /a; initrd /b", "1 linux /a|1 initrd /b"},
		"a variable with one value":   {"set root=/x\nlinux ${root}/a\nlinux $root/b", "1 set root=/x|2 linux /x/a|3 linux /x/b"},
		"a variable without set":      {"dir=/x\nlinux $dir/a", "1 dir=/x|2 linux /x/a"},
		"one that has two values":     {"set a=1\nset a=2\nlinux /$a\ninitrd /b", "1 set a=1|2 set a=2|3 linux |4 initrd /b"},
		"one that the machine knows":  {"linux /$net_default_mac x\ninitrd /b", "1 linux  x|2 initrd /b"},
		"one that GRUB sets":          {"configfile $prefix/x.cfg", "1 configfile /grub/x.cfg"},
		"between double quotes":       {`linux "$prefix/a"`, "1 linux /grub/a"},
		"not between single ones":     {`linux '$prefix/a'`, "1 linux $prefix/a"},
		"in an if":                    {"if [ -e /x ]; then\n linux /a\nelse\n linux /b\nfi\nlinux /c", "1? [ -e /x ]|2? linux /a|4? linux /b|6 linux /c"},
		"a command in a variable":     {"x=linux\n$x /a\n$y /b", "1 x=linux|2 linux /a"},
		"a brace in a word":           {"echo a{b", "1 echo a{b"},
		"text over lines":             {"echo 'a\nb'\nlinux /c", "1 echo a\nb|3 linux /c"},
		"nothing":                     {"", ""},
		"a quote that nobody ends":    {"linux 'a", "1 linux a"},
		"carriage returns are spaces": {"linux /a\r\ninitrd /b\r\n", "1 linux /a|2 initrd /b"},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, c := range Parse("x", []byte(c.text), map[string]string{"prefix": "/grub"}) {
				at := strings.TrimPrefix(c.Rule, "x:")
				if c.If {
					at += "?"
				}
				got = append(got, strings.Join(append([]string{at, c.Name}, c.Args...), " "))
			}
			if diff := cmp.Diff(c.want, strings.Join(got, "|")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add("if [ \"$a\" = b ]; then\nmenuentry 'x' {\n linux ${prefix}/a \\\n b\n}\nfi # c")
	f.Fuzz(func(t *testing.T, text string) {
		lines := strings.Count(text, "\n") + 1
		for _, c := range Parse("x", []byte(text), nil) {
			if strings.Contains(c.Name+strings.Join(c.Args, ""), "\x00") {
				t.Errorf("%q", c.Args)
			}
			if n := len(c.Rule); n > 2+len("65536") && lines < 1000 {
				t.Errorf("%s of %d lines", c.Rule, lines)
			}
		}
	})
}
