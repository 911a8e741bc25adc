package dhcpd_test

import (
	"net/netip"
	"os"
	"testing"

	"github.com/bootrig/bootrig/server/config/dnsmasq"
	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/internal/capture"
	"github.com/bootrig/bootrig/server/proxydhcp"
)

const network = "dhcp-range=192.168.9.0,proxy\n"

func readDHCP(t testing.TB, name string) []capture.Frame {
	t.Helper()
	return capture.ReadDHCP(t, "../../testdata/captures/"+name)
}

func load(t testing.TB, conf string) *proxydhcp.Config {
	t.Helper()
	cfg, err := dnsmasq.Parse("dnsmasq.conf", []byte(conf))
	if err != nil {
		t.Fatal(err)
	}
	return &cfg.DHCP
}

func note(t testing.TB) *proxydhcp.Config {
	t.Helper()
	conf, err := os.ReadFile("../../testdata/dnsmasq/note.conf")
	if err != nil {
		t.Fatal(err)
	}
	return load(t, string(conf))
}

func eth0() dhcp.Link {
	return dhcp.Link{Name: "eth0", Index: 2, Prefix: netip.MustParsePrefix("192.168.9.2/24")}
}
