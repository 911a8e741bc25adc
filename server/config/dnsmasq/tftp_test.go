package dnsmasq

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/server/config"
)

func TestTFTPOptions(t *testing.T) {
	root := config.TFTP{Enabled: true, Root: "/r", Rule: "x:2"}
	with := func(change func(*config.TFTP)) config.TFTP {
		c := root
		change(&c)
		return c
	}
	for name, c := range map[string]struct {
		conf string
		want config.TFTP
	}{
		"on some interfaces":           {"enable-tftp=eth0, eth1", with(func(c *config.TFTP) { c.Interfaces, c.InterfacesRule = []string{"eth0", "eth1"}, "x:3" })},
		"of two roots the last counts": {"tftp-root=/later", with(func(c *config.TFTP) { c.Root, c.Rule = "/later", "x:3" })},
		"a root on one interface beside the other": {"tftp-root=/one,eth1",
			with(func(c *config.TFTP) { c.Roots = []config.TFTPRoot{{Dir: "/one", Interface: "eth1", Rule: "x:3"}} })},
		"a root is below /":                {"tftp-root=srv/tftp", with(func(c *config.TFTP) { c.Root, c.Rule = "/srv/tftp", "x:3" })},
		"a root for each address":          {"tftp-unique-root", with(func(c *config.TFTP) { c.UniqueByIP = true })},
		"the same in words":                {"tftp-unique-root=IP", with(func(c *config.TFTP) { c.UniqueByIP = true })},
		"a root for each MAC":              {"tftp-unique-root=mac", with(func(c *config.TFTP) { c.UniqueByMAC = true })},
		"one in the other":                 {"tftp-unique-root\ntftp-unique-root=mac", with(func(c *config.TFTP) { c.UniqueByIP, c.UniqueByMAC = true, true })},
		"own files only":                   {"tftp-secure", with(func(c *config.TFTP) { c.Secure = true })},
		"names made lower case":            {"tftp-lowercase", with(func(c *config.TFTP) { c.Lowercase = true })},
		"no blksize":                       {"tftp-no-blocksize", with(func(c *config.TFTP) { c.NoBlocksize = true })},
		"the root may be missing":          {"tftp-no-fail", with(func(c *config.TFTP) { c.NoFail = true })},
		"a limit":                          {"tftp-max=7", with(func(c *config.TFTP) { c.MaxTransfers, c.MaxRule = 7, "x:3" })},
		"short packets":                    {"tftp-mtu=576", with(func(c *config.TFTP) { c.MTU = 576 })},
		"ports":                            {"tftp-port-range=5000,5010", with(func(c *config.TFTP) { c.FirstPort, c.LastPort = 5000, 5010 })},
		"ports from the last to the first": {"tftp-port-range=5010, 5000", with(func(c *config.TFTP) { c.FirstPort, c.LastPort = 5000, 5010 })},
		"any port":                         {"tftp-port-range=0,0", root},
		"one port":                         {"tftp-single-port", with(func(c *config.TFTP) { c.SinglePort = true })},
		"nothing about what is missing":    {"quiet-tftp", with(func(c *config.TFTP) { c.Quiet = true })},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Parse("x", []byte("enable-tftp\ntftp-root=/r\n"+c.conf))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got.TFTP); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// What dnsmasq refuses too.
func TestTFTPMistakes(t *testing.T) {
	for name, c := range map[string]struct{ conf, want string }{
		"an MTU that is no number":  {"tftp-mtu=x", "x:1: tftp-mtu=x: not a number"},
		"one port of a range":       {"tftp-port-range=5000", "x:1: tftp-port-range=5000: not two port numbers, as in tftp-port-range=50000,50999"},
		"a port beyond the last":    {"tftp-port-range=1,65536", "x:1: tftp-port-range=1,65536: not two port numbers, as in tftp-port-range=50000,50999"},
		"a range twice":             {"tftp-port-range=1,2\ntftp-port-range=1,2", "x:2: tftp-port-range stands here a second time, which dnsmasq refuses"},
		"a root for each host name": {"tftp-unique-root=name", "x:1: tftp-unique-root=name: neither ip nor mac"},
		"a value for a flag":        {"tftp-secure=yes", "x:1: tftp-secure takes no value"},
		"a limit that is no number": {"tftp-max=many", "x:1: tftp-max=many: not a number"},
	} {
		t.Run(name, func(t *testing.T) {
			mistakes(t, c.conf, c.want)
			refused(t, c.conf)
		})
	}
}

func TestTFTPStricterThanDnsmasq(t *testing.T) {
	for name, c := range map[string]struct{ conf, want string }{
		"a root without an interface": {"tftp-root=/x,", "x:1: tftp-root=/x,: an interface name is missing"},
		"an MTU without data":         {"tftp-mtu=39", "x:1: tftp-mtu=39: a packet has 40 bytes at least"},
	} {
		t.Run(name, func(t *testing.T) { mistakes(t, c.conf, c.want) })
	}
}

func TestTFTPNotices(t *testing.T) {
	got, err := Parse("x", []byte("port=0\ndhcp-range=192.168.9.0,proxy\npxe-service=x86PC,a,a.0\nenable-tftp\ntftp-root=srv,eth0"))
	if err != nil {
		t.Fatal(err)
	}
	want := []config.Notice{
		{Rule: "x:5", Text: "tftp-root=srv means /srv, whatever the directory dnsmasq is started in"},
		{Rule: "x:5", Text: "there is no tftp-root for other interfaces, where dnsmasq would serve every file of this host; bootrig serves none"},
	}
	if diff := cmp.Diff(want, got.Notices); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
