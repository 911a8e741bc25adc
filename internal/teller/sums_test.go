package teller

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/bootrig/bootrig/wire/event"
)

// searched are the names of pxelinux's search, each not there.
func searched(names ...string) (moments []moment) {
	for i, name := range names {
		moments = append(moments, moment{none, server(event.Miss, event.Event{Xfer: uint64(i + 1), Path: name, Rule: "a.conf:7"})})
	}
	return moments
}

func pxelinux(dir string) []string {
	names := []string{dir + "33221100-5544-7766-8899-aabbccddeeff", dir + "01-52-54-00-12-34-56"}
	for n := 8; n > 0; n-- {
		names = append(names, dir+"C0A80964"[:n])
	}
	return names
}

func TestASearchForAConfigurationIsOneLine(t *testing.T) {
	own := slices.Clip(searched(pxelinux("pxelinux.cfg/")...))
	came := func(path string) moment {
		return moment{none, server(event.Got, event.Event{Xfer: 99, Path: path, Bytes: 265})}
	}
	other := event.Event{Kind: event.Fault, Source: "server", Text: "no"}
	for _, c := range []struct {
		says    string
		moments []moment
		want    string
	}{
		{"it is found", append(own, came("pxelinux.cfg/default")), `
15:04:05 52:54:00:12:34:56 got pxelinux.cfg/default, 265 bytes, after 10 names that are not there
`},
		{"it is found at the second name", append(own[:1:1], came("pxelinux.cfg/01-52-54-00-12-34-56")), `
15:04:05 52:54:00:12:34:56 got pxelinux.cfg/01-52-54-00-12-34-56, 265 bytes, after a name that is not there
`},
		{"it is given up", append(own, searched("pxelinux.cfg/default")...), `
15:04:05 52:54:00:12:34:56 asked for 11 configurations in pxelinux.cfg/, and none is there (a.conf:7)
`},
		{"GRUB gives it up", searched("boot/grub.cfg-01-52-54-00-12-34-56", "boot/grub.cfg-C0A80964", "boot/grub.cfg"), `
15:04:05 52:54:00:12:34:56 asked for 3 configurations in boot/, and none is there (a.conf:7)
`},
		{"another file ends it", append(own, came("menu.c32")), `
15:04:05 52:54:00:12:34:56 asked for 10 configurations in pxelinux.cfg/, and none is there (a.conf:7)
15:04:05 52:54:00:12:34:56 got menu.c32, 265 bytes
`},
		{"another directory is another search", append(own, append(searched(pxelinux("b/pxelinux.cfg/")...), came("b/pxelinux.cfg/default"))...), `
15:04:05 52:54:00:12:34:56 asked for 10 configurations in pxelinux.cfg/, and none is there (a.conf:7)
15:04:05 52:54:00:12:34:56 got b/pxelinux.cfg/default, 265 bytes, after 10 names that are not there
`},
		{"the client is silent, and another fact comes half a minute later", append(own, moment{patience, other}), `
15:04:35 52:54:00:12:34:56 asked for 10 configurations in pxelinux.cfg/, and none is there (a.conf:7)
15:04:35 -                 fault: no
`},
		{"facts of others do not end it", append(own, moment{time.Second, other}, came("pxelinux.cfg/default")), `
15:04:06 -                 fault: no
15:04:06 52:54:00:12:34:56 got pxelinux.cfg/default, 265 bytes, after 10 names that are not there
`},
		{"only one name is asked for", searched("pxelinux.cfg/default"), `
15:04:05 52:54:00:12:34:56 asked for pxelinux.cfg/default, which is not there (a.conf:7)
`},
		{"what is no search is a line each", searched("a", "b"), `
15:04:05 52:54:00:12:34:56 asked for a, which is not there (a.conf:7)
15:04:05 52:54:00:12:34:56 asked for b, which is not there (a.conf:7)
`},
	} {
		t.Run(c.says, func(t *testing.T) { differs(t, c.want, told(&Printer{}, c.moments...)) })
	}
}

func TestASearchByHTTPIsOneLineToo(t *testing.T) {
	var moments []moment
	for _, name := range append(pxelinux("/pxelinux.cfg/"), "/pxelinux.cfg/default") {
		moments = append(moments, moment{none, server(event.HTTPResponse, event.Event{Path: name, Code: 404})})
	}
	moments[len(moments)-1].Code = 200
	differs(t, `
15:04:05 52:54:00:12:34:56 HTTP 200 for /pxelinux.cfg/default, 0 bytes, after 10 names that are not there
`, told(&Printer{}, moments...))
}

func TestVerboseTellsEachMiss(t *testing.T) {
	got := told(&Printer{Verbose: true}, searched(pxelinux("pxelinux.cfg/")[:2]...)...)
	differs(t, `
15:04:05 52:54:00:12:34:56 asked for pxelinux.cfg/33221100-5544-7766-8899-aabbccddeeff, which is not there (a.conf:7)
15:04:05 52:54:00:12:34:56 asked for pxelinux.cfg/01-52-54-00-12-34-56, which is not there (a.conf:7)
`, got)
}

func TestALabSumsUpWhatIsNotThere(t *testing.T) {
	for _, c := range []struct {
		n    int
		want string
	}{
		{1, "asked for 0.cfg, which is not there"},
		{2, "asked for 0.cfg, 1.cfg, which are not there"},
		{7, "asked for 0.cfg, 1.cfg, 2.cfg and 4 more names, which are not there"},
	} {
		var moments []moment
		for i := range c.n {
			moments = append(moments, moment{none, wire(event.Miss, fmt.Sprint(i, ".cfg"), "")})
		}
		differs(t, "   0.00s  pc     "+c.want+"\n", told(&Printer{Clock: Seconds, Witnessed: true}, moments...))
	}
}

func TestWhichNamesAreConfigurations(t *testing.T) {
	type answer struct {
		dir      string
		last, ok bool
	}
	for path, want := range map[string]answer{
		"pxelinux.cfg/default":                              {"pxelinux.cfg/", true, true},
		"/tftpboot/pxelinux.cfg/C0A80964":                   {"/tftpboot/pxelinux.cfg/", false, true},
		"pxelinux.cfg/C":                                    {"pxelinux.cfg/", false, true},
		"pxelinux.cfg/01-52-54-00-12-34-56":                 {"pxelinux.cfg/", false, true},
		"pxelinux.cfg/20-00-11-22-33-44-55-66-77":           {"pxelinux.cfg/", false, true},
		"pxelinux.cfg/33221100-5544-7766-8899-aabbccddeeff": {"pxelinux.cfg/", false, true},
		"grub/x86_64-efi/grub.cfg-01-52-54-00-12-34-56":     {"grub/x86_64-efi/", false, true},
		"grub.cfg-C0A8":                                     {"", false, true},
		"grub.cfg":                                          {"", true, true},
		"pxelinux.cfg/menu.cfg":                             {},
		"pxelinux.cfg/C0A809644":                            {},
		"C0A80964":                                          {},
		"mygrub.cfg":                                        {},
		"default":                                           {},
		"":                                                  {},
		"debian-installer/amd64/boot-screens/pxelinux.cfg/../gt": {},
	} {
		var got answer
		got.dir, got.last, got.ok = configuration(path)
		if got != want {
			t.Errorf("%q: got %v, want %v", path, got, want)
		}
	}
}
