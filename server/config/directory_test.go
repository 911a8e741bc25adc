package config

import (
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/policy"
	"github.com/bootrig/bootrig/server/proxydhcp"
	"github.com/bootrig/bootrig/wire/pxe"
)

func TestDirectoryFindsTheNearestPxelinux(t *testing.T) {
	for name, c := range map[string]struct {
		files, links []string // links are "name -> target"
		want         string
	}{
		"at the top":                   {files: []string{"a/pxelinux.0", "pxelinux.0"}, want: "pxelinux.0"},
		"a link at the top, as Debian": {files: []string{"debian-installer/amd64/pxelinux.0"}, links: []string{"pxelinux.0 -> debian-installer/amd64/pxelinux.0"}, want: "pxelinux.0"},
		"deep below":                   {files: []string{"ubuntu-installer/amd64/pxelinux.0", "README"}, want: "ubuntu-installer/amd64/pxelinux.0"},
		"a link to nowhere does not count": {files: []string{"a/b/pxelinux.0"}, links: []string{"pxelinux.0 -> gone"},
			want: "a/b/pxelinux.0"},
		"nowhere": {files: []string{"README"}, want: "DIR: there is no pxelinux.0 in it or below: this is not a netboot directory for x86 BIOS machines"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for _, f := range c.files {
				must(t, os.MkdirAll(filepath.Join(dir, filepath.Dir(f)), 0o755))
				must(t, os.WriteFile(filepath.Join(dir, f), nil, 0o644))
			}
			for _, l := range c.links {
				from, to, _ := strings.Cut(l, " -> ")
				must(t, os.Symlink(to, filepath.Join(dir, from)))
			}
			cfg, err := Directory(dir, nil)
			var got string
			if err != nil {
				got = strings.ReplaceAll(err.Error(), dir, "DIR")
			} else {
				got = cfg.DHCP.Boot[0].File
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestDirectoryIsOfferedToBIOSMachinesOfEveryLink(t *testing.T) {
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "pxelinux.0"), nil, 0o644))
	link := dhcp.Link{Name: "eth0", Prefix: netip.MustParsePrefix("10.1.2.3/16")}
	got, err := Directory(dir, []dhcp.Link{link})
	must(t, err)
	want := Config{
		DHCP: proxydhcp.Config{
			Networks: []dhcp.Network{{Addr: link.Prefix.Addr(), Bits: 16, Rule: dir}},
			Boot:     []proxydhcp.Boot{{File: "pxelinux.0", Archs: []pxe.Arch{pxe.ArchX86BIOS}, Rule: dir}},
		},
		TFTP:       TFTP{Enabled: true, Root: dir, Rule: dir},
		Files:      []string{dir},
		Everywhere: dir,
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateComparable(netip.Addr{}), cmpopts.IgnoreUnexported(policy.Policy{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestDirectoryRefusesWhatItCannotServe(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"netboot.tar.gz", "x.ISO", "dnsmasq.conf", "bootrig.yaml"} {
		must(t, os.WriteFile(filepath.Join(dir, name), nil, 0o644))
	}
	for name, want := range map[string]string{
		"none":           "DIR/none does not exist",
		"netboot.tar.gz": "DIR/netboot.tar.gz: archives and images are not served yet: unpack it into a directory and serve that",
		"x.ISO":          "DIR/x.ISO: archives and images are not served yet: unpack it into a directory and serve that",
		"dnsmasq.conf":   "DIR/dnsmasq.conf is not a directory; a dnsmasq.conf is served with -C DIR/dnsmasq.conf",
		"bootrig.yaml":   "DIR/bootrig.yaml is not a directory; a bootrig.yaml is served with -c DIR/bootrig.yaml",
	} {
		_, err := Directory(filepath.Join(dir, name), nil)
		if err == nil || strings.ReplaceAll(err.Error(), dir, "DIR") != want {
			t.Errorf("%s: %v, want %s", name, err, want)
		}
	}
}

func TestInterfacesMatch(t *testing.T) {
	some := Interfaces{Names: []string{"eth0", "vlan*"}}
	for name, want := range map[string]bool{"eth0": true, "eth01": false, "vlan7": true, "vlan": true, "lo": false} {
		if some.match(name) != want {
			t.Errorf("%s: %v", name, !want)
		}
	}
	if !(Interfaces{}).match("anything") {
		t.Error("no limit is a limit")
	}
}
