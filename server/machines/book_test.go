package machines

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/wire/event"
)

const mac = "52:54:00:12:34:56"

var start = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

func TestAMachineIsKnownByItsMAC(t *testing.T) {
	for client, want := range map[string]string{
		mac:                 mac,
		"52:54:00:AB:cd:EF": "52:54:00:ab:cd:ef",
		"52-54-00-ab-cd-ef": "52:54:00:ab:cd:ef",
		"52:54:00:ab:cd:eg": "",
		"52:54:00:ab:cd0ef": "",
		"192.168.9.50":      "",
		"":                  "",
		"80:00:02:08:fe:80:00:00:00:00:00:00:52:54:00:12:34:56:00:01": "80:00:02:08:fe:80:00:00:00:00:00:00:52:54:00:12:34:56:00:01",
	} {
		if got := macOf(event.Event{Client: client}); got != want {
			t.Errorf("%q is the machine %q, want %q", client, got, want)
		}
	}
}

// A step is a fact, so long after the one before it.
type step struct {
	after time.Duration
	event.Event
}

func fact(kind event.Kind, path string, bytes int64, text string) step {
	return step{time.Second, event.Event{Kind: kind, Source: "server", Client: mac, Path: path, Bytes: bytes, Text: text}}
}

func discover(after time.Duration, class string) step {
	s := fact(event.Discover, "", 0, "")
	s.after, s.Attrs = after, event.Attrs("arch", "x86PC (0)", "class", class)
	return s
}

func of(code int, s step) step {
	s.Code = code
	return s
}

// by is a question of an iPXE.
func by(user string, s step) step {
	s.Attrs = event.Attrs("arch", "x86PC (0)", "class", s.Attr("class"), "user", user)
	return s
}

const firmware = "PXEClient:Arch:00000:UNDI:002001"

func TestHowFarAMachineCame(t *testing.T) {
	offered := []step{discover(0, firmware), fact(event.Offer, "pxelinux.0", 0, "")}
	begun := append(offered[:2:2], fact(event.RRQ, "pxelinux.0", 0, ""), fact(event.Got, "pxelinux.0", 42_000, ""))
	for name, c := range map[string]struct {
		begin, then []step
		boots       int
		line        string
	}{
		"nothing but a question":           {nil, []step{discover(0, firmware)}, 1, "was told nothing"},
		"a silence":                        {nil, []step{discover(0, firmware), fact(event.Ignore, "", 0, "dhcp-host says to ignore it")}, 1, "no answer: dhcp-host says to ignore it"},
		"an answer":                        {offered, nil, 1, "given pxelinux.0; fetched nothing"},
		"a ROM that asks again and again":  {offered, append(offered[1:2:2], discover(4*time.Second, firmware), offered[1]), 1, "given pxelinux.0; fetched nothing"},
		"a file":                           {begun, nil, 1, "given pxelinux.0; got 1 file of 42 kB, at last pxelinux.0"},
		"a file under way":                 {begun, []step{fact(event.RRQ, "initrd.gz", 0, "")}, 1, "given pxelinux.0; got 1 file of 42 kB, at last pxelinux.0; getting initrd.gz"},
		"a file that is not there":         {begun, []step{fact(event.RRQ, "x", 0, ""), fact(event.Miss, "x", 0, "")}, 1, "given pxelinux.0; got 1 file of 42 kB, at last pxelinux.0; x is not there"},
		"another in its place":             {begun, []step{fact(event.Miss, "x", 0, ""), fact(event.Got, "dir/y", 1000, "")}, 1, "given pxelinux.0; got 2 files of 43 kB, at last y"},
		"HTTP":                             {begun, []step{fact(event.HTTPRequest, "/linux", 0, ""), of(200, fact(event.HTTPResponse, "/linux", 8_000_000, ""))}, 1, "given pxelinux.0; got 2 files of 8.0 MB, at last linux"},
		"HTTP that tells of a whole file":  {begun, []step{of(200, fact(event.HTTPResponse, "/linux", 0, "")), of(200, fact(event.HTTPResponse, "/linux", 8_000_000, "")), fact(event.Got, "/linux", 8_000_000, "")}, 1, "given pxelinux.0; got 2 files of 8.0 MB, at last linux"},
		"HTTP in parts":                    {begun, []step{of(206, fact(event.HTTPResponse, "/a.iso", 2048, "")), of(206, fact(event.HTTPResponse, "/a.iso", 7_998_000, ""))}, 1, "given pxelinux.0; got 2 files of 8.0 MB, at last a.iso"},
		"HTTP that sends it elsewhere":     {begun, []step{of(301, fact(event.HTTPResponse, "/linux", 20, ""))}, 1, "given pxelinux.0; got 1 file of 42 kB, at last pxelinux.0"},
		"HTTP without it":                  {begun, []step{of(404, fact(event.HTTPResponse, "/linux", 0, ""))}, 1, "given pxelinux.0; got 1 file of 42 kB, at last pxelinux.0; HTTP 404 for /linux"},
		"an installer that is done":        {begun, []step{fact(event.Installed, "", 0, "all well")}, 1, "given pxelinux.0; got 1 file of 42 kB, at last pxelinux.0; installed: all well"},
		"a program that asks once more":    {begun, []step{by("iPXE", discover(time.Second, firmware)), fact(event.Offer, "http://192.168.9.2/boot.ipxe", 0, "")}, 1, "given http://192.168.9.2/boot.ipxe; got 1 file of 42 kB, at last pxelinux.0"},
		"an installer's DHCP":              {begun, []step{discover(time.Second, "d-i"), fact(event.Offer, "pxelinux.0", 0, "")}, 1, "given pxelinux.0; got 1 file of 42 kB, at last pxelinux.0"},
		"a reset":                          {begun, []step{discover(time.Second, firmware), fact(event.Offer, "pxelinux.0", 0, "")}, 2, "given pxelinux.0; fetched nothing"},
		"a boot on the next day":           {begun, []step{discover(24*time.Hour, "")}, 2, "was told nothing"},
		"a name that would ring the bell":  {begun, []step{fact(event.Miss, "\a\n", 0, "")}, 1, `given pxelinux.0; got 1 file of 42 kB, at last pxelinux.0; \a\n is not there`},
		"a silence that every client gets": {offered, []step{{time.Second, event.Event{Kind: event.Ignore, Client: mac, Attrs: event.Attrs("usual", "yes")}}}, 1, "given pxelinux.0; fetched nothing"},
	} {
		var b Book
		at := start
		for _, s := range append(c.begin[:len(c.begin):len(c.begin)], c.then...) {
			at = at.Add(s.after)
			s.Time = at
			b.Record(s.Event)
		}
		m := b.Machines()[0]
		if diff := cmp.Diff(c.line, m.Boot.Line()); diff != "" || m.Boots != c.boots || m.Last != at {
			t.Errorf("%s: %d boots, last heard %s (-want +got):\n%s", name, m.Boots, m.Last, diff)
		}
	}
}

func TestWhatIsOfNoMachineIsNotKept(t *testing.T) {
	var b Book
	for _, client := range []string{"", "192.168.9.100", "pc"} {
		b.Record(event.Event{Kind: event.Got, Client: client})
	}
	if all := b.Machines(); len(all) > 0 {
		t.Errorf("%v", all)
	}
}

func TestThereIsRoomForWhoWasHeardLast(t *testing.T) {
	var b Book
	for n := range bound + 3 {
		b.Record(event.Event{Kind: event.Discover, Client: stranger(n), Time: start.Add(time.Duration(n))})
	}
	all := b.Machines()
	if len(all) != bound || all[0].MAC != "02:00:00:00:00:03" {
		t.Errorf("%d machines, the first %s", len(all), all[0].MAC)
	}
	for _, want := range []bool{true, false} {
		if known, err := b.Forget(all[0].MAC); known != want || err != nil {
			t.Errorf("a machine is forgotten once, and is known: %v, %v", known, err)
		}
	}
	if n := b.Len(); n != bound-1 {
		t.Errorf("%d machines are left", n)
	}
}

func TestManyMachinesAtOnce(t *testing.T) {
	var b Book
	var all sync.WaitGroup
	for n := range 200 {
		all.Go(func() {
			for _, s := range []step{discover(0, firmware), fact(event.Offer, "pxelinux.0", 0, ""), fact(event.Got, "pxelinux.0", 42_000, "")} {
				s.Client = fmt.Sprintf("02:00:00:00:00:%02x", n)
				b.Record(s.Event)
				b.Machines()
			}
		})
	}
	all.Wait()
	for _, m := range b.Machines() {
		if got := m.Boot.Line(); got != "given pxelinux.0; got 1 file of 42 kB, at last pxelinux.0" {
			t.Errorf("%s: %s", m.MAC, got)
		}
	}
	if n := b.Len(); n != 200 {
		t.Errorf("%d machines", n)
	}
}

// The founding chains, as real machines booted them: what the server saw of each is one line.
func TestARealBootIsOneLine(t *testing.T) {
	for chain, want := range map[string]string{
		"ubuntu":    "given pxelinux.0; got 32 files of 49.5 MB, at last initrd.gz",
		"xenserver": "given pxelinux.0; got 8 files of 50.6 MB, at last install.img",
	} {
		data, err := os.ReadFile("../../internal/teller/testdata/" + chain + ".json")
		if err != nil {
			t.Fatal(err)
		}
		var b Book
		for line := range strings.Lines(string(data)) {
			var e event.Event
			if err := json.Unmarshal([]byte(line), &e); err != nil {
				t.Fatal(err)
			}
			if e.Source == "server" && e.Client != "" {
				e.Client = mac
				b.Record(e)
			}
		}
		m := b.Machines()[0]
		if diff := cmp.Diff(want, m.Boot.Line()); diff != "" || m.Boots != 1 || m.Arch != "x86PC (0)" {
			t.Errorf("%s: %d boots of %s (-want +got):\n%s", chain, m.Boots, m.Arch, diff)
		}
	}
}

func stranger(n int) string { return fmt.Sprintf("02:00:00:00:%02x:%02x", n>>8, n&255) }
