package server_test

import (
	"bytes"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/server"
	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/config/dnsmasq"
	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/machine"
	"github.com/bootrig/bootrig/wire/pxe"
)

func eth0() []dhcp.Link {
	return []dhcp.Link{{Name: "eth0", Index: 2, Prefix: netip.MustParsePrefix("192.168.9.2/24")}}
}

func parse(t *testing.T, conf string) config.Config {
	t.Helper()
	cfg, err := dnsmasq.Parse("dnsmasq.conf", []byte(conf))
	if err != nil {
		t.Fatal(err)
	}
	return *cfg
}

func TestNewSaysWhatIsWrong(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	const network = "dhcp-range=192.168.9.0,proxy\ndhcp-boot=a.0\n"
	tftp := func(root string) string { return "enable-tftp\ntftp-root=" + root + "\n" }
	for name, c := range map[string]struct {
		conf  string
		http  config.HTTP
		links []dhcp.Link
		want  string // with the test's directory as DIR
	}{
		"nothing is wrong":      {conf: network + tftp(dir), links: eth0()},
		"only TFTP, no network": {conf: tftp(dir)},
		"the embedded program":  {links: eth0()},
		"no interface at all":   {want: "there is no interface with an IPv4 address to serve"},
		"a missing tftp-root": {conf: network + tftp(dir+"/none"), links: eth0(),
			want: "dnsmasq.conf:4: tftp-root DIR/none does not exist: create it (mkdir -p DIR/none) and put the boot files in it"},
		"a tftp-root that is a file": {conf: network + tftp(file), links: eth0(),
			want: "dnsmasq.conf:4: tftp-root DIR/file is not a directory"},
		"a range of another network": {conf: "dhcp-range=10.0.0.0,proxy\ndhcp-boot=a\n", links: eth0(),
			want: "dnsmasq.conf:1: the range 10.0.0.0 is the network of none of eth0 192.168.9.2/24; put the network of one of them there"},
		"a range and no interface": {conf: network,
			want: "dnsmasq.conf:1: the range 192.168.9.0 is the network of none of the interfaces: there is none with an IPv4 address; put the network of one of them there"},
		"a relay alone": {conf: "dhcp-relay=192.168.9.2,10.0.0.1\n", links: eth0()},
		"a relay at an address that is not ours": {conf: "dhcp-relay=192.168.9.3,10.0.0.1\n", links: eth0(),
			want: "dnsmasq.conf:1: 192.168.9.3, from where requests are to be relayed, is the address of none of eth0 192.168.9.2/24"},
		"a relay where there is no DHCP": {conf: "dhcp-relay=192.168.9.2,10.0.0.1\nno-dhcp-interface=eth0\n", links: eth0(),
			want: "dnsmasq.conf:1: 192.168.9.2, from where requests are to be relayed, is the address of none of the interfaces: there is none with an IPv4 address"},
		"a network that shares the wire": {conf: "dhcp-range=10.0.0.1,10.0.0.9,255.255.255.0\nshared-network=eth0,10.0.0.0\n", links: eth0()},
		"nothing to serve": {conf: "port=0\n", links: eth0(),
			want: "dnsmasq.conf: there is nothing to serve: neither dhcp-range nor dhcp-relay nor enable-tftp"},
		"HTTP without files": {conf: network, http: config.HTTP{Port: 80}, links: eth0(),
			want: "HTTP has nothing to serve: say which directory, --http PORT=DIR"},
		"HTTP of a directory that is not there, and no root": {conf: network + tftp(dir+"/none"), http: config.HTTP{Port: 80, Dir: dir + "/www", Rule: "--http"}, links: eth0(),
			want: "dnsmasq.conf:4: tftp-root DIR/none does not exist: create it (mkdir -p DIR/none) and put the boot files in it\n" +
				"--http: directory DIR/www does not exist: create it (mkdir -p DIR/www) and put the boot files in it"},
	} {
		t.Run(name, func(t *testing.T) {
			var settings config.Config
			if c.conf != "" {
				settings = parse(t, c.conf)
			}
			settings.HTTP = c.http
			_, err := server.New(server.Config{Links: c.links, Settings: settings})
			got := ""
			if err != nil {
				got = strings.ReplaceAll(err.Error(), dir, "DIR")
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func discover(arch byte) []byte {
	p := &dhcpv4.DHCPv4{
		OpCode: dhcpv4.OpcodeBootRequest, HWType: 1, ClientHWAddr: []byte{0x52, 0x54, 0, 0x12, 0x34, 0x56},
		Options: dhcpv4.Options{
			pxe.OptMessageType: {byte(dhcpv4.MessageTypeDiscover)},
			pxe.OptVendorClass: []byte("PXEClient:Arch:00000:UNDI:002001"),
			pxe.OptClientArch:  {0, arch},
		},
	}
	return p.ToBytes()
}

func ask(m machine.Machine, src, dst string, payload []byte) []machine.Datagram {
	m.Receive(time.Unix(0, 0), machine.Datagram{
		Src: netip.MustParseAddrPort(src), Dst: netip.MustParseAddrPort(dst), Payload: payload,
	})
	var out []machine.Datagram
	for d, ok := m.Next(); ok; d, ok = m.Next() {
		d.Payload = bytes.Clone(d.Payload)
		out = append(out, d)
	}
	return out
}

func TestMachineOffersAndCarriesTheEmbeddedProgram(t *testing.T) {
	var journal event.Journal
	s, err := server.New(server.Config{Links: eth0(), Events: &journal})
	if err != nil {
		t.Fatal(err)
	}
	m := s.Machine()
	offers := ask(m, "0.0.0.0:68", "255.255.255.255:67", discover(0))
	if len(offers) != 1 {
		t.Fatalf("%d offers", len(offers))
	}
	offer, err := dhcpv4.FromBytes(offers[0].Payload)
	if err != nil || offer.BootFileName != "bootrig.0" || offer.ServerIPAddr.String() != "192.168.9.2" {
		t.Errorf("the offer is %v, %v", offer, err)
	}
	if got := ask(m, "0.0.0.0:68", "255.255.255.255:67", discover(11)); len(got) != 0 {
		t.Error("an ARM machine was offered an x86 program")
	}
	all, _ := journal.After(0)
	last := all[len(all)-1]
	if last.Kind != event.Ignore || last.Rule != server.EmbeddedRule || last.Text != "no boot file and no menu for architecture ARM64_EFI (11)" {
		t.Errorf("the silence is recorded as %+v", last)
	}

	data := ask(m, "192.168.9.50:2000", "192.168.9.2:69", []byte("\x00\x01bootrig.0\x00octet\x00"))
	if len(data) != 1 || len(data[0].Payload) != 4+512 || data[0].Src.Port() == 69 || data[0].Src.Addr().String() != "192.168.9.2" {
		t.Fatalf("the first block is %+v", data)
	}
	next := ask(m, "192.168.9.50:2000", data[0].Src.String(), []byte{0, 4, 0, 1})
	if len(next) != 1 || next[0].Payload[3] != 2 {
		t.Errorf("after the ACK came %+v", next)
	}
	if at, ok := m.Deadline(); !ok || !at.After(time.Unix(0, 0)) {
		t.Errorf("a transfer waits for nothing: %v, %v", at, ok)
	}
}

func TestListensWhereSomethingIs(t *testing.T) {
	all, err := server.New(server.Config{Links: eth0()})
	if err != nil {
		t.Fatal(err)
	}
	tftp, err := server.New(server.Config{Settings: parse(t, "enable-tftp\ntftp-root="+t.TempDir())})
	if err != nil {
		t.Fatal(err)
	}
	proxy, err := server.New(server.Config{Links: eth0(), Settings: parse(t, "dhcp-range=192.168.9.0,proxy\ndhcp-boot=a")})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		port            uint16
		all, tftp, dhcp bool
	}{
		{67, true, false, true}, {4011, true, false, true}, {69, true, true, false}, {68, false, false, false}, {53, false, false, false},
	} {
		if all.Listens(c.port) != c.all || tftp.Listens(c.port) != c.tftp || proxy.Listens(c.port) != c.dhcp {
			t.Errorf("port %d: %v %v %v, want %v %v %v", c.port, all.Listens(c.port), tftp.Listens(c.port), proxy.Listens(c.port), c.all, c.tftp, c.dhcp)
		}
	}
	if m := proxy.Machine(); len(ask(m, "192.168.9.50:2000", "192.168.9.2:69", []byte("\x00\x01a\x00octet\x00"))) != 0 {
		t.Error("a server without TFTP answered TFTP")
	}
}

func TestAServerWithOtherPortsListensThere(t *testing.T) {
	s, err := server.New(server.Config{Links: eth0(), Settings: parse(t, "dhcp-range=192.168.9.0,proxy\ndhcp-boot=a.0\ndhcp-alternate-port\n")})
	if err != nil {
		t.Fatal(err)
	}
	for port, want := range map[uint16]bool{67: false, 1067: true, 1068: false, 4011: true} {
		if s.Listens(port) != want {
			t.Errorf("port %d: %v", port, s.Listens(port))
		}
	}
	m := s.Machine()
	if got := ask(m, "0.0.0.0:1068", "255.255.255.255:67", discover(0)); len(got) != 0 {
		t.Errorf("port 67 answers %v", got)
	}
	if got := ask(m, "0.0.0.0:1068", "255.255.255.255:1067", discover(0)); len(got) != 1 || got[0].Dst.Port() != 1068 {
		t.Errorf("port 1067 answers %v", got)
	}
}
