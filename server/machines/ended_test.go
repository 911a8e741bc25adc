package machines

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/wire/event"
)

// lines are the verdicts as a log has them.
func lines(facts []event.Event) (all []string) {
	for _, e := range facts {
		all = append(all, fmt.Sprintf("%s %s %s was=%s", e.Kind, e.Client, e.Attr("id"), e.Attr("was")))
	}
	return all
}

// boot is a chain up to its kernel.
func boot() []step {
	request := fact(event.Ignore, "", 0, "")
	request.Attrs = event.Attrs("of", "request", "usual", "yes")
	return []step{discover(0, firmware), fact(event.Offer, "pxelinux.0", 0, ""), request,
		fact(event.RRQ, "pxelinux.0", 0, ""), fact(event.Got, "pxelinux.0", 42_000, ""), fact(event.Got, "ldlinux.c32", 100_000, ""), fact(event.Got, "pxelinux.cfg/default", 100, "")}
}

// asks is a question by its number.
func asks(after time.Duration, xid string) step {
	s := discover(after, firmware)
	s.Attrs = event.Attrs("arch", "x86PC (0)", "class", firmware, "xid", xid)
	return s
}

// uefi is a question of EDK2, of which the class is another for each of its ways to boot.
func uefi(after time.Duration, class string) step {
	s := discover(after, class)
	s.Attrs = event.Attrs("arch", "x86-64_EFI (7)", "class", class)
	return s
}

func TestABootEndsWhenNothingMoreIsToBeExpected(t *testing.T) {
	kernel, initrd := fact(event.Got, "linux", 8_000_000, ""), fact(event.Got, "initrd.gz", 40_000_000, "")
	menu := fact(event.Got, "menu.c32", 20_000, "")
	late := kernel
	late.after = 20 * time.Minute
	for name, c := range map[string]struct {
		steps []step
		wait  time.Duration
		want  []string
		line  string
	}{
		"not before": {append(boot(), kernel, initrd), 19 * time.Second, nil, "given pxelinux.0; got 5 files of 48.1 MB, at last initrd.gz"},
		"then it does": {append(boot(), kernel, initrd), 20 * time.Second, []string{"verdict " + mac + " booted was="},
			"given pxelinux.0; got 5 files of 48.1 MB, at last initrd.gz; booted"},
		"what is missing is named": {append(boot(), kernel, fact(event.Miss, "initrd.gz", 0, "")), time.Minute, []string{"verdict " + mac + " file-missing was="},
			"given pxelinux.0; got 4 files of 8.1 MB, at last linux; file-missing: the server has no initrd.gz (TFTP ERROR 1)"},
		"at a menu it is waited for longer": {append(boot(), menu), time.Minute, nil, "given pxelinux.0; got 4 files of 162 kB, at last menu.c32"},
		"a reset at the menu ends it at once": {append(boot(), menu, discover(time.Second, firmware), fact(event.Offer, "pxelinux.0", 0, "")), 0,
			[]string{"verdict " + mac + " came-back was="}, "given pxelinux.0; fetched nothing"},
		"and the next boot is one of its own": {append(boot(), kernel, discover(time.Second, firmware), fact(event.Offer, "pxelinux.0", 0, "")), time.Minute,
			[]string{"verdict " + mac + " booted was=", "verdict " + mac + " no-lease was="}, "given pxelinux.0; no-lease: no DHCP server offers an address: the boot server answered one time, and the machine asked for no address"},
		"a system that wants an address is no boot": {[]step{discover(0, "MSFT 5.0")}, time.Hour, nil, "was told nothing"},
		"a choice made late is a difference":        {append(boot(), menu, late), time.Hour, []string{"verdict " + mac + " at-menu was=", "verdict " + mac + " booted was=at-menu"}, "given pxelinux.0; got 5 files of 8.2 MB, at last linux; booted"},
		"firmware that refuses a program is back when it has tried IPv6": {[]step{uefi(0, "PXEClient:Arch:00007"), fact(event.Offer, "a.efi", 0, ""), boot()[2], fact(event.RRQ, "a.efi", 0, ""), fact(event.Got, "a.efi", 12_000, ""), uefi(95*time.Second, "HTTPClient:Arch:00016")}, 0,
			[]string{"verdict " + mac + " booted was=", "verdict " + mac + " came-back was=booted"}, "was told nothing"},
		"one that somebody resets next day is not": {[]step{uefi(0, "PXEClient:Arch:00007"), fact(event.Offer, "a.efi", 0, ""), boot()[2], fact(event.RRQ, "a.efi", 0, ""), fact(event.Got, "a.efi", 12_000, ""), uefi(time.Hour, "PXEClient:Arch:00007")}, 0,
			[]string{"verdict " + mac + " booted was="}, "was told nothing"},
		"a question that the wire doubled begins nothing": {append(append([]step{asks(0, "0x1")}, boot()[1:]...), kernel, asks(20*time.Millisecond, "0x1"), fact(event.Offer, "pxelinux.0", 0, "")), time.Minute,
			[]string{"verdict " + mac + " booted was="}, "given pxelinux.0; got 4 files of 8.1 MB, at last linux; booted"},
		"one that was heard elsewhere as well neither": {append(append([]step{asks(0, "0x1"), asks(0, "0x1")}, boot()[1:]...), kernel), time.Minute,
			[]string{"verdict " + mac + " booted was="}, "given pxelinux.0; got 4 files of 8.1 MB, at last linux; booted"},
		"another one does": {append(append([]step{asks(0, "0x1")}, boot()[1:]...), kernel, asks(20*time.Millisecond, "0x2"), fact(event.Offer, "pxelinux.0", 0, "")), time.Minute,
			[]string{"verdict " + mac + " booted was=", "verdict " + mac + " no-lease was="}, "given pxelinux.0; no-lease: no DHCP server offers an address: the boot server answered one time, and the machine asked for no address"},
		"and one of a machine that has no other": {append(append([]step{asks(0, "0x1")}, boot()[1:]...), kernel, asks(15*time.Second, "0x1"), fact(event.Offer, "pxelinux.0", 0, "")), time.Minute,
			[]string{"verdict " + mac + " booted was=", "verdict " + mac + " no-lease was="}, "given pxelinux.0; no-lease: no DHCP server offers an address: the boot server answered one time, and the machine asked for no address"},
	} {
		var b Book
		var said []event.Event
		at := start
		for _, s := range c.steps {
			end := at.Add(s.after)
			for ; at.Before(end); at = at.Add(time.Second) { // as the ticker has it
				said = append(said, b.Expire(at)...)
			}
			at = end
			s.Time = at
			b.Record(s.Event)
		}
		said = append(said, b.Expire(at.Add(c.wait))...)
		if diff := cmp.Diff(c.want, lines(said)); diff != "" {
			t.Errorf("%s: told (-want +got):\n%s", name, diff)
		}
		if diff := cmp.Diff(c.line, b.Machines()[0].Boot.Line()); diff != "" {
			t.Errorf("%s: (-want +got):\n%s", name, diff)
		}
		if again := b.Expire(at.Add(24 * time.Hour)); len(c.want) > 0 && c.wait > 0 && len(again) > 0 {
			t.Errorf("%s: told twice: %v", name, lines(again))
		}
	}
}

// What is heard of others' servers is no machine of ours, but tells of ours.
func TestOthersServersAreHeard(t *testing.T) {
	var b Book
	heard := fact(event.Heard, "evil.0", 0, "")
	heard.Attrs = event.Attrs("of", "offer", "server", "192.168.9.3", "class", "PXEClient")
	b.Record(heard.Event)
	if b.Len() > 0 {
		t.Error("who never asked us is no machine")
	}
	steps := boot()
	for i, s := range append(steps[:2:2], heard, steps[2]) {
		s.Time = start.Add(time.Duration(i) * time.Second)
		b.Record(s.Event)
	}
	b.Expire(start.Add(time.Hour))
	if m := b.Machines()[0]; m.Boot.Verdict != "second-proxy" {
		t.Errorf("%s", m.Boot.Line())
	}
}

// A machine whose kernel resets it boots again and again: the third time the server says so.
func TestAMachineThatBootsAgainAndAgain(t *testing.T) {
	var b Book
	var said []event.Event
	at := start
	for range 4 {
		steps := append(boot(), fact(event.Got, "linux", 8_000_000, ""), fact(event.Got, "initrd.gz", 40_000_000, ""))
		for _, s := range steps {
			s.Time = at
			b.Record(s.Event)
		}
		for range 90 {
			at = at.Add(time.Second)
			said = append(said, b.Expire(at)...)
		}
	}
	booted, loop := "verdict "+mac+" booted was=", "verdict "+mac+" reboot-loop was="
	if diff := cmp.Diff([]string{booted, booted, loop, loop}, lines(said)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	want := "given pxelinux.0; got 5 files of 48.1 MB, at last initrd.gz; reboot-loop: the machine boots linux again and again: 4 times, one every 1m30s"
	if diff := cmp.Diff(want, b.Machines()[0].Boot.Line()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
