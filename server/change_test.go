package server_test

import (
	"net"
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
	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/lease"
	"github.com/bootrig/bootrig/wire/machine"
)

// ask sends a packet of DHCP by the first link, and yields the answer; nil: none.
func (l *lab) ask(t *testing.T, payload []byte) *dhcpv4.DHCPv4 {
	t.Helper()
	l.m.Receive(time.Unix(0, 0), machine.Datagram{Src: netip.MustParseAddrPort("0.0.0.0:68"), Dst: netip.MustParseAddrPort("255.255.255.255:67"), Payload: payload})
	d, ok := l.m.Next()
	if !ok {
		return nil
	}
	p, err := dhcpv4.FromBytes(d.Payload)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// boots is the boot file that a PXE client is offered, and the address if it is given one.
func (l *lab) boots(t *testing.T) string {
	t.Helper()
	p := l.ask(t, discover(0))
	if p == nil {
		return "silence"
	}
	file := p.BootFileName
	if v := p.Options.Get(dhcpv4.OptionBootfileName); v != nil {
		file = strings.TrimRight(string(v), "\x00")
	}
	return strings.TrimSuffix(file+" "+p.YourIPAddr.String(), " 0.0.0.0")
}

func (l *lab) change(t *testing.T, conf string, links ...dhcp.Link) error {
	t.Helper()
	settings := config.Config{}
	if conf != "" {
		settings = parse(t, conf)
	}
	return l.Change(server.Config{Links: links, Settings: settings})
}

// One server, step by step: what it is configured to, what it says, and what clients get.
func TestAServerGoesOnWithAnotherConfiguration(t *testing.T) {
	dir := t.TempDir()
	big := strings.Repeat("1", 512) + "end"
	for name, text := range map[string]string{"one/f": big, "two/f": "two"} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	eth0 := card("eth0", 2, "192.168.9.2/24")
	const proxy = "dhcp-range=192.168.9.0,proxy\ndhcp-boot=a.0\n"
	one := "enable-tftp\ntftp-root=" + dir + "/one\n"
	l := newLab(t, parse(t, proxy+one), eth0)
	if got := l.file(0, "192.168.9.2", "f", 3000); got != big[:512] {
		t.Fatalf("at first %q", got)
	}
	by := l.from
	for i, step := range []struct {
		what, conf, err string
		says            []string
		boots, file     string
	}{
		{"another file", "dhcp-range=192.168.9.0,proxy\ndhcp-boot=b.0\n" + one, "", nil, "b.0", big[:512]},
		{"a mistake", proxy + "enable-tftp\ntftp-root=" + dir + "/none\n",
			"dnsmasq.conf:4: tftp-root DIR/none does not exist: create it (mkdir -p DIR/none) and put the boot files in it", nil, "b.0", big[:512]},
		{"nothing to serve", "port=0\n", "dnsmasq.conf: there is nothing to serve: neither dhcp-range nor dhcp-relay nor enable-tftp", nil, "b.0", big[:512]},
		{"another root", proxy + "enable-tftp\ntftp-root=" + dir + "/two\n", "", nil, "a.0", "two"},
		{"no TFTP", proxy, "", nil, "a.0", "silence"},
		{"only TFTP", one, "", nil, "silence", big[:512]},
		{"addresses", "dhcp-range=192.168.9.100,192.168.9.100\nno-ping\ndhcp-boot=c.0\n", "", nil, "c.0 192.168.9.100", "silence"},
		{"a network that is not there", "dhcp-range=10.0.0.0,proxy\ndhcp-boot=a\n", "",
			[]string{"waiting dnsmasq.conf:1: the range 10.0.0.0 is the network of none of eth0 192.168.9.2/24; put the network of one of them there"}, "silence", "silence"},
		{"one that is", proxy + one, "", []string{"ready DHCP on eth0 192.168.9.2/24; TFTP from DIR/one"}, "a.0", big[:512]},
		{"another port", proxy + "dhcp-alternate-port\n", "", nil, "silence", "silence"},
		{"the embedded program", "", "", nil, "bootrig.0", "silence"},
		{"as at first", proxy + one, "", nil, "a.0", big[:512]},
	} {
		l.said = nil
		mistake := ""
		if err := l.change(t, step.conf, eth0); err != nil {
			mistake = strings.ReplaceAll(err.Error(), dir, "DIR")
		}
		for i := range l.said {
			l.said[i] = strings.ReplaceAll(l.said[i], dir, "DIR")
		}
		if diff := cmp.Diff(step.err, mistake); diff != "" {
			t.Errorf("%s: (-want +got):\n%s", step.what, diff)
		}
		if diff := cmp.Diff(step.says, l.said); diff != "" {
			t.Errorf("%s: it says (-want +got):\n%s", step.what, diff)
		}
		if got := l.boots(t); got != step.boots {
			t.Errorf("%s: clients boot %q, want %q", step.what, got, step.boots)
		}
		file := l.file(0, "192.168.9.2", "f", uint16(2000+i))
		if step.conf == "" && file == "error 1" {
			file = "silence" // the program is all that is there
		}
		if file != step.file {
			t.Errorf("%s: the file is %q, want %q", step.what, file, step.file)
		}
	}
	if got := l.next(by, 3000); got != big[512:] {
		t.Errorf("the transfer of the first moment goes on with %q", got)
	}
}

func TestNoLeaseIsForgottenWithAConfiguration(t *testing.T) {
	const leases = "dhcp-range=192.168.9.100,192.168.9.101\nno-ping\n"
	eth0 := card("eth0", 2, "192.168.9.2/24")
	mac := func(n byte) net.HardwareAddr { return net.HardwareAddr{0x52, 0x54, 0, 0, 0, n} }
	l := newLab(t, parse(t, leases), eth0)
	gives := func(what string, n byte, want string) {
		t.Helper()
		p, err := dhcpv4.NewDiscovery(mac(n))
		if err != nil {
			t.Fatal(err)
		}
		offer := l.ask(t, p.ToBytes())
		if offer == nil {
			if want != "" {
				t.Errorf("%s: machine %d gets nothing, want %s", what, n, want)
			}
			return
		}
		request, err := dhcpv4.NewRequestFromOffer(offer)
		if err != nil {
			t.Fatal(err)
		}
		ack := l.ask(t, request.ToBytes())
		if ack == nil || ack.YourIPAddr.String() != want {
			t.Errorf("%s: machine %d is told %v, want %s", what, n, ack, want)
		}
	}
	changes := func(conf string) {
		t.Helper()
		if err := l.change(t, conf, eth0); err != nil {
			t.Fatal(err)
		}
	}
	gives("at first", 1, "192.168.9.100")
	changes(leases + "dhcp-option=26,1400\n")
	gives("with another option", 1, "192.168.9.100")
	gives("with another option", 2, "192.168.9.101")
	gives("with another option", 3, "")
	changes("dhcp-range=192.168.9.0,proxy\ndhcp-boot=a\n")
	gives("as a proxy", 1, "")
	changes(leases)
	gives("again", 3, "")
	gives("again", 2, "192.168.9.101")

	l = newLab(t, parse(t, "dhcp-range=192.168.9.0,proxy\ndhcp-boot=a\n"), eth0)
	known := []lease.Lease{{Addr: netip.MustParseAddr("192.168.9.101"), MAC: mac(7), HWType: 1}}
	var stored []lease.Change
	err := l.Change(server.Config{Links: []dhcp.Link{eth0}, Settings: parse(t, leases), Known: known,
		Store: func(all []lease.Change) error { stored = append(stored, all...); return nil }})
	if err != nil {
		t.Fatal(err)
	}
	gives("as it is known", 1, "192.168.9.100")
	gives("as it is known", 7, "192.168.9.101")
	if len(stored) != 2 {
		t.Errorf("stored are %v", stored)
	}
}
