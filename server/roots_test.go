package server_test

import (
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/bootrig/bootrig/server"
	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/wire/machine"
)

// fetched is the first block of "menu", or the ERROR, for a client on the link of that number.
func fetched(t *testing.T, conf string, link int) string {
	t.Helper()
	s, err := server.New(server.Config{
		Links: []dhcp.Link{{Name: "eth0", Index: 2, Prefix: netip.MustParsePrefix("192.168.9.2/24")},
			{Name: "eth1", Index: 3, Prefix: netip.MustParsePrefix("192.168.9.3/24")}},
		Settings: parse(t, "enable-tftp\n"+conf),
		Neighbor: func(name string, client netip.Addr) (net.HardwareAddr, bool) {
			return net.HardwareAddr{0x52, 0x54, 0, 0x12, 0x34, 0x56}, name == "eth0" && client.String() == "192.168.9.50"
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	m := s.Machine()
	m.Receive(time.Unix(0, 0), machine.Datagram{Link: link, Src: netip.MustParseAddrPort("192.168.9.50:2000"),
		Dst: netip.MustParseAddrPort("192.168.9.2:69"), Payload: []byte("\x00\x01menu\x00octet\x00")})
	d, ok := m.Next()
	if !ok {
		return "silence"
	}
	if d.Payload[1] == 5 {
		return "error " + string('0'+rune(d.Payload[3]))
	}
	return string(d.Payload[4:])
}

func TestEachClientHasItsRoot(t *testing.T) {
	const root = "tftp-root=ROOT\n"
	for name, c := range map[string]struct {
		conf       string
		eth0, eth1 string
	}{
		"one for all":                        {root, "for all", "for all"},
		"one on an interface":                {root + "tftp-root=ROOT/one,eth1\ntftp-root=ROOT/two,eth1\n", "for all", "one"},
		"none on the others":                 {"tftp-root=ROOT/one,eth1\n", "error 2", "one"},
		"by address":                         {root + "tftp-unique-root\n", "by address", "by address"},
		"by MAC":                             {root + "tftp-unique-root=mac\n", "by MAC", "for all"},
		"by address and MAC":                 {root + "tftp-unique-root\ntftp-unique-root=mac\n", "by both", "by address"},
		"by address if there were one":       {"tftp-root=ROOT/one\ntftp-unique-root\n", "one", "one"},
		"a directory that comes later":       {"tftp-root=ROOT/nosuch\ntftp-no-fail\n", "error 1", "error 1"},
		"TFTP on an interface":               {strings.Replace(root, "\n", "\nenable-tftp=eth1\n", 1), "silence", "for all"},
		"even where no-dhcp-interface is":    {root + "enable-tftp=eth1\nno-dhcp-interface=eth1\n", "silence", "for all"},
		"but not without being called there": {root + "no-dhcp-interface=eth1\n", "for all", "silence"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for file, text := range map[string]string{
				"menu": "for all", "one/menu": "one", "two/menu": "two", "192.168.9.50/menu": "by address",
				"52-54-00-12-34-56/menu": "by MAC", "192.168.9.50/52-54-00-12-34-56/menu": "by both",
			} {
				if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(file)), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			conf := strings.ReplaceAll(c.conf, "ROOT", dir)
			if got := fetched(t, conf, 0); got != c.eth0 {
				t.Errorf("on eth0: %q, want %q", got, c.eth0)
			}
			if got := fetched(t, conf, 1); got != c.eth1 {
				t.Errorf("on eth1: %q, want %q", got, c.eth1)
			}
		})
	}
}

func TestADirectoryThatCameLaterIsServed(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "later")
	s, err := server.New(server.Config{Links: eth0(), Settings: parse(t, "enable-tftp\ntftp-no-fail\ntftp-root="+dir+"\n")})
	if err != nil {
		t.Fatal(err)
	}
	m := s.Machine()
	for port, want := range []string{"\x00\x05\x00\x01", "\x00\x03\x00\x01"} {
		m.Receive(time.Unix(0, 0), machine.Datagram{Src: netip.AddrPortFrom(netip.MustParseAddr("192.168.9.50"), uint16(2000+port)),
			Dst: netip.MustParseAddrPort("192.168.9.2:69"), Payload: []byte("\x00\x01menu\x00octet\x00")})
		if d, _ := m.Next(); !strings.HasPrefix(string(d.Payload), want) {
			t.Errorf("the answer is %q, want %q", d.Payload, want)
		}
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "menu"), []byte("hello"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
