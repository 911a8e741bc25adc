package qemu

import (
	"context"
	"encoding/binary"
	"image/png"
	"io"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/emulator/house"
	"github.com/bootrig/bootrig/emulator/link"
	"github.com/bootrig/bootrig/emulator/tap"
	"github.com/bootrig/bootrig/internal/must"
	"github.com/bootrig/bootrig/wire/event"
)

// patience is how long a real guest may do nothing before a test gives it up. A busy machine of two
// cores needs 6 s at most (iPXE's wait for DHCP included).
const patience = 60 * time.Second

// run starts a real guest, or skips the test where there is no QEMU or no ROM.
func run(t *testing.T, cfg Config) *Guest {
	t.Helper()
	g, err := Start(t.Context(), cfg)
	if err != nil && strings.Contains(err.Error(), install) {
		must.Skip(t, must.QEMU, err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		g.Stop()
		if t.Failed() {
			t.Logf("the console's end:\n%s\nrerun by hand:\n%s", strings.Join(g.Tail(30), "\n"), g.Command())
		}
	})
	return g
}

// await waits for a fact of the guest, as long as there is progress.
func await(t *testing.T, g *Guest, facts *event.Journal, kind event.Kind, text string) {
	t.Helper()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	for seen := uint64(0); ; {
		news, more := facts.After(seen)
		for _, e := range news {
			if seen = e.Seq; e.Kind == kind && strings.Contains(e.Text, text) {
				return
			}
		}
		timer.Reset(patience)
		select {
		case <-more:
		case <-g.Done():
			if news, _ := facts.After(seen); len(news) == 0 {
				t.Fatalf("the guest ended without %s %q: %v", kind, text, g.Wait())
			}
		case <-timer.C:
			t.Fatalf("no %s %q, and nothing new for %v", kind, text, patience)
		}
	}
}

func TestTheBootProgramOnTheRealROM(t *testing.T) {
	for _, nic := range []string{"e1000", "virtio-net-pci"} {
		t.Run(nic, func(t *testing.T) {
			root, dir, facts := t.TempDir(), t.TempDir(), &event.Journal{}
			program, err := os.ReadFile(program)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(root, "bootrig.0"), program, 0o644); err != nil {
				t.Fatal(err)
			}
			// QEMU's own network has no room for a proxy, but its DHCP and TFTP are enough for this.
			g := run(t, Config{Spec: Spec{Name: "pc", NIC: nic, Netdev: "user,tftp=" + root + ",bootfile=bootrig.0"}, Dir: dir, Events: facts})
			start := time.Now()
			await(t, g, facts, event.Console, "bootrig: server 10.0.2.2 address 10.0.2.15 mac 52:54:00:12:34:56")
			t.Logf("the line came after %v", time.Since(start).Round(10*time.Millisecond))
			await(t, g, facts, event.Console, " bytes [PXE-NBP]") // the ROM's last line is whole
			await(t, g, facts, event.Console, "press a key")
			seeTheScreen(t, g)
			if err := g.Key("ret"); err != nil {
				t.Fatal(err)
			}
			await(t, g, facts, event.Console, "bootrig: back to the firmware.")
			await(t, g, facts, event.Error, "the BIOS has no device left to boot from")
			onceEach(t, facts)
			if raw, err := os.ReadFile(filepath.Join(dir, "pc.serial")); err != nil || !strings.Contains(string(raw), "\r\n") {
				t.Errorf("the raw serial line is %q, %v", raw, err)
			}
		})
	}
}

// onceEach checks that the boot program's lines come once, though the BIOS copies the screen to the
// serial line.
func onceEach(t *testing.T, facts *event.Journal) {
	t.Helper()
	var got []string
	all, _ := facts.After(0)
	for _, e := range all {
		if e.Kind == event.Console && (len(got) > 0 || strings.HasPrefix(e.Text, "bootrig: ")) {
			got = append(got, e.Text)
		}
	}
	want := []string{
		"bootrig: server 10.0.2.2 address 10.0.2.15 mac 52:54:00:12:34:56",
		"PXE, DHCP and TFTP work here: this program came by all three.",
		"To boot an operating system, give the server its netboot directory:",
		"    bootrig serve DIRECTORY",
		"bootrig boot program 1.0: press a key to try the next boot device.",
		"bootrig: back to the firmware.",
	}
	if diff := cmp.Diff(want, got[:min(len(want), len(got))]); diff != "" {
		t.Errorf("the program's lines (-want +got):\n%s", diff)
	}
}

func seeTheScreen(t *testing.T, g *Guest) {
	t.Helper()
	text, err := g.Text()
	if err != nil {
		t.Fatal(err)
	}
	if all := strings.Join(text, "\n"); strings.Count(all, "bootrig: server 10.0.2.2") != 1 {
		t.Errorf("the screen says:\n%s", all)
	}
	path := filepath.Join(t.TempDir(), "screen.png")
	if err := g.Screenshot(path); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if picture, err := png.DecodeConfig(file); err != nil || picture.Width < 640 {
		t.Errorf("the screenshot is %v, %v", picture, err)
	}
	if err := g.Key("nosuchkey"); err == nil {
		t.Error("a key that does not exist was pressed")
	}
}

func TestTheWireEndsWithTheMachine(t *testing.T) {
	wire, theirs, err := socketPair("wire")
	if err != nil {
		t.Fatal(err)
	}
	defer wire.Close()
	mac := net.HardwareAddr{0x52, 0x54, 0, 0xaa, 0xbb, 0xcc}
	g := run(t, Config{Spec: Spec{Name: "pc", MAC: mac}, Wire: theirs})
	if err := wire.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	discover := frame(t, wire, func(f []byte) bool { return len(f) > 282 && f[12] == 8 && f[13] == 0 && f[23] == 17 && f[37] == 67 })
	t.Logf("the first DISCOVER came after %v", time.Since(start).Round(10*time.Millisecond))
	if diff := cmp.Diff(mac, net.HardwareAddr(discover[6:12])); diff != "" {
		t.Errorf("its sender (-want +got):\n%s", diff)
	}
	g.Stop()
	if _, err := io.Copy(io.Discard, wire); err != nil {
		t.Errorf("the wire of a machine that is gone: %v", err)
	}
	if err := g.Wait(); err != nil {
		t.Errorf("a machine that was stopped: %v", err)
	}
	if err := g.Key("ret"); err == nil {
		t.Error("a key of a machine that is gone was pressed")
	}
}

func TestARealMachineOnTheSwitchBesideTheHouse(t *testing.T) {
	lan := link.NewLAN(1)
	lan.Plug("house", house.New(house.Config{
		Addr:    netip.MustParsePrefix("192.168.9.1/24"),
		Reserve: map[[6]byte]netip.Addr{{0x52, 0x54, 0, 0x12, 0x34, 0x56}: netip.MustParseAddr("192.168.9.100")},
	}))
	lab := tap.Drive(lan)
	ctx, cancel := context.WithCancel(t.Context())
	ran := make(chan error, 1)
	go func() { ran <- lab.Run(ctx) }()
	defer func() {
		cancel()
		if err := <-ran; err != nil {
			t.Error(err)
		}
	}()
	wire, _, err := lab.Socket("pc", 0)
	if err != nil {
		t.Fatal(err)
	}
	facts := &event.Journal{}
	g := run(t, Config{Spec: Spec{Name: "pc"}, Wire: wire, Events: facts})
	await(t, g, facts, event.Console, "net0: 192.168.9.100/255.255.255.0")
	// The house knows nothing of PXE, and nobody else is there.
	await(t, g, facts, event.Error, "no offer named a boot file")
	g.Stop()
}

// frame reads frames, each behind its length, until one is wanted.
func frame(t *testing.T, wire io.Reader, wanted func([]byte) bool) []byte {
	t.Helper()
	for {
		var length uint32
		if err := binary.Read(wire, binary.BigEndian, &length); err != nil {
			t.Fatal(err)
		}
		f := make([]byte, length)
		if _, err := io.ReadFull(wire, f); err != nil {
			t.Fatal(err)
		}
		if wanted(f) {
			return f
		}
	}
}

func TestAResetIsSeen(t *testing.T) {
	facts := &event.Journal{}
	g := run(t, Config{Spec: Spec{Name: "pc", Netdev: "user"}, Events: facts})
	await(t, g, facts, event.Console, "iPXE initialising devices...ok")
	if err := g.Key("ctrl-alt-delete"); err != nil {
		t.Fatal(err)
	}
	await(t, g, facts, event.Error, "the machine reset itself")
	if err := g.Wait(); err != nil {
		t.Error(err)
	}
}

func TestAMachineEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	g, err := Start(ctx, Config{Spec: Spec{Netdev: "user"}})
	if err != nil {
		cancel()
		must.Skip(t, must.QEMU, err)
	}
	cancel()
	if err := g.Wait(); err != nil {
		t.Error(err)
	}
	g.Stop() // again does no harm
}

func TestMachinesThatCannotStart(t *testing.T) {
	if _, err := exec.LookPath("qemu-system-x86_64"); err != nil {
		must.Skip(t, must.QEMU, err, ": ", install)
	}
	for name, c := range map[string]struct {
		spec Spec
		want string
	}{
		"no QEMU": {
			Spec{Name: "pc", Binary: "qemu-system-nosuch"},
			"no qemu-system-nosuch here: " + install,
		},
		"no BIOS": {
			Spec{Name: "pc", Netdev: "user", Extra: []string{"-bios", "nosuch.bin"}},
			"qemu: could not load PC BIOS 'nosuch.bin': a ROM is missing: " + install,
		},
		"no ROM for the card": {
			Spec{Name: "pc", Netdev: "user", Extra: []string{"-device", "e1000,romfile=nosuch.rom"}},
			`qemu-system-x86_64: -device e1000,romfile=nosuch.rom: failed to find romfile "nosuch.rom": a ROM is missing: ` + install,
		},
		"no such card": {
			Spec{Name: "pc", Netdev: "user", NIC: "ne9000"},
			"qemu-system-x86_64: exit status 1: qemu-system-x86_64: -device ne9000,netdev=n0,mac=52:54:00:12:34:56: 'ne9000' is not a valid device model name",
		},
	} {
		t.Run(name, func(t *testing.T) {
			g, err := Start(t.Context(), Config{Spec: c.spec})
			if err == nil {
				g.Stop()
				t.Fatal("it started")
			}
			if diff := cmp.Diff(c.want, err.Error()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
