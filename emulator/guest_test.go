package emulator

import (
	"encoding/binary"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/bootrig/bootrig/emulator/internal/testnet"
	"github.com/bootrig/bootrig/emulator/rom"
	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/machine"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var testMAC = net.HardwareAddr{0x52, 0x54, 0, 0x12, 0x34, 0x56}

// boot runs a guest from power on to its result, pressing the keys once nothing else happens.
func boot(t *testing.T, cfg GuestConfig, n *testnet.Net, keys ...machine.Key) (Result, []event.Event) {
	t.Helper()
	var journal event.Journal
	cfg.Name, cfg.Events = "pc", &journal
	if cfg.MAC == nil {
		cfg.MAC = testMAC
	}
	if cfg.Profile.Name == "" {
		var err error
		if cfg.Profile, err = rom.Lookup("ipxe-bios"); err != nil {
			t.Fatal(err)
		}
	}
	g := NewGuest(cfg)
	defer g.Close()
	now := testnet.Start()
	end := now.Add(time.Hour)
	done := func() bool { _, ok := g.Done(); return ok }
	g.Receive(now, machine.Reset{})
	now = n.Run(g, now, end, done)
	for _, k := range keys {
		g.Receive(now, k)
		now = n.Run(g, now, end, done)
	}
	result, ok := g.Done()
	facts, _ := journal.After(0)
	if !ok {
		t.Fatalf("the boot has not ended; requests:\n%s\nfacts:\n%s", strings.Join(n.Log, "\n"), texts(facts))
	}
	return result, facts
}

func texts(facts []event.Event) string {
	var b strings.Builder
	for _, e := range facts {
		b.WriteString(string(e.Kind) + " " + e.Text + " " + string(e.Attrs) + "\n")
	}
	return b.String()
}

// kernel is the smallest file that pxelinux starts: boot sector, header, and as long as it says.
func kernel(size int) []byte {
	k := make([]byte, size)
	k[0x1f1] = 3
	k[510], k[511] = 0x55, 0xaa
	copy(k[0x202:], "HdrS\x0f\x02")
	binary.LittleEndian.PutUint32(k[0x1f4:], uint32((size-4*512)/16))
	return k
}

// files is a tree in memory.
func files(tree map[string]string) func(string) ([]byte, bool) {
	return func(name string) ([]byte, bool) {
		content, ok := tree[name]
		return []byte(content), ok
	}
}

// elf is an ELF32 module without libraries, as far as a loader looks.
func elf() string {
	h := make([]byte, 52)
	copy(h, "\x7fELF\x01\x01\x01")
	h[16], h[18], h[20] = 3, 3, 1
	h[40] = 52
	return string(h)
}

func smallTree() map[string]string {
	return map[string]string{
		"pxelinux.0":           "....PXELINUX 6.04 PXE 20200816 \x00....",
		"ldlinux.c32":          elf(),
		"pxelinux.cfg/default": "default install\nlabel install\n kernel linux\n append vga=788 --- console=ttyS0\n initrd initrd.gz\n",
		"linux":                string(kernel(20000)),
		"initrd.gz":            strings.Repeat("initrd", 3000),
	}
}

func TestAGuestBootsLinuxThroughMenuAndPxelinux(t *testing.T) {
	n := testnet.New(files(smallTree()))
	result, facts := boot(t, GuestConfig{}, n)
	if result.Failure != nil {
		t.Fatalf("failed: %v", result.Failure)
	}
	want := []string{
		"stage 0 ipxe-bios", "stage 1 pxelinux 6",
		"cmdline 1 BOOT_IMAGE=linux vga=788 --- console=ttyS0 initrd=initrd.gz",
		"handoff 1 ",
	}
	var got []string
	for _, e := range facts {
		if e.Source != "guest" || e.Client != "pc" {
			t.Errorf("fact %+v is not signed by the guest", e)
		}
		if e.Kind != event.Console {
			got = append(got, string(e.Kind)+" "+string(rune('0'+e.Stage))+" "+e.Text)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("facts (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(n.Log[len(n.Log)-2:], n.Got[len(n.Got)-2:]); diff != "" || len(n.Got) != 5 {
		t.Errorf("%d files were acknowledged to the last block, want 5; the last two (-asked +got):\n%s", len(n.Got), diff)
	}
	if len(result.Handoff.Modules) != 2 || result.Handoff.Modules[1].Size != 18000 {
		t.Errorf("modules = %+v", result.Handoff.Modules)
	}
}

func TestAResetStartsOver(t *testing.T) {
	profile, _ := rom.Lookup("ipxe-bios")
	g := NewGuest(GuestConfig{Profile: profile, MAC: testMAC})
	defer g.Close()
	n := testnet.New(files(smallTree()))
	now := testnet.Start()
	for range 3 {
		n.Log = nil
		g.Receive(now, machine.Reset{})
		if _, ok := g.Done(); ok {
			t.Fatal("done before anything was sent")
		}
		n.Drop = func(bool, machine.Datagram) bool { return len(n.Log) == 3 } // in the middle of pxelinux
		now = n.Run(g, now, now.Add(time.Second), func() bool { return false })
		n.Drop = nil
		g.Receive(now, machine.Reset{})
		now = n.Run(g, now, now.Add(time.Hour), func() bool { _, ok := g.Done(); return ok })
		if result, ok := g.Done(); !ok || result.Failure != nil || result.Stage != 1 {
			t.Fatalf("result %+v, %t", result, ok)
		}
	}
}

// TestAMachineThatIsOffIsSilent switches one off that waits for an answer, and knocks.
func TestAMachineThatIsOffIsSilent(t *testing.T) {
	profile, _ := rom.Lookup("ipxe-bios")
	g := NewGuest(GuestConfig{Profile: profile, MAC: testMAC})
	now := testnet.Start()
	g.Receive(now, machine.Reset{})
	if _, talks := g.Next(); !talks {
		t.Fatal("it does not boot")
	}
	g.Receive(now, machine.PowerOff{})
	g.Receive(now, machine.Key("ret"))
	g.Receive(now, machine.Datagram{})
	if d, talks := g.Next(); talks {
		t.Errorf("it sends %+v", d)
	}
	if at, waits := g.Deadline(); waits {
		t.Errorf("it waits until %s", at)
	}
	if r, done := g.Done(); !done || r.Handoff != nil || r.Failure != nil {
		t.Errorf("its boot ended: %v, with %+v; want no result", done, r)
	}
	g.Receive(now, machine.Reset{})
	defer g.Close()
	if _, talks := g.Next(); !talks {
		t.Error("it does not boot when it is switched on again")
	}
}

func TestAUEFIProgramIsRefusedInTheWordsOfTheROM(t *testing.T) {
	tree := smallTree()
	tree["pxelinux.0"] = "MZ..."
	result, _ := boot(t, GuestConfig{}, testnet.New(files(tree)))
	want := "Could not boot image: Exec format error (http://ipxe.org/2e008001): pxelinux.0: it is a UEFI program and this is a BIOS machine"
	if result.Failure == nil || result.Failure.Error() != want {
		t.Errorf("failure = %v, want %s", result.Failure, want)
	}
}
