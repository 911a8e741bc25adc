package server_test

import (
	"encoding/binary"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/bootrig/bootrig/server"
	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/content/iso9660/isotest"
	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/media/mediatest"
	"github.com/bootrig/bootrig/wire/machine"
)

// A transfer is a client of TFTP that asks for a block when it is told to.
type transfer struct {
	*lab
	client, server netip.AddrPort
	got            string
}

// ask sends a packet to the server, and takes what comes. It tells whether there is more.
func (f *transfer) ask(payload []byte) bool {
	f.m.Receive(time.Unix(0, 0), machine.Datagram{Src: f.client, Dst: f.server, Payload: payload})
	d, ok := f.m.Next()
	if !ok || d.Payload[1] != 3 {
		f.got += " and then silence or an error"
		return false
	}
	f.server = d.Src
	f.got += string(d.Payload[4:])
	return len(d.Payload) == 4+512
}

// end asks for all that is left.
func (f *transfer) end() string {
	for more := true; more; {
		more = f.ask(binary.BigEndian.AppendUint16([]byte{0, 4}, uint16(len(f.got)/512)))
	}
	last := binary.BigEndian.AppendUint16([]byte{0, 4}, uint16(len(f.got)/512+1))
	f.m.Receive(time.Unix(0, 0), machine.Datagram{Src: f.client, Dst: f.server, Payload: last})
	return f.got
}

// Two hundred transfers of an image begin while the configuration is read again and again, now with that image, now with
// another, now with the image replaced. Each goes on to its end as it began.
func TestTransfersOfMediaSurviveFiftyReloads(t *testing.T) {
	const (
		reloads   = 50
		transfers = 200
		file      = "debian-installer/amd64/linux"
	)
	defer goleak.VerifyNone(t)
	images := []string{isotest.Make(t, mediatest.List(t, "debian-netboot-12"), "-R", "-J"), isotest.Make(t, mediatest.List(t, "xcp-ng-8.3.0"), "-R", "-J")}
	data, err := os.ReadFile(images[0])
	if err != nil {
		t.Fatal(err)
	}
	eth0 := []dhcp.Link{card("eth0", 2, "192.168.9.2/24")}
	settings := func(n int) config.Config {
		return config.Config{Media: config.Media{Paths: images[n%2 : n%2+1], Rule: "media"}, Files: images[:1]}
	}
	l := newLab(t, settings(0), eth0...)
	if got := l.boots(t); got != "pxelinux.0" {
		t.Errorf("a BIOS machine boots %q", got)
	}
	var all []*transfer
	most := 0
	for n := range reloads {
		for n%2 == 0 && len(all) < transfers*(n+2)/reloads {
			f := &transfer{lab: l, client: netip.AddrPortFrom(netip.AddrFrom4([4]byte{192, 168, 9, byte(20 + len(all))}), 3000), server: netip.MustParseAddrPort("192.168.9.2:69")}
			f.ask([]byte("\x00\x01" + file + "\x00octet\x00"))
			all = append(all, f)
		}
		if n%10 == 4 {
			if err := os.WriteFile(images[0]+".new", data, 0o644); err != nil {
				t.Fatal(err)
			}
			if err := os.Rename(images[0]+".new", images[0]); err != nil {
				t.Fatal(err)
			}
		}
		if err := l.Change(server.Config{Links: eth0, Settings: settings(n + 1)}); err != nil {
			t.Fatal(err)
		}
		most = max(most, opened(images...))
	}
	if len(all) != transfers {
		t.Fatalf("%d transfers", len(all))
	}
	kernel := string(mediatest.Samples()["kernel-x86_64"])
	for n, f := range all {
		if got := f.end(); got != kernel {
			t.Errorf("transfer %d: %d bytes of %d: %.100q", n, len(got), len(kernel), strings.TrimRight(got, "\x00"))
		}
	}
	for n := range 3 {
		if err := l.Change(server.Config{Links: eth0, Settings: settings(n)}); err != nil {
			t.Fatal(err)
		}
	}
	if left := opened(images...); left > 4 { // of the configuration, and of the one before
		t.Errorf("%d descriptors of images are left of %d", left, most)
	}
}

// opened counts the descriptors of some files, also of those that were replaced.
func opened(files ...string) (n int) {
	all, _ := os.ReadDir("/proc/self/fd")
	for _, fd := range all {
		target, _ := os.Readlink("/proc/self/fd/" + fd.Name())
		for _, file := range files {
			if strings.TrimSuffix(target, " (deleted)") == file {
				n++
			}
		}
	}
	return n
}
