package main

import (
	"context"
	"net"
	"net/netip"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/emulator"
	"github.com/bootrig/bootrig/emulator/rom"
	"github.com/bootrig/bootrig/server"
	"github.com/bootrig/bootrig/server/config/dnsmasq"
	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/machines"
	"github.com/bootrig/bootrig/wire/event"
)

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Scripted machines of every kind are marked, and switched on twice, the second time in the moment after they have
// fetched their program.
func TestScriptedMachinesAreInstalledOnce(t *testing.T) {
	settings, err := dnsmasq.Parse("dnsmasq.conf", []byte("dhcp-range=192.168.9.0,proxy\ndhcp-boot=tag:install,install\ndhcp-boot=tag:!install,disk\nenable-tftp\ntftp-root=/lab\n"))
	ok(t, err)
	var owners sync.Map // what the ARP table would know
	lab, err := emulator.NewLab(emulator.LabConfig{Events: event.Func(func(e event.Event) {
		if mac, err := net.ParseMAC(e.Client); err == nil && e.Kind == event.Ack {
			owners.Store(e.Attr("yiaddr"), mac)
		}
	})})
	ok(t, err)
	defer lab.Close()
	neighbor := func(_ string, addr netip.Addr) (net.HardwareAddr, bool) {
		mac, known := owners.Load(addr.String())
		if !known {
			return nil, false
		}
		return mac.(net.HardwareAddr), true
	}
	var book machines.Book
	at := netip.MustParsePrefix("192.168.9.2/24")
	tree := content.FS(fstest.MapFS{"install": {Data: make([]byte, 9000)}, "disk": {Data: make([]byte, 9000)}}, "/lab")
	own, err := server.New(server.Config{Links: []dhcp.Link{{Name: "eth0", Prefix: at}}, Settings: *settings, Tree: tree, Events: &book, Machines: &book, Neighbor: neighbor})
	ok(t, err)
	_, err = lab.Machine(emulator.HostConfig{Addr: at, Listens: own.Listens}, own.Machine())
	ok(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var all sync.WaitGroup
	for n, profile := range rom.Profiles() {
		if profile.HTTP.Boot {
			continue // what it is given is a file
		}
		all.Go(func() {
			mac := net.HardwareAddr{0x52, 0x54, 0, 0, 0, byte(0x10 + n)}
			var given []string
			ok(t, book.Once(mac.String(), []string{"install"}, "", time.Now()))
			for i := range 2 {
				// What it fetched is no program to UEFI machines, which say so and end.
				_, _ = lab.Boot(ctx, emulator.GuestConfig{Name: mac.String(), Profile: profile, MAC: mac, Seed: uint64(i), FirmwareOnly: true})
				for _, m := range book.Machines() {
					if m.MAC == mac.String() {
						given = append(given, m.Boot.Given)
					}
				}
			}
			if diff := cmp.Diff([]string{"install", "disk"}, given); diff != "" {
				t.Errorf("%s is given (-want +got):\n%s", profile.Name, diff)
			}
		})
	}
	all.Wait()
	for _, m := range book.Machines() {
		if m.Boots != 2 || m.Mark != nil {
			t.Errorf("%s has booted %d times, and is marked %v", m.MAC, m.Boots, m.Mark)
		}
	}
}
