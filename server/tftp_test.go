package server_test

import (
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

// What the tftp- options change, seen in the first answer to a read request.
func TestTFTPOptions(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "menu"), []byte("hello"), 0o644); err != nil {
		t.Fatal(err)
	}
	const rrq = "\x00\x01Menu\x00octet\x00blksize\x001400\x00"
	for name, c := range map[string]struct{ conf, rrq, want string }{
		"a name is as it is written":     {"", rrq, "\x00\x05\x00\x01"},
		"names are made lower case":      {"tftp-lowercase\n", rrq, "\x00\x06blksize\x001400\x00"},
		"blocks have 512 bytes":          {"tftp-lowercase\ntftp-no-blocksize\n", rrq, "\x00\x03\x00\x01hello"},
		"packets are no longer than 800": {"tftp-lowercase\ntftp-mtu=800\n", rrq, "\x00\x06blksize\x00768\x00"},
	} {
		t.Run(name, func(t *testing.T) {
			settings := parse(t, "enable-tftp\ntftp-root="+dir+"\n"+c.conf)
			s, err := server.New(server.Config{Links: eth0(), Settings: settings})
			if err != nil {
				t.Fatal(err)
			}
			m := s.Machine()
			m.Receive(time.Unix(0, 0), machine.Datagram{Src: netip.MustParseAddrPort("192.168.9.50:2000"),
				Dst: netip.MustParseAddrPort("192.168.9.2:69"), Payload: []byte(c.rrq)})
			d, _ := m.Next()
			if !strings.HasPrefix(string(d.Payload), c.want) {
				t.Errorf("the answer is %q, want %q", d.Payload, c.want)
			}
		})
	}
}

func TestTFTPThatMayBeMissing(t *testing.T) {
	const conf = "dhcp-range=192.168.9.0,proxy\ndhcp-boot=a\nenable-tftp\ntftp-root=/nonexistent\n"
	if _, err := server.New(server.Config{Links: eth0(), Settings: parse(t, conf)}); err == nil {
		t.Error("a root that is missing is no mistake")
	}
	s, err := server.New(server.Config{Links: eth0(), Settings: parse(t, conf+"tftp-no-fail\n")})
	if err != nil {
		t.Fatal(err)
	}
	if !s.Listens(69) || !s.Listens(67) {
		t.Error("without the root there is no TFTP, or no DHCP")
	}
}

func TestInterfacesOfTheConfiguration(t *testing.T) {
	const conf = "dhcp-range=192.168.9.0,proxy\ndhcp-boot=a\n"
	links := append(eth0(), dhcp.Link{Name: "eth1", Index: 3, Prefix: netip.MustParsePrefix("10.0.0.2/24")})
	for name, c := range map[string]struct{ conf, want string }{
		"not where no-dhcp-interface says so": {conf + "no-dhcp-interface=eth0\n",
			"dnsmasq.conf:1: the range 192.168.9.0 is the network of none of eth1 10.0.0.2/24; put the network of one of them there"},
		"TFTP for none of them": {conf + "enable-tftp=eth7\ntftp-root=" + t.TempDir() + "\n",
			"dnsmasq.conf: TFTP is for none of eth0 192.168.9.2/24, eth1 10.0.0.2/24"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := server.New(server.Config{Links: links, Settings: parse(t, c.conf)})
			if err == nil || err.Error() != c.want {
				t.Errorf("the mistake is %v, want %s", err, c.want)
			}
		})
	}
}
