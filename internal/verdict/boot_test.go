package verdict

import (
	"net/netip"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/bootrig/bootrig/wire/event"
)

const house, server = "192.168.9.1:67", "192.168.9.2:67"

var start = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

// tell makes facts of lines, a second apart: a kind, a peer or -, a path or -, attributes, and behind | a text. A line
// that begins with a duration comes so much later.
func tell(t *testing.T, source, lines string) (facts []event.Event) {
	t.Helper()
	at := start
	for line := range strings.Lines(lines) {
		line, text, _ := strings.Cut(strings.TrimSpace(line), " | ")
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		wait := time.Second
		if d, err := time.ParseDuration(words[0]); err == nil {
			wait, words = d, words[1:]
		}
		at = at.Add(wait)
		words = append(words, "-", "-")
		e := event.Event{Time: at, Source: source, Client: "pc", Kind: event.Kind(words[0]), Text: text}
		switch e.Kind {
		case event.Error, event.Handoff:
			e.Source = "guest"
		case event.Ignore, event.Installed:
			e.Source = "server"
		case "server-miss":
			e.Source, e.Kind = "server", event.Miss
		}
		if words[1] != "-" {
			e.Peer = netip.MustParseAddrPort(words[1])
		}
		if words[2] != "-" {
			e.Path = words[2]
		}
		attrs := words[min(3, len(words)):]
		for i, word := range attrs {
			attrs[i] = strings.Trim(word, "-")
		}
		e.Attrs = event.Attributes(strings.TrimSpace(strings.Join(attrs, " ")))
		e.Rule = e.Attr("rule")
		e.Code = map[event.Kind]int{event.Miss: 1, event.TFTPError: 2}[e.Kind]
		if code := e.Attr("code"); code != "" {
			e.Code = number(code)
		}
		facts = append(facts, e)
	}
	return facts
}

// Conversations that several tests begin with. The first three words of a line are kind, peer and path.
const (
	bios = "discover - - class=PXEClient:Arch:00000:UNDI:002001 arch=0\n"
	uefi = "discover - - class=PXEClient:Arch:00007:UNDI:003000 arch=7\n"
	ipxe = "discover - - class=PXEClient:Arch:00007:UNDI:003010 arch=7 userclass=iPXE\n"

	direct = "offer " + server + " pxelinux.0 class=PXEClient server=192.168.9.2 siaddr=192.168.9.2 vendor=060108ff\n"
	asks   = "offer " + server + " - class=PXEClient server=192.168.9.2 siaddr=192.168.9.2\n"
	leases = "offer " + house + " - server=192.168.9.1 yiaddr=192.168.9.100 siaddr=192.168.9.1\n"
	wants  = "request - - server=192.168.9.1\n"
	acked  = "ack " + house + " - server=192.168.9.1 yiaddr=192.168.9.100 router=192.168.9.1\n"

	toPXE  = bios + direct + leases + wants + acked
	loaded = toPXE + "rrq 192.168.9.2:69 pxelinux.0\noack 192.168.9.2:69 pxelinux.0\ngot 192.168.9.2:69 pxelinux.0\n"
	six    = loaded + "got 192.168.9.2:69 ldlinux.c32 is=elf\n"
	menu   = six + "got 192.168.9.2:69 pxelinux.cfg/default\n"

	// The same as a server beside the house hears it.
	heardPXE   = bios + direct + "ignore - - of=request usual=yes server=192.168.9.1 class=PXEClient:Arch:00000 arch=0\n"
	heardAsks  = uefi + asks + "ignore - - of=request usual=yes server=192.168.9.1 class=PXEClient:Arch:00007 arch=7\n"
	heardOther = "heard 192.168.9.3:67 - of=offer class=PXEClient server=192.168.9.3\n"
)

func story(t *testing.T, source, lines string) (*Boot, Story) {
	b := &Boot{Witnessed: source == "wire"}
	if b.Witnessed {
		b.Ours = netip.MustParseAddr("192.168.9.2")
	}
	for _, e := range tell(t, source, lines) {
		b.Take(e)
	}
	return b, b.Story()
}

func TestBootsThatWentWell(t *testing.T) {
	for name, c := range map[string]struct{ source, facts, text string }{
		"as the guest says":                 {"wire", loaded + "handoff - - kind=linux\n", "handed over to linux"},
		"to the next boot device":           {"wire", toPXE + "handoff - - kind=local\n", "handed over to local"},
		"a kernel and its RAM disk":         {"wire", menu + "got 192.168.9.2:69 linux is=linux\ngot 192.168.9.2:69 initrd.gz is=gzip\n", "fetched a kernel"},
		"a server sees the same":            {"server", heardPXE + "got - pxelinux.0\ngot - ldlinux.c32 is=elf\nmiss - pxelinux.cfg/01-52\ngot - pxelinux.cfg/default\ngot - linux\ngot - initrd.gz\n", "fetched a kernel"},
		"Xen":                               {"wire", menu + "got 192.168.9.2:69 mboot.c32 is=elf\ngot 192.168.9.2:69 xen.gz\ngot 192.168.9.2:69 vmlinuz\ngot 192.168.9.2:69 install.img\n", "fetched a kernel"},
		"a program that is all":             {"server", heardAsks + "proxy-request\nproxy-ack - uki.efi siaddr=192.168.9.2\nrrq - uki.efi options=\"tsize-0\"\nabort - uki.efi by=client\nrrq - uki.efi\ngot - uki.efi\n", "it fetched uki.efi, and asked for nothing more"},
		"an installer that has its own":     {"server", heardPXE + "got - pxelinux.0\ngot - linux\ngot - initrd.gz\n20s discover - - class=d-i\nhttp-request - /dists\nhttp-response - /dists code=404\nhttp-request - /debs\nhttp-response - /debs code=200\n", "the system that it fetched runs"},
		"sent to its disk":                  {"server", bios + "offer - - vendor=06010309" + "070000044469736b" + "0a0100ff\n" + wants, "told to boot from its disk"},
		"sent to its disk by HTTP":          {"server", "discover - - class=HTTPClient:Arch:00016 arch=16\noffer - http://192.168.9.2/local-boot\nhttp-request - /local-boot method=HEAD\nhttp-response - /local-boot code=404\n", "told to boot from its disk"},
		"an installer that is done":         {"server", heardPXE + "got - pxelinux.0\ngot - linux\nmiss - initrd\ninstalled\n", "its installer said that it is done"},
		"iPXE, which asks by DHCP again":    {"server", heardAsks + "proxy-ack - ipxe.efi siaddr=192.168.9.2\ngot - ipxe.efi\n" + ipxe + "offer - http://192.168.9.2/boot.ipxe\nhttp-request - /boot.ipxe\nhttp-response - /boot.ipxe code=200\nhttp-request - /linux\nhttp-response - /linux code=200\n", "fetched a kernel"},
		"what shim looks for and lacks":     {"server", heardAsks + "proxy-ack - shimx64.efi\ngot - shimx64.efi\nmiss - revocations.efi\ngot - grubx64.efi\ngot - grub/grub.cfg\ngot - vmlinuz\ngot - initrd.img\n", "fetched a kernel"},
		"by HTTP, where HEAD is the size":   {"server", "discover - - class=HTTPClient:Arch:00016 arch=16\noffer - http://192.168.9.2/a.efi\nhttp-request - /a.efi method=HEAD\nhttp-response - /a.efi code=200\nhttp-request - /a.efi method=GET\nhttp-response - /a.efi code=200\n", "it fetched /a.efi"},
		"what was asked for again and came": {"wire", loaded + "retry 192.168.9.2:69 pxelinux.0 of=rrq\n10s handoff - - kind=program\n", "handed over to program"},
	} {
		if _, s := story(t, c.source, c.facts); !s.Booted() || !strings.Contains(s.Text, c.text) {
			t.Errorf("%s: %s: %s", name, s.ID, s.Text)
		}
	}
}

// TestEveryCauseIsFound has at least one boot for each cause in the table.
func TestEveryCauseIsFound(t *testing.T) {
	found := map[string]bool{}
	for name, c := range faults() {
		b, s := story(t, c.source, c.facts)
		found[c.id] = true
		if s.ID != c.id || !regexp.MustCompile(c.text).MatchString(s.Text) {
			t.Errorf("%s: %s: %s, want %s: %s", name, s.ID, s.Text, c.id, c.text)
			continue
		}
		if _, some := b.Deadline(); !some && s.ID != "no-discover" {
			t.Errorf("%s: nobody would tell it", name)
		}
		if !s.Booted() && s.ID != "boot-loop" && s.ID != "no-discover" && len(s.Causes[0].Evidence) == 0 {
			t.Errorf("%s has no evidence", name)
		}
	}
	for _, c := range Causes() {
		if !found[c.ID] {
			t.Errorf("no test has the cause %s", c.ID)
		}
		if c.Name == "" || c.Shows == "" || c.Fix == "" || c.Source == "" {
			t.Errorf("%s is not told: %+v", c.ID, c)
		}
	}
}

// A ROM asks how large a file is, and the ERROR that ends this is lost: what the server makes of it when the ROM has long
// gone on is no news.
func TestATransferThatWasLeftChangesNothing(t *testing.T) {
	b, _ := story(t, "server", heardAsks+"proxy-request\nproxy-ack - a.efi siaddr=192.168.9.2\n")
	for n, e := range tell(t, "server", "rrq - a.efi\noack - a.efi\nrrq - a.efi\ngot - a.efi\nabort - a.efi by=server\n") {
		e.Xfer = []uint64{1, 1, 2, 2, 1}[n]
		b.Take(e)
	}
	if s := b.Story(); !s.Booted() {
		t.Errorf("%s: %s", s.ID, s.Text)
	}
}

// A wire doubles a request: the machine takes one of the answers, and what becomes of the other is no news.
func TestATransferThatNobodyWantedChangesNothing(t *testing.T) {
	b, _ := story(t, "server", heardAsks+"proxy-request\nproxy-ack - a.efi siaddr=192.168.9.2\n")
	for n, e := range tell(t, "server", "rrq - a.efi\noack - a.efi\nrrq - a.efi\noack - a.efi\ngot - a.efi\nabort - a.efi by=server\n") {
		e.Xfer = []uint64{1, 1, 2, 2, 1, 2}[n]
		b.Take(e)
	}
	if s := b.Story(); !s.Booted() {
		t.Errorf("%s: %s", s.ID, s.Text)
	}
}

// A wire doubles a question, and brings it again when the file has come.
func TestAQuestionThatComesLateChangesNothing(t *testing.T) {
	for _, port := range []string{"1", "2"} {
		b, _ := story(t, "server", heardAsks+"proxy-request\nproxy-ack - a.efi siaddr=192.168.9.2\n")
		facts := "rrq 10.0.0.1:1 a.efi\noack - a.efi\nabort - a.efi by=client\nrrq 10.0.0.1:2 a.efi\noack - a.efi\ngot - a.efi\nrrq 10.0.0.1:" + port + " a.efi\noack - a.efi\nabort - a.efi by=server\n"
		for n, e := range tell(t, "server", facts) {
			e.Xfer = []uint64{1, 1, 1, 2, 2, 2, 3, 3, 3}[n]
			b.Take(e)
		}
		if s := b.Story(); !s.Booted() {
			t.Errorf("from port %s: %s: %s", port, s.ID, s.Text)
		}
	}
}

// It also brings one that the machine gave up while what it asked for since is on its way.
func TestAQuestionThatWasGivenUpChangesNothing(t *testing.T) {
	b, _ := story(t, "server", heardAsks+"proxy-request\nproxy-ack - a.efi siaddr=192.168.9.2\n")
	facts := "rrq 10.0.0.1:1 a.efi\noack - a.efi options=\"blksize 1468\"\nabort - a.efi by=client\nrrq 10.0.0.1:2 a.efi\noack - a.efi options=\"blksize 1468\"\n" +
		"rrq 10.0.0.1:1 a.efi\noack - a.efi options=\"blksize 1468\"\nabort - a.efi by=server sent=all\nabort - a.efi by=server\n"
	for n, e := range tell(t, "server", facts) {
		e.Xfer = []uint64{1, 1, 1, 2, 2, 3, 3, 2, 3}[n]
		b.Take(e)
	}
	if s := b.Story(); !s.Booted() {
		t.Errorf("%s: %s", s.ID, s.Text)
	}
}

func TestASystemThatWantsAnAddressIsNoBoot(t *testing.T) {
	b, _ := story(t, "server", "ignore - - of=discover class=MSFT\nignore - - of=request usual=yes\n")
	if at, some := b.Deadline(); some {
		t.Errorf("it would be told at %s", at)
	}
}

func TestDeadlines(t *testing.T) {
	for name, c := range map[string]struct {
		source, facts string
		want          time.Duration // behind the last fact
	}{
		"firmware waits between its questions":    {"server", bios, 40 * time.Second},
		"iPXE is quicker":                         {"server", ipxe, 15 * time.Second},
		"a program":                               {"server", heardPXE + "got - pxelinux.0\n", time.Minute},
		"behind a kernel":                         {"server", heardPXE + "got - pxelinux.0\ngot - linux\n", 20 * time.Second},
		"at a menu":                               {"server", heardPXE + "got - pxelinux.0\ngot - pxelinux.cfg/default\ngot - menu.c32\n", 2 * time.Minute},
		"a file on its way":                       {"server", heardPXE + "rrq - pxelinux.0\n", 3 * time.Minute},
		"one by HTTP":                             {"server", heardPXE + "got - a.efi\nhttp-request - /linux.iso method=GET\n", time.Hour},
		"questions that go on for ever have none": {"server", bios + direct + "119s " + bios, time.Second},
	} {
		b, _ := story(t, c.source, c.facts)
		if at, _ := b.Deadline(); at.Sub(b.now) != c.want {
			t.Errorf("%s: %s, want %s", name, at.Sub(b.now), c.want)
		}
	}
}

func TestABootIsBounded(t *testing.T) {
	b := &Boot{}
	for n := range 10_000 {
		e := event.Event{Kind: event.Miss, Source: "server", Path: strings.Repeat("x", n%3000), Time: start}
		b.Take(e)
		b.Take(event.Event{Kind: event.Discover, Source: "server", Time: start, Attrs: event.Attrs("class", "PXEClient")})
		b.Take(e)
	}
	if len(b.files) > maxFiles || len(b.heard) > 10 {
		t.Errorf("%d files, %d messages", len(b.files), len(b.heard))
	}
}

// FuzzBoot takes facts in any order: there is no telling what a client sends.
func FuzzBoot(f *testing.F) {
	f.Add("discover offer request got miss", true)
	kinds := event.Kinds()
	f.Fuzz(func(_ *testing.T, text string, witnessed bool) {
		b := &Boot{Witnessed: witnessed}
		for n, c := range []byte(text) {
			kind := kinds[int(c)%len(kinds)]
			b.Take(event.Event{Kind: kind, Source: "server", Path: text[:n%7], Code: int(c) * 3, Attrs: event.Attrs("of", string(kinds[n%len(kinds)]), "class", "PXEClient", "arch", text, "vendor", "0901")})
			b.Story()
			b.Deadline()
		}
	})
}

func TestAnOfferIsLateBehindTheRequestForAnAddress(t *testing.T) {
	request, offer := what(event.Request), what(event.Offer)
	for name, c := range map[string]struct {
		heard []what
		late  bool
	}{
		"it came first":               {[]what{offer, request}, false},
		"first, and again":            {[]what{offer, request, offer}, false},
		"behind it":                   {[]what{request, offer}, true},
		"there is no REQUEST":         {[]what{offer}, false},
		"there is no OFFER":           {[]what{request}, false},
		"another server's was before": {[]what{leaseOffer, request, offer}, true},
	} {
		var b Boot
		for _, w := range c.heard {
			b.count(w, event.Event{})
		}
		if got := b.late(); got != c.late {
			t.Errorf("%s: late %v", name, got)
		}
	}
}
