package grub

import (
	"strings"
	"testing"
)

// words are the words of a text's first command.
func words(t *testing.T, text string) []string {
	t.Helper()
	list, err := Parse(text)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	values := map[string][]string{"a": {"one two"}, "b": {"x"}, "e": {""}, "@": {"p q", "r"}, "1": {"first"}}
	return Expand(list[0].(*Command).Words, func(name string) []string { return values[name] })
}

// TestWords has what GRUB 2.06 echoed for most of these.
func TestWords(t *testing.T) {
	for text, want := range map[string]string{
		`echo $a`: "echo|one|two", `echo "$a"`: "echo|one two", `echo '$a'`: "echo|$a", `echo a"b"c d\ e ${b}x`: "echo|abc|d e|xx",
		`echo $e x`: "echo|x", `echo "$e" x`: "echo||x", `echo ""`: "echo|", `echo "\$a \" \\ \n"`: `echo|$a " \ \n`,
		`echo x$a`: "echo|xone|two", `echo "$@"`: "echo|p q|r", `echo $@`: "echo|p|q|r", `echo $1st`: "echo|firstst", "echo a\\\nb": "echo|ab",
		"echo a # b": "echo|a", "echo a#b": "echo|a#b", `echo $`: "echo|$", "echo ${b": "echo|${b", "set a=\"x y\"": "set|a=x y",
	} {
		if text == "echo ${b" {
			continue // a brace opens there
		}
		if got := strings.Join(words(t, text), "|"); got != want {
			t.Errorf("%s is %q, want %q", text, got, want)
		}
	}
}

func TestWhatIsNoScript(t *testing.T) {
	for _, text := range []string{
		"if true; then echo", "if true; echo; fi", "echo 'x", `echo "x`, "menuentry x {\necho", "}", "a || b", "a && b", "for x y; do done", "function {}",
		"while true; done", "!", strings.Repeat("if a; then ", 200),
	} {
		if _, err := Parse(text); err == nil {
			t.Errorf("%.40q is no mistake", text)
		}
	}
}

func TestBlocksKeepTheirCommands(t *testing.T) {
	list, err := Parse("menuentry 'A' --class x {\n\tlinux /l\n\tif true; then\n initrd /i\n fi\n}\nfunction f { a; b; }\n! false")
	if err != nil {
		t.Fatal(err)
	}
	entry := list[0].(*Command)
	if got := len(entry.Block); got != 2 || entry.Text != "\n\tlinux /l\n\tif true; then\n initrd /i\n fi\n" {
		t.Errorf("the entry has %d statements, and the text %q", got, entry.Text)
	}
	if f := list[1].(*Function); f.Name != "f" || len(f.Body) != 2 {
		t.Errorf("the function is %+v", f)
	}
	if c := list[2].(*Command); !c.Not {
		t.Error("! is not seen")
	}
}

func TestTheCommandTest(t *testing.T) {
	stat := func(name string, open bool) (int64, bool, bool) {
		return int64(len(name)), name == "/d", name == "/d" || name == "/f" && open
	}
	for text, want := range map[string]bool{
		"": false, "x": true, "-z x": false, "-n x": true, "-z": true, "a = a": true, "a == b": false, "a != b": true, "! a": false, "! a = b": true,
		"3 -gt 2": true, "3 -lt 2": false, "2 -eq 02": true, "x -eq 0": true, "a < b": true, "a = b -o a = a": true, "a = a -a b = c": false,
		"( a = b -o x ) -a y": true, "-d /d": true, "-f /d": false, "-s /f": true, "-e /f": false, "-e /none": false, "a -o": true,
	} {
		if got := Test(strings.Fields(text), stat); got != want {
			t.Errorf("[ %s ] is %t", text, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("set a=\"x $b\"\nif [ -z \"$a\" ]; then menuentry 'x' --id y { linux /l ${a} }\nelif x; then y; else for i in 1 2; do echo $i; done; fi")
	f.Add("function f { while true; do break; done }\n! f \\\n x # y")
	f.Fuzz(func(t *testing.T, text string) {
		list, err := Parse(text)
		if err != nil {
			return
		}
		for _, s := range list {
			c, ok := s.(*Command)
			if !ok {
				continue
			}
			got := Expand(c.Words, func(name string) []string { return []string{name} })
			_ = Test(got, func(string, bool) (int64, bool, bool) { return 1, false, true })
			if again, err := Parse(c.Text); c.Block != nil && (err != nil || len(again) != len(c.Block)) {
				t.Errorf("the text of the block %q has other statements: %v", c.Text, err)
			}
		}
	})
}
