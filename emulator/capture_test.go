package emulator

import (
	"bytes"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"

	"github.com/bootrig/bootrig/emulator/internal/testnet"
	"github.com/bootrig/bootrig/internal/must"
	"github.com/bootrig/bootrig/wire/machine"
)

// captured lists the read requests of a capture as testnet.Net logs them, each with its client port.
func captured(t *testing.T, name string) (names []string, ports []uint16) {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "testdata", "captures", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := pcapgo.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	for {
		frame, _, err := r.ReadPacketData()
		if err != nil {
			return names, ports
		}
		udp, ok := gopacket.NewPacket(frame, layers.LayerTypeEthernet, gopacket.Default).TransportLayer().(*layers.UDP)
		switch {
		case !ok || len(udp.Payload) < 4:
		case udp.DstPort == 69:
			file, _, _ := bytes.Cut(udp.Payload[2:], []byte{0})
			names, ports = append(names, string(file)), append(ports, uint16(udp.SrcPort))
		case udp.Payload[0] == 0 && udp.Payload[1] == 5 && udp.Payload[3] == 1:
			names[len(names)-1] += " ✗"
		}
	}
}

// debian is the unpacked package dir, or skips the test.
func debian(t *testing.T, path ...string) string {
	t.Helper()
	cache := os.Getenv("BOOTRIG_CACHE")
	if cache == "" {
		dir, err := os.UserCacheDir()
		if err != nil {
			must.Skip(t, must.Content, err)
		}
		cache = filepath.Join(dir, "bootrig")
	}
	at := filepath.Join(append([]string{cache, "deb"}, path...)...)
	if _, err := os.Stat(at); err != nil {
		must.Skip(t, must.Content, err, " (make deps fetches it, BOOTRIG_CACHE names another place)")
	}
	return at
}

func netbootTree(t *testing.T) string {
	return debian(t, "debian-installer-12-netboot-amd64", "usr", "lib", "debian-installer", "images", "12", "amd64", "text")
}

// disk serves a directory as /tftpboot, and some files instead of those there.
func disk(dir string, over map[string][]byte) func(string) ([]byte, bool) {
	return func(name string) ([]byte, bool) {
		name = strings.TrimPrefix(strings.TrimPrefix(name, "/tftpboot"), "/")
		if content, ok := over[name]; ok {
			return content, true
		}
		content, err := os.ReadFile(filepath.Join(dir, name))
		return content, err == nil
	}
}

// compare checks requests and pxelinux's ports; the ROM's port, the first, is random.
func compare(t *testing.T, file string, n *testnet.Net, ports []uint16, more ...string) {
	t.Helper()
	want, wantPorts := captured(t, file)
	if diff := cmp.Diff(append(want, more...), n.Log); diff != "" {
		t.Errorf("requests (-capture +guest):\n%s", diff)
	}
	if diff := cmp.Diff(wantPorts[1:], ports[1:len(wantPorts)]); diff != "" {
		t.Errorf("client ports (-capture +guest):\n%s", diff)
	}
}

func watchPorts(n *testnet.Net) *[]uint16 {
	ports := new([]uint16)
	n.Drop = func(toGuest bool, d machine.Datagram) bool {
		if !toGuest && d.Dst.Port() == 69 {
			*ports = append(*ports, d.Src.Port())
		}
		return false
	}
	return ports
}

func TestTheDebianTreeIsReadInTheOrderOfCaptureA(t *testing.T) {
	n := testnet.New(disk(netbootTree(t), nil))
	n.Addr = netip.MustParseAddr("192.168.9.111")
	ports := watchPorts(n)
	uuid := [16]byte{0, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff}
	result, _ := boot(t, GuestConfig{UUID: uuid}, n, "ret")
	if result.Failure != nil {
		t.Fatal(result.Failure)
	}
	// The capture ends at the menu; Enter asks for these two (a real boot with the key pressed).
	compare(t, "A-control.pcap", n, *ports, "debian-installer/amd64/linux", "debian-installer/amd64/initrd.gz")
	want := []string{"BOOT_IMAGE=debian-installer/amd64/linux vga=788 initrd=debian-installer/amd64/initrd.gz --- quiet "}
	if diff := cmp.Diff(want, result.Handoff.Cmdlines); diff != "" {
		t.Errorf("command line (-want +got):\n%s", diff)
	}
}

const noteDefault = `default xenserver
label xenserver
kernel mboot.c32
    append /tftpboot/xenserver/xen.gz dom0_max_vcpus=2 dom0_mem=1024M,max:1024M com1=115200,8n1 console=com1,vga ---  /tftpboot/xenserver/vmlinuz xencons=hvc console=hvc0 console=tty0 ---  /tftpboot/xenserver/install.img
`

func TestTheXenChainIsReadInTheOrderOfCaptureC(t *testing.T) {
	tree := netbootTree(t)
	read := func(path ...string) []byte {
		content, err := os.ReadFile(filepath.Join(path...))
		if err != nil {
			must.Skip(t, must.Content, err)
		}
		return content
	}
	modules := debian(t, "syslinux-common", "usr", "lib", "syslinux", "modules", "bios")
	n := testnet.New(disk(t.TempDir(), map[string][]byte{
		"pxelinux.0":            read(debian(t, "pxelinux", "usr", "lib", "PXELINUX"), "pxelinux.0"),
		"ldlinux.c32":           read(modules, "ldlinux.c32"),
		"mboot.c32":             read(modules, "mboot.c32"),
		"libcom32.c32":          read(modules, "libcom32.c32"),
		"pxelinux.cfg/default":  []byte(noteDefault),
		"xenserver/xen.gz":      read(debian(t, "xen-hypervisor-4.17-amd64", "boot"), "xen-4.17-amd64.gz"),
		"xenserver/vmlinuz":     read(tree, "debian-installer", "amd64", "linux"),
		"xenserver/install.img": []byte("initial RAM disk"),
	}))
	n.Addr = netip.MustParseAddr("192.168.9.113")
	ports := watchPorts(n)
	result, _ := boot(t, GuestConfig{MAC: []byte{0x52, 0x54, 0, 0x12, 0x34, 0x58}}, n)
	if result.Failure != nil {
		t.Fatal(result.Failure)
	}
	compare(t, "C-control.pcap", n, *ports)
	// What Xen 4.17 and its dom0 printed in a real boot of this chain.
	want := []string{
		"dom0_max_vcpus=2 dom0_mem=1024M,max:1024M com1=115200,8n1 console=com1,vga",
		"xencons=hvc console=hvc0 console=tty0",
	}
	if diff := cmp.Diff(want, result.Handoff.Cmdlines); diff != "" {
		t.Errorf("command lines (-want +got):\n%s", diff)
	}
	if got := result.Handoff.Modules[1].Cmdline; got != "/tftpboot/xenserver/vmlinuz "+want[1] {
		t.Errorf("dom0's module has the command line %q", got)
	}
}
