package emulator

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bootrig/bootrig/emulator/house"
	"github.com/bootrig/bootrig/emulator/internal/testnet"
	"github.com/bootrig/bootrig/emulator/link"
	"github.com/bootrig/bootrig/emulator/rom"
	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/machine"
)

func newLab(t *testing.T, cfg LabConfig) *Lab {
	t.Helper()
	l, err := NewLab(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return l
}

func profile(t *testing.T, name string) rom.Profile {
	t.Helper()
	p, err := rom.Lookup(name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// serverAt is where the boot servers of these tests are.
var serverAt = netip.MustParsePrefix("192.168.9.2/24")

// withServer is a lab with the house and a boot server beside it.
func withServer(t *testing.T, cfg LabConfig, tree map[string]string) *Lab {
	t.Helper()
	l := newLab(t, cfg)
	if _, err := l.Machine(HostConfig{Name: "server", Addr: serverAt}, testnet.NewServer(testnet.New(files(tree)))); err != nil {
		t.Fatal(err)
	}
	return l
}

func TestAGuestBootsOnALabBesideTheHouse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var journal event.Journal
		l := withServer(t, LabConfig{
			Events: &journal, House: house.Config{Reserve: map[[6]byte]netip.Addr{mac6(testMAC): netip.MustParseAddr("192.168.9.100")}},
		}, smallTree())
		cfg := GuestConfig{Name: "pc", Profile: profile(t, "ipxe-bios"), MAC: testMAC}
		for range 2 { // its name and MAC are free again
			result, err := l.Boot(t.Context(), cfg)
			if err != nil {
				t.Fatal(err)
			}
			if result.Handoff.Kind != "linux" {
				t.Errorf("it ended with %q, not linux", result.Handoff.Kind)
			}
		}
		facts, _ := journal.After(0)
		said := texts(facts)
		for _, want := range []string{"offer  yiaddr=192.168.9.100", "handoff  kind=linux"} {
			if !strings.Contains(said, want) {
				t.Errorf("nobody told %q:\n%s", want, said)
			}
		}
	})
}

func TestWhatCannotBeOnALabIsToldAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, LabConfig{})
		ipxe := profile(t, "ipxe-bios")
		first, err := l.Start(GuestConfig{Name: "pc", Profile: ipxe, MAC: testMAC})
		if err != nil {
			t.Fatal(err)
		}
		defer first.Close()
		other := net.HardwareAddr{0x52, 0x54, 0, 0, 0, 9}
		guest := func(cfg GuestConfig) error { _, err := l.Start(cfg); return err }
		host := func(addr string) error { _, err := l.Host(HostConfig{Addr: netip.MustParsePrefix(addr)}); return err }
		lab := func(cfg LabConfig) error { _, err := NewLab(cfg); return err }
		bare := func(cfg HostConfig) error { _, err := l.Host(cfg); return err }
		for want, err := range map[string]error{
			"guest: it has no MAC address: set MAC, to 52:54:00:12:34:56 for example":           guest(GuestConfig{Profile: ipxe}),
			"pc: the name pc is taken by pc: give it another":                                   guest(GuestConfig{Name: "pc", Profile: ipxe, MAC: other}),
			"b: the MAC address 52:54:00:12:34:56 is taken by pc: give it another":              guest(GuestConfig{Name: "b", Profile: ipxe, MAC: testMAC}),
			"b: the MAC address 52:54 has 2 bytes, not 6":                                       guest(GuestConfig{Name: "b", Profile: ipxe, MAC: other[:2]}),
			"52:54:00:00:00:09: firmware profile \"\": it has no Name":                          guest(GuestConfig{MAC: other}),
			"192.168.9.1: the address 192.168.9.1 is taken by house: give it another":           host("192.168.9.1/24"),
			"10.0.0.2: its address 10.0.0.2/24 is not in the lab's network, 192.168.9.0/24":     host("10.0.0.2/24"),
			"192.168.9.2: its address 192.168.9.2/16 is not in the lab's network":               host("192.168.9.2/16"),
			"192.168.9.255: its address 192.168.9.255/24 is that of a whole network":            host("192.168.9.255/24"),
			"192.168.9.0: its address 192.168.9.0/24 is that of a whole network":                host("192.168.9.0/24"),
			"server: a host needs an address: set Addr, to 192.168.9.2/24 for example":          bare(HostConfig{Name: "server"}),
			"group: the MAC address 01:00:5e:00:00:01 is one of a group":                        bare(HostConfig{Name: "group", Addr: serverAt, MAC: net.HardwareAddr{1, 0, 0x5e, 0, 0, 1}}),
			"lab: LAN fd00::/64 is no IPv4 network with room for hosts, such as 192.168.9.0/24": lab(LabConfig{LAN: netip.MustParsePrefix("fd00::/64")}),
			"lab: LAN 10.0.0.0/31 is no IPv4 network":                                           lab(LabConfig{LAN: netip.MustParsePrefix("10.0.0.0/31")}),
			"lab: house: its address 10.0.0.1/24 is not in the lab's network, 192.168.9.0/24":   lab(LabConfig{House: house.Config{Addr: netip.MustParsePrefix("10.0.0.1/24")}}),
		} {
			if err == nil || !strings.HasPrefix(err.Error(), want) {
				t.Errorf("got  %v\nwant %s", err, want)
			}
		}
	})
}

func TestABootEndsWithItsContextOrTheLab(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, err := NewLab(LabConfig{})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		cfg := GuestConfig{Name: "pc", Profile: profile(t, "intel-undi"), MAC: testMAC}
		if _, err := l.Boot(ctx, cfg); !errors.Is(err, context.DeadlineExceeded) || !strings.HasPrefix(err.Error(), "pc: the boot has not ended") {
			t.Errorf("Boot: %v", err)
		}
		b, err := l.Start(cfg)
		if err != nil {
			t.Fatal(err)
		}
		go func() { time.Sleep(time.Second); l.Close() }()
		if _, err := b.Wait(t.Context()); err == nil || err.Error() != "pc: the boot has not ended: the lab is at its end" {
			t.Errorf("Wait: %v", err)
		}
		b.Close()
		if _, err := l.Start(GuestConfig{Name: "late", Profile: cfg.Profile, MAC: testMAC}); err == nil {
			t.Error("a lab at its end takes a guest")
		}
	})
}

func TestKeysReachAGuest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tree := smallTree()
		tree["pxelinux.cfg/default"] = "prompt 1\nlabel linux\n kernel linux\n append from the prompt\n initrd initrd.gz\n"
		l := withServer(t, LabConfig{}, tree)
		b, err := l.Start(GuestConfig{Name: "pc", Profile: profile(t, "ipxe-bios"), MAC: testMAC})
		if err != nil {
			t.Fatal(err)
		}
		defer b.Close()
		time.Sleep(time.Minute)
		for _, key := range []string{"l", "i", "n", "u", "x", "ret"} {
			b.Key(key)
		}
		result, err := b.Wait(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if got := result.Handoff.Cmdlines[0]; !strings.Contains(got, "from the prompt") {
			t.Errorf("the kernel was given %q", got)
		}
	})
}

func TestWhatDHCPRepliesGoToIsKnownToTheHost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, LabConfig{NoHouse: true})
		host, err := l.Host(HostConfig{Addr: serverAt})
		if err != nil {
			t.Fatal(err)
		}
		conn, err := host.ListenPacket(67)
		if err != nil {
			t.Fatal(err)
		}
		heard := make(chan struct{}, 1)
		var stack *link.Stack
		l.Do(func(_ time.Time, lan *link.LAN) {
			// No address yet, and nobody who would answer ARP.
			stack = link.NewStack(link.StackConfig{MAC: testMAC}, hears(func() { heard <- struct{}{} }))
			lan.Plug("client", stack)
		})
		reply := testnet.Packet{Type: 2, From: serverAt.Addr(), YIAddr: netip.MustParseAddr("192.168.9.100")}
		request := make([]byte, 240)
		copy(request[28:], testMAC)
		if _, err := conn.WriteTo(reply.Bytes(request), &net.UDPAddr{IP: net.IPv4(192, 168, 9, 100), Port: 68}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		time.Sleep(time.Second)
		select {
		case <-heard:
		default:
			t.Error("the client heard nothing")
		}
	})
}

// hears is a machine that calls itself at every datagram.
type hears func()

func (h hears) Receive(time.Time, machine.Input)  { h() }
func (hears) Expire(time.Time)                    {}
func (hears) Next() (machine.Datagram, bool)      { return machine.Datagram{}, false }
func (hears) Deadline() (at time.Time, have bool) { return at, false }
