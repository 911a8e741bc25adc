package ipxe

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAScriptIsToldByItsFirstWord(t *testing.T) {
	for content, want := range map[string]bool{
		"#!ipxe\necho": true, "#!gpxe\r\n": true, "#!ipxe ": true, "#!ipxe": false, "#!ipxe-not\n": false, "#!/bin/sh\n": false, "": false,
		" #!ipxe\n": false,
	} {
		if got := Is([]byte(content)); got != want {
			t.Errorf("Is(%q) = %t", content, got)
		}
	}
}

func TestLines(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want Script
	}{
		"a label may have a command behind it": {"#!ipxe\n:again say x\n", Script{{"", "#!ipxe"}, {"again", "say x"}}},
		"a label may be indented":              {" \t:a\nb", Script{{"a", ""}, {"", "b"}}},
		"a carriage return ends a line":        {"a\r\n:b\r\n", Script{{"", "a"}, {"b", ""}}},
		"a backslash continues one":            {"a \\\n b\\\r\nc\nd", Script{{"", "a  bc"}, {"", "d"}}},
		"a colon alone is no label":            {": x", Script{{"", "x"}}},
	} {
		if diff := cmp.Diff(c.want, Parse([]byte(c.text))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	s := Parse([]byte(":a one\n:b\n:a two"))
	if at, ok := s.Find("a"); at != 0 || !ok {
		t.Errorf("the first label of a name is at %d, %t", at, ok)
	}
	if _, ok := s.Find(""); ok {
		t.Error("a line without a label is found by none")
	}
}

func TestCommandsOfALine(t *testing.T) {
	for text, want := range map[string][]Command{
		"echo  a\tb":                   {{Always, []string{"echo", "a", "b"}}},
		"a || b && c ; d":              {{Always, []string{"a"}}, {OnFailure, []string{"b"}}, {OnSuccess, []string{"c"}}, {Always, []string{"d"}}},
		"a||b":                         {{Always, []string{"a||b"}}},
		"chain x ||":                   {{Always, []string{"chain", "x"}}, {OnFailure, nil}},
		"echo a # b || c":              {{Always, []string{"echo", "a"}}},
		"echo a#b":                     {{Always, []string{"echo", "a#b"}}},
		"#!ipxe":                       {{}},
		"":                             {{}},
		`echo "there is no quoting"`:   {{Always, []string{"echo", `"there`, "is", "no", `quoting"`}}},
		"isset ${x} && goto y || boot": {{Always, []string{"isset", "${x}"}}, {OnSuccess, []string{"goto", "y"}}, {OnFailure, []string{"boot"}}},
	} {
		if diff := cmp.Diff(want, Commands(text)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

func TestSettingsAreExpanded(t *testing.T) {
	value := func(name string) string {
		return map[string]string{"a": "1", "b1": "two", "c": "${a}", "self": "${self}", "sp": "x y"}[name]
	}
	for word, want := range map[string]string{
		"${a}": "1", "x${a}y${a}": "x1y1", "${b${a}}": "two", "${c}": "1", "${none}": "", "${": "${", "$a": "$a", "${a": "${a", "}${a}": "}1",
		"${sp}": "x y", "a}b": "a}b", "${${a}": "${1",
	} {
		if got := Expand(word, value); got != want {
			t.Errorf("Expand(%q) = %q, want %q", word, got, want)
		}
	}
	if got := Expand("${self}", value); got != "${self}" {
		t.Errorf("a setting that names itself is %q", got)
	}
}

// TestValues has what iPXE 1.0.0 printed for these.
func TestValues(t *testing.T) {
	mac, ip := []byte{0x52, 0x54, 0, 0x12, 0x34, 0x56}, []byte{192, 168, 9, 100}
	id := []byte{0x33, 0x22, 0x11, 0, 0x55, 0x44, 0x77, 0x66, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff}
	for _, c := range []struct {
		name string
		raw  []byte
		want string
	}{
		{"mac", mac, "52:54:00:12:34:56"}, {"net0/mac:hexhyp", mac, "52-54-00-12-34-56"}, {"mac:hexraw", mac, "525400123456"},
		{"ip", ip, "192.168.9.100"}, {"ip:int32", ip, "-1062729372"}, {"ip:hexraw", ip, "c0a80964"}, {"ip:uint8", ip, "0xc0a80964"},
		{"uuid", id, "00112233-4455-6677-8899-aabbccddeeff"}, {"uuid:hexraw", id, "33221100554477668899aabbccddeeff"},
		{"product:uristring", []byte("Standard PC (i440FX + PIIX, 1996)"), "Standard%20PC%20(i440FX%20+%20PIIX,%201996)"},
		{"60:string", []byte("PXEClient"), "PXEClient"}, {"66", []byte("host\x00junk"), "host"}, {"43:hex", []byte{6, 1, 3}, "06:01:03"},
		{"x:nosuchtype", ip, ""}, {"x:int16", []byte{2, 1}, "513"}, {"x:int8", []byte{0xff}, "-1"}, {"x:uint32", []byte{0}, "0x0"},
		{"x:base64", []byte("ab"), "YWI="}, {"mac", nil, ""},
	} {
		if got := ParseSetting(c.name).Text(Value{Raw: c.raw}); got != c.want {
			t.Errorf("${%s} = %q, want %q", c.name, got, c.want)
		}
	}
}

func TestAStoredValueKeepsItsType(t *testing.T) {
	for _, c := range []struct {
		stored, text, shown, want string
		err                       error
	}{
		{"a", "5", "a", "5", nil}, {"a", "9", "a:hexraw", "39", nil}, {"i:int16", "513", "i", "513", nil}, {"i:int16", "513", "i:hex", "02:01", nil},
		{"h:hex", "01:02:ff", "h:hexhyp", "01-02-ff", nil}, {"y:uint8", "300", "y", "0x2c", nil}, {"next-server", "1.2.3.4", "next-server:hexraw", "01020304", nil},
		{"next-server", "1.2.3", "", "", ErrInvalid}, {"z:nosuchtype", "3", "", "", ErrUnsupported}, {"h:hex", "xx", "", "", ErrInvalid},
		{"u:uristring", "a%20b", "u:string", "a b", nil}, {"filename", "x", "67:string", "x", nil},
	} {
		v, err := ParseSetting(c.stored).Store(c.text)
		if !errors.Is(err, c.err) {
			t.Errorf("set %s %s: %v, want %v", c.stored, c.text, err, c.err)
		}
		if got := ParseSetting(c.shown).Text(v); got != c.want {
			t.Errorf("set %s %s; ${%s} = %q, want %q", c.stored, c.text, c.shown, got, c.want)
		}
	}
	if a, b := ParseSetting("filename"), ParseSetting("67"); a.Key() != b.Key() || a.Key() == ParseSetting("66").Key() {
		t.Errorf("filename is %q, 67 is %q", a.Key(), b.Key())
	}
}

func TestOptionsOfCommands(t *testing.T) {
	o := Options{"name:", "timeout:", "replace", "autofree"}
	for _, c := range []struct {
		args  []string
		given Given
		words []string
		bad   bool
	}{
		{args: []string{"--name", "x", "-t", "5", "uri", "--replace"}, given: Given{"name": "x", "timeout": "5"}, words: []string{"uri", "--replace"}},
		{args: []string{"--name=x", "-r", "-a", "--", "-u"}, given: Given{"name": "x", "replace": "", "autofree": ""}, words: []string{"-u"}},
		{args: []string{"--auto", "u"}, given: Given{"autofree": ""}, words: []string{"u"}},
		{args: []string{"-t5", "-"}, given: Given{"timeout": "5"}, words: []string{"-"}},
		{args: []string{"--nosuch"}, bad: true}, {args: []string{"--name"}, bad: true}, {args: []string{"-x"}, bad: true},
	} {
		given, words, err := o.Parse(c.args)
		if (err != nil) != c.bad {
			t.Errorf("%q: %v", c.args, err)
		}
		if diff := cmp.Diff(c.given, given); diff != "" {
			t.Errorf("%q (-want +got):\n%s", c.args, diff)
		}
		if diff := cmp.Diff(c.words, words); diff != "" {
			t.Errorf("%q (-want +got):\n%s", c.args, diff)
		}
	}
}

func TestURIsAreRelativeToTheScript(t *testing.T) {
	const at = "tftp://192.168.9.2/scripts/boot.ipxe"
	for _, c := range []struct{ base, ref, want, name string }{
		{at, "x.ipxe", "tftp://192.168.9.2/scripts/x.ipxe", "scripts/x.ipxe"},
		{at, "../casper/vmlinuz", "tftp://192.168.9.2/casper/vmlinuz", "casper/vmlinuz"},
		{at, "./a/../b", "tftp://192.168.9.2/scripts/a/../b", "scripts/a/../b"},
		{at, "../../x", "tftp://192.168.9.2/x", "x"},
		{at, "/x", "tftp://192.168.9.2/x", "x"},
		{at, "http://h:80/a?b=c#d", "http://h:80/a?b=c", "a"},
		{at, "a%20b", "tftp://192.168.9.2/scripts/a%20b", "scripts/a b"},
		{"tftp://192.168.9.2//abs/boot.ipxe", "x", "tftp://192.168.9.2//abs/x", "/abs/x"},
		{at, "iscsi:192.168.9.2::::iqn", "iscsi:192.168.9.2::::iqn", ""},
		{at, "", "tftp://192.168.9.2/scripts/boot.ipxe", "scripts/boot.ipxe"},
		{"http://h/a?b=c", "d", "http://h/d", "d"},
	} {
		got := ParseURI(c.base).Resolve(ParseURI(c.ref))
		if got.String() != c.want || got.TFTPName() != c.name {
			t.Errorf("%q in %s is %s, by TFTP %q, want %s, %q", c.ref, c.base, got, got.TFTPName(), c.want, c.name)
		}
	}
	if got := ParseURI("tftp://h/a/b.efi?c").Name(); got != "b.efi" {
		t.Errorf("an image is called %q", got)
	}
}

func FuzzScript(f *testing.F) {
	f.Add("#!ipxe\n:a echo ${net0/mac:hexhyp} || goto a\\\nx && set b:int16 3")
	f.Fuzz(func(t *testing.T, text string) {
		for _, line := range Parse([]byte(text)) {
			for _, c := range Commands(line.Text) {
				for _, word := range c.Words {
					s := ParseSetting(word)
					v, err := s.Store(word)
					if err == nil && s.Type == "" && s.Name != "" && v.Type == "string" && s.Text(v) == "" && word[0] != 0 {
						t.Errorf("set %s %s: it is empty", word, word)
					}
					_ = Expand(word, func(name string) string { return "$" + name })
					_ = ParseURI("tftp://h/a/b").Resolve(ParseURI(word)).TFTPName()
				}
				_, _, _ = Options{"name:", "keep"}.Parse(c.Words)
			}
		}
	})
}
