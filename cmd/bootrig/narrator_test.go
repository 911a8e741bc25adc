package main

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/wire/event"
)

func TestNarratorTellsABootInReadableLines(t *testing.T) {
	var out strings.Builder
	n := &narrator{w: &out}
	start := time.Date(2026, 1, 2, 15, 4, 5, 0, time.UTC)
	const mac, addr = "52:54:00:12:34:56", "192.168.9.100"
	for _, f := range []struct {
		after time.Duration
		event.Event
	}{
		{0, event.Event{Kind: event.Ready, Text: "DHCP on eth0 192.168.9.2/24"}},
		{0, event.Event{Kind: event.Discover, Client: mac, Attrs: `class=PXEClient:Arch:00000:UNDI:002001 arch="x86PC (0)"`}},
		{0, event.Event{Kind: event.Offer, Client: mac, Path: "pxelinux.0", Rule: "dnsmasq.conf:5", Text: "a menu of 1", Attrs: "siaddr=192.168.9.2"}},
		{0, event.Event{Kind: event.Ignore, Client: mac, Rule: "built-in", Text: "not for us", Attrs: "of=request"}},
		{0, event.Event{Kind: event.Ignore, Client: mac, Rule: "built-in", Text: "not for us", Attrs: "of=request"}},
		{0, event.Event{Kind: event.BootRequest, Client: mac, Attrs: "class=PXEClient item=32768.0"}},
		{0, event.Event{Kind: event.RRQ, Client: addr, Xfer: 1, Path: "pxelinux.0"}},
		{10 * time.Millisecond, event.Event{Kind: event.Got, Client: addr, Xfer: 1, Path: "pxelinux.0", Bytes: 42430}},
		{0, event.Event{Kind: event.RRQ, Client: addr, Xfer: 2, Path: "nosuch"}},
		{0, event.Event{Kind: event.Miss, Client: addr, Xfer: 2, Path: "nosuch"}},
		{0, event.Event{Kind: event.RRQ, Client: addr, Xfer: 3, Path: "initrd.gz"}},
		{0, event.Event{Kind: event.OACK, Client: addr, Xfer: 3, Path: "initrd.gz", Attrs: `options="tsize 41000000 blksize 1408"`}},
		{500 * time.Millisecond, event.Event{Kind: event.Data, Client: addr, Xfer: 3, Path: "initrd.gz", Bytes: 1 << 20}},
		{500 * time.Millisecond, event.Event{Kind: event.Data, Client: addr, Xfer: 3, Path: "initrd.gz", Bytes: 2 << 20}},
		{500 * time.Millisecond, event.Event{Kind: event.Data, Client: addr, Xfer: 3, Path: "initrd.gz", Bytes: 3 << 20}},
		{500 * time.Millisecond, event.Event{Kind: event.Got, Client: addr, Xfer: 3, Path: "initrd.gz", Bytes: 41000000}},
		{0, event.Event{Kind: event.RRQ, Client: addr, Xfer: 4, Path: "grub.efi"}},
		{0, event.Event{Kind: event.Abort, Client: addr, Xfer: 4, Path: "grub.efi", Text: "User aborted the transfer"}},
		{0, event.Event{Kind: event.HTTPResponse, Client: addr, Path: "/install.img", Code: 200, Bytes: 500}},
		{0, event.Event{Kind: event.Fault, Text: "tftp: no route"}},
		{0, event.Event{Kind: event.Ignore, Rule: "built-in", Text: "7 bytes are no DHCP packet"}},
	} {
		start = start.Add(f.after)
		f.Time = start
		n.Record(f.Event)
	}
	want := `
15:04:05 -                 ready: DHCP on eth0 192.168.9.2/24
15:04:05 52:54:00:12:34:56 DISCOVER x86PC (0) PXEClient:Arch:00000:UNDI:002001
15:04:05 52:54:00:12:34:56 OFFER pxelinux.0 siaddr 192.168.9.2 (a menu of 1, dnsmasq.conf:5)
15:04:05 52:54:00:12:34:56 no answer to REQUEST: not for us (built-in)
15:04:05 52:54:00:12:34:56 BOOT-REQUEST PXEClient item 32768.0
15:04:05 192.168.9.100     pxelinux.0 42 kB in 0.01s
15:04:05 192.168.9.100     nosuch is not there
15:04:06 192.168.9.100     initrd.gz 2.1 MB of 41.0 MB
15:04:07 192.168.9.100     initrd.gz 41.0 MB in 2.00s
15:04:07 192.168.9.100     grub.efi stopped by the client after 0 bytes: User aborted the transfer
15:04:07 192.168.9.100     /install.img 200 500 bytes
15:04:07 -                 fault: tftp: no route
15:04:07 -                 no answer to a packet: 7 bytes are no DHCP packet (built-in)
`
	if diff := cmp.Diff(strings.TrimPrefix(want, "\n"), out.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(n.files) != 0 {
		t.Errorf("%d transfers are remembered after their end", len(n.files))
	}
}

func TestNarratorIsQuietAboutMissingFilesIfAsked(t *testing.T) {
	var out strings.Builder
	n := &narrator{w: &out, quiet: true}
	n.Record(event.Event{Kind: event.RRQ, Xfer: 2, Path: "nosuch"})
	n.Record(event.Event{Kind: event.Miss, Xfer: 2, Path: "nosuch"})
	if out.Len() > 0 || len(n.files) > 0 {
		t.Errorf("told %q, %d files are on their way", out.String(), len(n.files))
	}
}
