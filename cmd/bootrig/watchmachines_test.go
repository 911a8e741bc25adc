package main

import (
	"bytes"
	"fmt"
	"net"
	"net/netip"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/emulator"
	"github.com/bootrig/bootrig/emulator/link"
	"github.com/bootrig/bootrig/emulator/observe"
	"github.com/bootrig/bootrig/emulator/rom"
	"github.com/bootrig/bootrig/internal/verdict"
	"github.com/bootrig/bootrig/scenarios/runner/content"
	"github.com/bootrig/bootrig/server"
	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/config/dnsmasq"
	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/embedded"
	"github.com/bootrig/bootrig/server/machines"
	"github.com/bootrig/bootrig/wire/event"
)

const stormy = `port=0
no-ping
dhcp-range=192.168.9.10,192.168.9.250
dhcp-match=set:efi,option:client-arch,7
dhcp-host=52:54:00:01:*:*,set:lacking
dhcp-host=52:54:00:02:*:*,set:broken
dhcp-host=52:54:00:03:*:*,ignore
dhcp-boot=pxelinux.0
dhcp-boot=tag:efi,bootrig-x64.efi
dhcp-boot=tag:lacking,nosuch.0
dhcp-boot=tag:broken,broken/pxelinux.0
enable-tftp
tftp-root=/srv/tftp
`

var own = netip.MustParsePrefix("192.168.9.2/24")

// A rush is a lab in which many machines are switched on at once, and a server that is watched.
type rush struct {
	lab  *emulator.Lab
	book machines.Book
	saw  map[string]*event.Journal // what the witness saw of each
}

// Two hundred machines are switched on at once, of five kinds, some of which cannot boot. What is told can be read all
// the while, and in the end the last line of each says what a witness on the wire saw of it, who knows nothing of the server.
func TestWatchBesideAStorm(t *testing.T) {
	settings, err := dnsmasq.Parse("storm.conf", []byte(stormy))
	ok(t, err)
	tree := stormTree(t)
	synctest.Test(t, func(t *testing.T) {
		s := newRush(t, *settings, tree)
		defer s.lab.Close()
		var w watcher
		w.look(time.Now(), s.book.Machines())
		macs, booted := s.switchOn(t, 200)
		last, most, summaries := map[string]string{}, 0, 0
		for told := true; told || !booted() || s.open(); time.Sleep(time.Second) {
			s.book.Expire(time.Now())
			lines := w.look(time.Now(), s.book.Machines())
			told = len(lines) > 0
			most = max(most, len(lines))
			for _, line := range lines {
				fields := strings.SplitN(strings.TrimSuffix(line, "\n"), " ", 3)
				if fields[1] == "and" {
					summaries++
					continue
				}
				last[fields[1]], _, _ = strings.Cut(fields[2], ": ") // why is in words of the server's
			}
		}
		if most != atOnce+1 || summaries == 0 {
			t.Errorf("%d lines were told in a second, %d of them of many machines", most, summaries)
		}
		want := map[string]string{}
		for _, mac := range macs {
			want[mac] = s.witnessed(mac)
		}
		if diff := cmp.Diff(want, last); diff != "" {
			t.Errorf("the last lines (-witness +watch):\n%s", diff)
		}
	})
}

func stormTree(t *testing.T) *content.Tree {
	t.Helper()
	set, err := content.LookupSet("small")
	ok(t, err)
	tree, err := content.Build("/srv/tftp", t.TempDir(), content.Layer{Set: set})
	ok(t, err)
	efi, err := embedded.Read("bootrig-x64.efi")
	ok(t, err)
	pxelinux, err := tree.Bytes("pxelinux.0")
	ok(t, err)
	for name, data := range map[string]string{
		"bootrig-x64.efi": string(efi), "broken/pxelinux.0": string(pxelinux),
		"pxelinux.cfg/default": "default install\nlabel install\n\tkernel boot/amd64/linux\n\tappend initrd=boot/amd64/initrd.gz\n",
	} {
		ok(t, tree.Put(name, []byte(data)))
	}
	return tree
}

func newRush(t *testing.T, settings config.Config, tree *content.Tree) *rush {
	t.Helper()
	lab, err := emulator.NewLab(emulator.LabConfig{NoHouse: true})
	ok(t, err)
	s := &rush{lab: lab, saw: map[string]*event.Journal{}}
	server, err := server.New(server.Config{Links: []dhcp.Link{{Name: "eth0", Prefix: own}}, Settings: settings, Tree: tree.Served(), Events: &s.book})
	ok(t, err)
	_, err = lab.Machine(emulator.HostConfig{Addr: own, Listens: server.Listens}, server.Machine())
	ok(t, err)
	return s
}

// switchOn switches machines on within two seconds, and tells whether they are all done.
func (s *rush) switchOn(t *testing.T, n int) (macs []string, booted func() bool) {
	t.Helper()
	bios, err := rom.Lookup("ipxe-bios")
	ok(t, err)
	efi, err := rom.Lookup("ovmf-x64")
	ok(t, err)
	var boots []*emulator.Boot
	for i := range n {
		mac := net.HardwareAddr{0x52, 0x54, 0, byte(i % 5), 0, byte(i)}
		profile := bios
		if i%5 == 4 {
			profile = efi
		}
		s.witness(mac)
		boot, err := s.lab.Start(emulator.GuestConfig{Profile: profile, MAC: mac, Seed: uint64(i)})
		ok(t, err)
		macs, boots = append(macs, mac.String()), append(boots, boot)
		time.Sleep(10 * time.Millisecond)
	}
	return macs, func() bool {
		return !slices.ContainsFunc(boots, func(b *emulator.Boot) bool {
			select {
			case <-b.Done():
				return false
			default:
				return true
			}
		})
	}
}

// witness has somebody see all that a machine says and hears, its first word too.
func (s *rush) witness(mac net.HardwareAddr) {
	journal := &event.Journal{}
	witness := observe.New(observe.Config{Guest: mac.String(), MAC: mac, Events: journal})
	s.saw[mac.String()] = journal
	broadcast := net.HardwareAddr{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}
	s.lab.Do(func(_ time.Time, lan *link.LAN) {
		lan.WatchAll(func(now time.Time, _ link.Port, frame []byte) {
			to, from := frame[:6], frame[6:12]
			if bytes.Equal(from, mac) || bytes.Equal(to, mac) || bytes.Equal(to, broadcast) {
				witness.Frame(now, bytes.Equal(from, mac), frame)
			}
		})
	})
}

// open tells whether there is a boot of which more is to be expected.
func (s *rush) open() bool {
	return slices.ContainsFunc(s.book.Machines(), func(m machines.Machine) bool { return m.Boot.Verdict == "" })
}

// witnessed is the line that fits what was seen of a machine on the wire, and its verdict.
func (s *rush) witnessed(mac string) string {
	var given, last string
	var files int
	var size int64
	boot := verdict.Boot{Witnessed: true, Ours: own.Addr()}
	facts, _ := s.saw[mac].After(0)
	for _, f := range facts {
		boot.Take(f)
		switch f.Kind {
		case event.Offer:
			given = "given " + f.Path + "; "
		case event.Got:
			files, size, last = files+1, size+f.Bytes, path.Base(f.Path)
		}
	}
	story := boot.Story()
	became := story.ID
	if became == "unheard" { // on the wire, who is ignored looks as who is not heard
		became = "ignored"
	}
	if story.Booted() && story.Sure == verdict.Possible {
		became += ", it seems"
	}
	if files == 0 {
		return given + became
	}
	return fmt.Sprintf("%sgot %d %s of %s, at last %s; %s", given, files, map[bool]string{true: "file", false: "files"}[files == 1], event.Size(size), last, became)
}

// Who is stuck is told of first, then who was silent longest; of the others it is said where they are, until it is their turn.
func TestAPageOfMachines(t *testing.T) {
	now := time.Date(2026, 11, 26, 2, 0, 0, 0, time.Local)
	var all []machines.Machine
	add := func(n int, silent time.Duration, b machines.Boot) {
		for range n {
			all = append(all, machines.Machine{MAC: fmt.Sprintf("52:54:00:00:00:%02x", len(all)), Last: now.Add(-silent), Boot: b})
		}
	}
	add(1, time.Minute, machines.Boot{Given: "a.0", Files: 1, Bytes: 42_000, File: "a.0", Getting: "x/linux\a"})
	add(5, time.Second, machines.Boot{Given: "a.0", Getting: "x/linux\a"})
	add(3, time.Second, machines.Boot{Given: "a.0", Trouble: "b is not there"})
	add(2, 0, machines.Boot{Done: "installed"})
	add(2, 0, machines.Boot{Given: "a.0", Files: 1, File: "d/a.0"})
	add(1, 0, machines.Boot{Given: "a.0"})
	add(1, 0, machines.Boot{})
	add(7, 10*time.Second, machines.Boot{Given: "a.0", Trouble: "c is not there"})
	w := watcher{told: map[string]string{}}
	pages := [][]string{w.look(now, all), w.look(now, all), w.look(now, all), w.look(now, all)}
	var got []int
	for _, lines := range pages {
		got = append(got, len(lines))
	}
	if diff := cmp.Diff([]int{9, 9, 6, 0}, got); diff != "" {
		t.Errorf("lines a second (-want +got):\n%s", diff)
	}
	want := []string{
		"01:59:50 52:54:00:00:00:0f given a.0; c is not there\n", "01:59:50 52:54:00:00:00:15 given a.0; c is not there\n",
		"01:59:00 52:54:00:00:00:00 given a.0; got 1 file of 42 kB, at last a.0; getting x/linux\\a\n",
		"02:00:00 and 14 more: 5 getting linux\\a, 3 in trouble, 2 got a.0, 2 installed, 2 elsewhere\n",
	}
	if diff := cmp.Diff(want, append(pages[0][:1:1], pages[0][6:]...)); diff != "" {
		t.Errorf("the first page (-want +got):\n%s", diff)
	}
}

// Whoever begins to watch is not told of each machine that was there, and programs are told of all.
func TestWhoBeginsToWatch(t *testing.T) {
	var all []machines.Machine
	var lines []string
	for n := range 100 {
		all = append(all, machines.Machine{MAC: fmt.Sprintf("52:54:00:00:00:%02x", n)})
		lines = append(lines, fmt.Sprint(n))
	}
	var w, program watcher
	told := w.look(time.Time{}, all)
	if n := len(told); n != 9 || !strings.HasSuffix(told[8], " and 92 more: 92 told nothing (bootrig machines lists them)\n") || len(w.look(time.Time{}, all)) > 0 {
		t.Errorf("%q, and %q", told, w.look(time.Time{}, all))
	}
	if diff := cmp.Diff(lines, program.further(all, lines)); diff != "" || len(program.further(all, lines)) > 0 {
		t.Errorf("a program is told (-want +got):\n%s", diff)
	}
	all[7].Boot.Given = "a.0"
	if got := program.further(all, lines); !slices.Equal(got, lines[7:8]) {
		t.Errorf("a program is told %q", got)
	}
}
