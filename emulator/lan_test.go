package emulator

import (
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/emulator/house"
	"github.com/bootrig/bootrig/emulator/internal/testnet"
	"github.com/bootrig/bootrig/emulator/link"
	"github.com/bootrig/bootrig/emulator/rom"
	"github.com/bootrig/bootrig/emulator/sim"
	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/machine"
)

// onLAN boots a guest on a real switch beside a house and a boot server, in virtual time.
func onLAN(t testing.TB, firmware string, seed uint64, faults link.Faults, tree func(string) ([]byte, bool)) (Result, []event.Event) {
	t.Helper()
	profile, err := rom.Lookup(firmware)
	if err != nil {
		t.Fatal(err)
	}
	lan := link.NewLAN(seed)
	lan.SetFaults(faults)
	lan.Plug("house", house.New(house.Config{Addr: netip.MustParsePrefix("192.168.9.1/24"),
		Reserve: map[[6]byte]netip.Addr{mac6(testMAC): netip.MustParseAddr("192.168.9.100")}}))
	server := net.HardwareAddr{0x52, 0x54, 0, 0, 0, 2}
	lan.Plug("server", link.NewStack(link.StackConfig{MAC: server, Addr: netip.MustParsePrefix("192.168.9.2/24")},
		testnet.NewServer(testnet.New(tree))))
	var journal event.Journal
	guest := NewGuest(GuestConfig{Name: "pc", Profile: profile, MAC: testMAC, Seed: seed, Events: &journal})
	defer guest.Close()
	stack := link.NewStack(link.StackConfig{MAC: testMAC}, guest)
	port := lan.Plug("pc", stack)
	world := sim.New(lan, testnet.Start())
	stack.Receive(world.Now(), machine.Reset{})
	lan.Poke(world.Now(), port)
	world.Run(world.Now().Add(time.Hour), func() bool { _, ok := guest.Done(); return ok })
	result, ok := guest.Done()
	facts, _ := journal.After(0)
	if !ok {
		t.Fatalf("seed %d: the boot has not ended:\n%s", seed, texts(facts))
	}
	return result, facts
}

// ubuntu is a chain of the size that the seeds run: kernel and initrd of 1 MiB.
func ubuntu() map[string]string {
	tree := smallTree()
	tree["linux"] = string(kernel(1 << 20))
	tree["initrd.gz"] = strings.Repeat("i", 1<<20)
	return tree
}

func TestBothFirmwaresBootOnALANBesideAHouse(t *testing.T) {
	for _, firmware := range []string{"ipxe-bios", "intel-undi"} {
		result, facts := onLAN(t, firmware, 1, link.Faults{}, files(smallTree()))
		if result.Failure != nil {
			t.Errorf("%s: %v\n%s", firmware, result.Failure, texts(facts))
		}
	}
}

func TestUnderLossAGuestBootsOrSaysThatItsPatienceRanOut(t *testing.T) {
	seeds := uint64(12)
	if testing.Short() {
		seeds = 3
	}
	faults := link.Faults{Loss: 0.02, Duplicate: 0.01, Reorder: 0.02}
	tree := files(ubuntu())
	impatient := 0
	for seed := range seeds {
		result, facts := onLAN(t, "ipxe-bios", seed, faults, tree)
		switch {
		case result.Failure == nil:
		case result.Failure.Patience:
			impatient++
		default:
			t.Errorf("seed %d: %v\n%s", seed, result.Failure, texts(facts))
		}
	}
	t.Logf("%d of %d boots ran out of patience", impatient, seeds)
}

func TestASeedReplaysToTheSameFacts(t *testing.T) {
	faults := link.Faults{Loss: 0.05, Duplicate: 0.02, Reorder: 0.05}
	_, first := onLAN(t, "ipxe-bios", 7, faults, files(smallTree()))
	_, again := onLAN(t, "ipxe-bios", 7, faults, files(smallTree()))
	if diff := cmp.Diff(texts(first), texts(again)); diff != "" {
		t.Errorf("the second run differs:\n%s", diff)
	}
}

func BenchmarkUbuntuChain(b *testing.B) {
	tree := files(ubuntu())
	b.ReportAllocs()
	for i := range b.N {
		onLAN(b, "ipxe-bios", uint64(i), link.Faults{Loss: 0.02, Duplicate: 0.01, Reorder: 0.02}, tree)
	}
}
