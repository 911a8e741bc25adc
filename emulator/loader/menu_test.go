package loader

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/emulator/internal/testnet"
)

const menus = `ui menu.c32
timeout 30
ontimeout c now
f1 help.txt
label a
 menu label ^Alpha
 linux linux
 append a
label b
 menu label ^Beta
 linux linux
 append b
menu separator
menu begin more
 label c
  linux linux
  append c
 label back
  menu exit
menu end
`

func TestTheMenuObeysKeysAndTime(t *testing.T) {
	for _, tc := range []struct {
		name, config string
		keys         string
		want         string
		took         time.Duration
	}{
		{"Enter takes the default", menus, "ret", "a", 0},
		{"down and up move the cursor", menus, "down ret", "b", 0},
		{"a hotkey moves it too", menus, "b ret", "b", 0},
		{"the cursor stays inside", menus, "up up down home end home ret", "a", 0},
		{"a submenu opens and closes", menus, "end ret ret", "c", 0},
		{"Esc leaves a submenu", menus, "end ret esc ret ret", "c", 0},
		{"MENU EXIT leaves it too", menus, "end ret down ret home ret", "a", 0},
		{"ONTIMEOUT names a label and more words", menus, "", "c now", 3 * time.Second},
		{"without ONTIMEOUT the default entry boots", strings.Replace(menus, "ontimeout c now", "default b", 1), "", "b", 3 * time.Second},
		{"moving the cursor cancels the timeout, TOTALTIMEOUT does not", menus + "totaltimeout 100\n", "down", "c now", 10 * time.Second},
		{"a help screen is fetched and left", menus, "f1 ret", "a", 0},
		{"Esc at the top leads to the prompt, where labels can be typed", menus, "esc b spc x ret", "b x", 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := run(t, with(six, cfg(tc.config)), strings.Fields(tc.keys)...)
			if diff := cmp.Diff("linux: BOOT_IMAGE=linux "+tc.want, ending(got.outcome)); diff != "" {
				t.Errorf("end (-want +got):\n%s", diff)
			}
			if got.took.Round(time.Second/2) != tc.took {
				t.Errorf("took %s, want %s", got.took, tc.took)
			}
		})
	}
}

func TestThePrompt(t *testing.T) {
	const labels = "prompt 1\ndefault a\ntimeout 50\nlabel a\nlinux linux\nappend a\nlabel b\nlinux linux\nappend b\n"
	for _, tc := range []struct {
		name, config string
		keys         string
		want         string
		took         time.Duration
	}{
		{"Enter runs the default", labels, "ret", "a", 0},
		{"a label can be typed and corrected", labels, "a backspace b ret", "b", 0},
		{"words typed behind a label follow its own", labels, "b spc x ret", "b x", 0},
		{"ALLOWOPTIONS 0 takes no such words", labels + "allowoptions 0\n", "b spc x ret", "b", 0},
		{"TIMEOUT runs the default", labels, "", "a", 5 * time.Second},
		{"ONTIMEOUT runs instead", labels + "ontimeout b\n", "", "b", 5 * time.Second},
		{"TOTALTIMEOUT ends waiting even when keys were typed", labels + "totaltimeout 200\n", "x", "a", 20 * time.Second},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := run(t, with(six, cfg(tc.config)), strings.Fields(tc.keys)...)
			if diff := cmp.Diff("linux: BOOT_IMAGE=linux "+tc.want, ending(got.outcome)); diff != "" {
				t.Errorf("end (-want +got):\n%s", diff)
			}
			if got.took.Round(time.Second/2) != tc.took {
				t.Errorf("took %s, want %s", got.took, tc.took)
			}
		})
	}
}

func TestOurOwnProgramSaysHowItWasReached(t *testing.T) {
	got := run(t, tree{"nbp": "... bootrig boot program ..."})
	want := []string{"bootrig: server 192.168.9.2 address 192.168.9.100 mac 52:54:00:12:34:56"}
	if diff := cmp.Diff(want, got.lines); diff != "" || ending(got.outcome) != "program: " {
		t.Errorf("lines (-want +got):\n%s\nend %s", diff, ending(got.outcome))
	}
}

func TestAnUnknownProgramIsNamed(t *testing.T) {
	n := testnet.New(nil)
	_, failure := Start(testnet.Start(), Config{Handover: handed(t, n, "MZ", "shim.efi")})
	if failure == nil || !strings.Contains(failure.Error(), "shim.efi") {
		t.Errorf("failure = %v", failure)
	}
}

func TestAProgramCanBeClosedAtItsPrompt(t *testing.T) {
	files := with(six, cfg("prompt 1"))
	n := testnet.New(func(name string) ([]byte, bool) { c, ok := files[name]; return []byte(c), ok })
	p, _ := Start(testnet.Start(), Config{Handover: handed(t, n, six, "pxelinux.0")})
	n.Run(p, testnet.Start(), testnet.Start(), func() bool { return false })
	if at, ok := p.Deadline(); ok || ending(p.env.outcome) != "waits" {
		t.Errorf("it waits until %s, ended with %s; want a wait for keys alone", at, ending(p.env.outcome))
	}
	p.Close()
}

func TestAProgramCanBeClosedWhereverItIs(t *testing.T) {
	n := testnet.New(func(string) ([]byte, bool) { return nil, false })
	for steps := range 6 {
		p, _ := Start(testnet.Start(), Config{Handover: handed(t, n, six, "pxelinux.0")})
		n.Run(p, testnet.Start(), testnet.Start().Add(time.Duration(steps)*time.Second), func() bool { return false })
		p.Close()
		p.Close()
	}
}
