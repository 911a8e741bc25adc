package qemu

import (
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func lines(in string) []string {
	var l screenLine
	var out []string
	for i := range len(in) {
		if text, done := l.write(in[i]); done {
			out = append(out, text)
		}
	}
	return append(out, l.end())
}

func TestConsoleLinesReadAsATerminalShowsThem(t *testing.T) {
	for name, c := range map[string]struct {
		in   string
		want []string
	}{
		"a line ends with CR LF":                            {"one\r\ntwo\r\n", []string{"one", "two", ""}},
		"pxelinux ends its banner with CR CR LF":            {"PXELINUX 6.04\r\r\nx", []string{"PXELINUX 6.04", "x"}},
		"CR alone goes back, and blanks take back":          {"Press Ctrl-B...\r               \rready\n", []string{"ready", ""}},
		"progress on one line leaves its last state":        {" 10%\r 20%\r100%\n", []string{"100%", ""}},
		"backspace blank backspace erases a prompt":         {"ab\b \b\b \bc\n", []string{"c", ""}},
		"a backspace at the margin stays there":             {"\b\bx\n", []string{"x", ""}},
		"colours are dropped":                               {"\x1b[0;1miPXE\x1b[0m -- \x1b[0;36mhttp\r\n", []string{"iPXE -- http", ""}},
		"a reset of the terminal ends a line with text":     {"Booting\x1bc\x1b[?7l\x1b[2J\x1b[0mSeaBIOS\r\n", []string{"Booting", "SeaBIOS", ""}},
		"a reset alone is enough":                           {"Booting\x1bcnext\n", []string{"Booting", "next", ""}},
		"a reset of an empty line gives no line":            {"\x1bc\x1b[2J\x1b[01;01Hx\n", []string{"x", ""}},
		"a cursor jump ends the line":                       {"menu\x1b[05;10Hitem\n", []string{"menu", "item", ""}},
		"a cursor set where it is ends nothing":             {"Peter \x1b[25;07H\x1b[25;08HAnvin\n", []string{"Peter  Anvin", ""}},
		"a jump to another row at the same place ends it":   {"a\x1b[05;02Hb\x1b[06;03Hc\n", []string{"ab", "c", ""}},
		"erase to the end of the line":                      {"abcdef\r\x1b[Kxy\n", []string{"xy", ""}},
		"a character set selection is dropped":              {"\x1b(Bx\n", []string{"x", ""}},
		"UTF-8 survives, also split into bytes":             {"grün €\n", []string{"grün €", ""}},
		"noise is a question mark and does not stick":       {"a\xffb\xc3c\n", []string{"a?bc", ""}},
		"tabs go to the next stop":                          {"a\tb\n", []string{"a       b", ""}},
		"control characters are dropped":                    {"a\x00\x07\x7fb\n", []string{"ab", ""}},
		"an escape sequence that never ends is given up":    {"\x1b[" + strings.Repeat("1", 40) + "\nx", []string{strings.Repeat("1", 10), "x"}},
		"two consoles at once, one a few letters behind":    {"Booting kernel failed:Booting kernel failed:  Invalid argumenInvalid argutment\r\n", []string{"Booting kernel failed: Invalid argument", ""}},
		"the cursor of one of them moves the other's":       {"Lo\x1b[25;02H\x1b[25;03Hading vmlinuz...Loading vmlinuz...  o\x1b[25;20H\x1b[25;21Hokk\r\n", []string{"Loading vmlinuz... ok", ""}},
		"letter by letter":                                  {"bboooott::\r\n", []string{"boot:", ""}},
		"in colour":                                         {"\x1b[1mFaFaililed to load x.c\x1b[0med to load x.c3232\r\n", []string{"Failed to load x.c32", ""}},
		"the end of one behind the other's CR":              {"no kernelno ker\rnel\r\n", []string{"no kernel", ""}},
		"a line of stars is one":                            {"************\r\n", []string{"************", ""}},
		"a short word is one":                               {"papa\r\n", []string{"papa", ""}},
		"text with a letter more than its copy is as it is": {"boot one boot on\r\n", []string{"boot one boot on", ""}},
		"trailing blanks go":                                {"a   \r\n", []string{"a", ""}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, lines(c.in)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestLongLinesAreBounded(t *testing.T) {
	got := lines(strings.Repeat("x", 3*maxLine+5))
	if len(got) != 4 || len(got[0]) != maxLine || len(got[3]) != 5 {
		t.Fatalf("%d lines, first of %d", len(got), len(got[0]))
	}
}

func FuzzConsole(f *testing.F) {
	captured, err := os.ReadFile("testdata/ipxe.serial")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(captured)
	f.Add([]byte("\x1b[\x1b\x1b[Ka\b\b\t\xe2\x82"))
	f.Fuzz(func(t *testing.T, in []byte) {
		for _, line := range lines(string(in)) {
			if utf8.RuneCountInString(line) > maxLine+8 {
				t.Fatalf("a line of %d runes", utf8.RuneCountInString(line))
			}
			if strings.ContainsAny(line, "\x1b\r\n\b\x00") || !utf8.ValidString(line) {
				t.Fatalf("control characters in %q", line)
			}
		}
	})
}
