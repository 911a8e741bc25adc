package lint_test

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/config/dnsmasq"
	"github.com/bootrig/bootrig/server/config/yaml"
	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/lint"
)

const (
	secret = "secret"
	six    = "\x00PXELINUX 6.04 PXE \x00"
	four   = "\x00PXELINUX 4.05 \x00"
	proxy  = "port=0\ndhcp-range=192.168.9.0,proxy,255.255.255.0\n" // lines 1 and 2
	bios   = proxy + "pxe-service=x86PC,Boot,pxelinux\n"            // line 3
	leases = "port=0\ndhcp-range=192.168.9.100,192.168.9.200\n" + tftp + "dhcp-boot=pxelinux.0\n"
	tftp   = "enable-tftp\ntftp-root=/tftpboot\n"
)

// pe is the beginning of a program for a machine of the PE format.
func pe(machine uint16) string {
	b := make([]byte, 0x80)
	copy(b, "MZ")
	b[0x3c] = 0x40
	copy(b[0x40:], "PE\x00\x00")
	binary.LittleEndian.PutUint16(b[0x44:], machine)
	return string(b)
}

// A ruleCase is a configuration and the files it serves.
type ruleCase struct {
	id, conf string
	files    map[string]string
	want     string // the lines; "" for a case that does not trigger
}

// Each rule of the table has a case that triggers it and one, almost the same, that does not.
func TestRules(t *testing.T) {
	cases := []ruleCase{
		{"server-zero", bios + "dhcp-boot=a,,0.0.0.0", nil, "4"},
		{"server-zero", bios + "pxe-service=x86PC,Other,b,0.0.0.0", nil, "4"},
		{"server-zero", bios + "dhcp-boot=a,,192.168.9.2", nil, ""},
		{"boot-file", bios + tftp, map[string]string{"README": "x"}, "3"},
		{"boot-file", bios + tftp, map[string]string{"pxelinux.0": ""}, "3"},
		{"boot-file", bios + tftp, map[string]string{"pxelinux.0/x": ""}, "3"},
		{"boot-file", bios + tftp, map[string]string{"pxelinux.0": secret}, "3"},
		{"boot-file", bios + tftp, map[string]string{"pxelinux.0": "-> real.0", "real.0": four}, ""},
		{"wrong-arch", bios + "dhcp-boot=pxelinux.0,,192.168.9.8", nil, "4"}, // by name, untagged, so UEFI gets it too
		{"wrong-arch", bios + "dhcp-match=set:bios,option:client-arch,0\ndhcp-boot=tag:bios,pxelinux.0", nil, ""},
		{"wrong-arch", bios + tftp, map[string]string{"pxelinux.0": pe(0x8664)}, "3"},
		{"wrong-arch", proxy + tftp + "pxe-service=x86-64_EFI,A,b.efi", map[string]string{"b.efi": pe(0xaa64)}, "5"},
		{"wrong-arch", proxy + tftp + "pxe-service=x86-64_EFI,A,b.efi", map[string]string{"b.efi": pe(0x8664)}, ""},
		{"wrong-arch", proxy + tftp + "pxe-service=ARM64_EFI,A,b.efi", map[string]string{"b.efi": pe(0x8664)}, "5"},
		{"wrong-arch", proxy + tftp + "pxe-service=ARM64_EFI,A,b.efi", map[string]string{"b.efi": pe(0xaa64)}, ""},
		{"wrong-arch", proxy + tftp + "pxe-service=ARM64_EFI,A,pxelinux.0", map[string]string{"pxelinux.0": six}, "5"},
		{"wrong-arch", proxy + tftp + "pxe-service=IA32_EFI,A,b.efi", map[string]string{"b.efi": pe(0x8664)}, "5"},
		{"wrong-arch", proxy + "dhcp-match=set:arm,option:client-arch,11\ndhcp-boot=tag:arm,shimx64.efi,,192.168.9.8", nil, "4"},
		{"wrong-arch", proxy + "dhcp-match=set:riscv,option:client-arch,27\ndhcp-boot=tag:riscv,shimx64.efi,,192.168.9.8", nil, "4"},
		{"wrong-arch", proxy + tftp + "pxe-service=27,A,x.efi", map[string]string{"x.efi": pe(0x5064)}, ""},
		{"wrong-arch", leases, nil, "5"}, // where leases are given, the line is that of the file too
		{"ipxe-loop", proxy + "pxe-service=x86PC,iPXE,undionly.kpxe", nil, "3"},
		{"ipxe-loop", proxy + "dhcp-match=set:ipxe,175\npxe-service=tag:!ipxe,x86PC,iPXE,undionly.kpxe\ndhcp-boot=tag:ipxe,boot.ipxe", nil, ""},
		{"ipxe-menu", proxy + "pxe-service=x86-64_EFI,A,a.efi\npxe-service=x86-64_EFI,B,b.efi", nil, "3"},
		{"ipxe-menu", proxy + "pxe-service=x86-64_EFI,A,a.efi", nil, ""},
		{"no-such-arch", bios + "pxe-service=Alpha,A,b", nil, "4"},
		{"no-such-arch", bios + "pxe-service=99,A,b", nil, "4"},
		{"no-such-arch", bios + "pxe-service=41,A,b", nil, ""},
		{"single-quotes", proxy + "pxe-service=x86PC,'Boot',a", nil, "3"},
		{"single-quotes", proxy + "pxe-service=x86PC,\"Lab's\",a", nil, ""},
	}
	cases = append(append(cases, pxelinuxCases()...), append(append(unreachableCases(), wireCases()...), append(append(treeCases(), uriCases()...), chainCases()...)...)...)
	triggers, spares := map[string]bool{}, map[string]bool{}
	for _, c := range cases {
		var got []string
		for _, n := range check(t, c.conf, c.files) {
			if n.ID == c.id {
				got = append(got, strings.TrimPrefix(strings.TrimPrefix(n.Rule, "dnsmasq.conf:"), "bootrig.yaml:"))
			}
			if !slices.ContainsFunc(lint.Rules(), func(r lint.Rule) bool { return r.ID == n.ID }) {
				t.Errorf("%s is in no table", n.ID)
			}
		}
		if diff := cmp.Diff(c.want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%s in\n%s%v\n(-want +got):\n%s", c.id, c.conf, c.files, diff)
		}
		triggers[c.id], spares[c.id] = triggers[c.id] || c.want != "", spares[c.id] || c.want == ""
	}
	for _, r := range lint.Rules() {
		if !triggers[r.ID] || !spares[r.ID] || r.What == "" || r.Why == "" || r.Evidence == "" {
			t.Errorf("%s: wants a case that triggers it, one that does not, what, why and evidence", r.ID)
		}
	}
}

// check writes the files, of which "-> x" is a link to x and secret nobody's to read, and looks at them.
// Without any nothing is served.
func check(t *testing.T, conf string, files map[string]string) []config.Notice {
	t.Helper()
	cfg, err := dnsmasq.Parse("dnsmasq.conf", []byte(conf))
	if strings.HasPrefix(conf, "networks:") {
		cfg, err = yaml.Parse("bootrig.yaml", []byte(conf))
	}
	if err != nil {
		t.Fatal(err)
	}
	if files == nil {
		return lint.Check(cfg, nil)
	}
	dir := t.TempDir()
	for name, data := range files {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if target, link := strings.CutPrefix(data, "-> "); link {
			err = os.Symlink(target, name)
		} else {
			err = os.WriteFile(name, []byte(data), 0o644)
		}
		if err == nil && data == secret {
			err = os.Chmod(name, 0)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	tree, err := content.OpenDir(dir, "/tftpboot")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tree.Close() })
	return lint.Check(cfg, tree)
}

func TestFindingsComeInTheOrderOfTheLinesAndOnce(t *testing.T) {
	var got []string
	files := root("include more\ninclude more\ndefault x\nlabel l\nkernel a\n", map[string]string{"more": "label m\nkernel b\nappend initrd=c,c"})
	for _, n := range check(t, proxy+"pxe-service=Alpha,'A',b.c\npxe-service=x86PC,B,pxelinux\ndhcp-boot=tag:x,'y'\n"+tftp, files) {
		got = append(got, n.Rule+" "+n.ID)
	}
	want := []string{
		"dnsmasq.conf left-out", "dnsmasq.conf:3 boot-file", "dnsmasq.conf:3 no-such-arch", "dnsmasq.conf:3 single-quotes",
		"dnsmasq.conf:5 boot-file", "dnsmasq.conf:5 single-quotes", "dnsmasq.conf:5 tag-unset",
		"pxelinux.cfg/default:3 pxelinux-default", "pxelinux.cfg/default:5 pxelinux-file", "more:2 pxelinux-file", "more:3 pxelinux-file",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func FuzzProgram(f *testing.F) {
	f.Add([]byte(pe(0x8664)))
	f.Add([]byte(six))
	f.Fuzz(func(t *testing.T, data []byte) {
		check(t, bios+tftp, map[string]string{"pxelinux.0": "x" + string(data)})
		check(t, bios+tftp, map[string]string{"pxelinux.0": "MZ" + string(data)})
	})
}
