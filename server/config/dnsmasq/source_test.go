package dnsmasq

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/server/config"
)

// disk is a host in memory, whose file /main is the configuration. A script says its own words.
func disk(files map[string]string) Source {
	tree := fstest.MapFS{}
	for name, text := range files {
		tree[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return Source{
		Files: tree,
		Stdin: strings.NewReader("dhcp-boot=stdin.0\n"),
		Run: func(command string) ([]byte, error) {
			if command == "false" {
				return nil, errors.New("exit status 1")
			}
			return []byte("\ndhcp-boot=" + command + "\n"), nil
		},
	}
}

// said is what a configuration's parts say that are looked at here, one a line.
func said(cfg *config.Config) string {
	var lines []string
	say := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	for _, b := range cfg.DHCP.Boot {
		at := ""
		if b.Server.IsValid() {
			at = " at " + b.Server.String()
		}
		say("%s: boot %s%s", b.Rule, b.File, at)
	}
	for _, s := range cfg.DHCP.Services {
		say("%s: service %s at %s", s.Rule, s.Text, s.Server)
	}
	for _, h := range cfg.DHCP.Policy.Hosts {
		text := ""
		for _, m := range h.MACs {
			text += fmt.Sprintf(" %x", m.Bytes)
		}
		if h.Addr != (netip.Addr{}) {
			text += " " + h.Addr.String()
		}
		say("%s: host%s %s%s", h.Rule, text, h.Name, strings.Join(h.Sets, "+"))
	}
	for _, o := range cfg.DHCP.SubOptions {
		say("%s: sub-option %d %s", o.Rule, o.Code, o.Value)
	}
	for _, n := range cfg.Notices {
		if !n.Note && !strings.Contains(n.Text, "port=0") && !strings.Contains(n.Text, "dhcp-range") && !strings.Contains(n.Text, "accepted without effect") {
			say("%s", n)
		}
	}
	return strings.Join(lines, "\n")
}

func TestFilesBesideTheConfiguration(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"the standard input, once": {map[string]string{
			"main": "conf-file=-\nconf-file=-\ndhcp-boot=a"},
			"stdin:1: boot stdin.0\nmain:3: boot a"},
		"no file": {map[string]string{"main": "conf-file=\nconf-file\ndhcp-boot=a"}, "main:3: boot a"},
		"what a command says, each time": {map[string]string{
			"main": "conf-script=one\nconf-script=one\n"},
			"output of one:2: boot one\noutput of one:2: boot one"},
		"a file is the same by another name": {map[string]string{
			"main": "conf-file=/d/../more\nconf-file=more\n", "more": "dhcp-boot=a"},
			"/d/../more:1: boot a"},
		"files of options": {map[string]string{
			"main": "dhcp-optsfile=/opts\ndhcp-option=vendor:PXEClient,1,main\ndhcp-optsdir=/dir\ndhcp-optsfile=/opts2", "dir/b": "vendor:PXEClient,4,of b",
			"dir/a": "vendor:PXEClient,3,a", "opts": "# of the site\nvendor:PXEClient,2,opts # one", "opts2": "vendor:PXEClient,5,opts2"},
			"main:2: sub-option 1 main\n/opts2:1: sub-option 5 opts2\n/opts:2: sub-option 2 opts\n/dir/a:1: sub-option 3 a\n/dir/b:1: sub-option 4 of b"},
		"directories of hosts behind the files": {map[string]string{
			"main": "dhcp-hostsdir=/w\ndhcp-hostsfile=/dir\ndhcp-hostsfile=/hosts\n",
			"w/x":  "52:54:00:00:00:03,set:w", "dir/x": "52:54:00:00:00:02,set:dir", "hosts": "52:54:00:00:00:01,set:hosts"},
			"/hosts:1: host 525400000001 hosts\n/dir/x:1: host 525400000002 dir\n/w/x:1: host 525400000003 w"},
		"what is wrong there is left out": {map[string]string{
			"main": "dhcp-hostsfile=/hosts\ndhcp-hostsfile=/none\ndhcp-hostsdir=/hosts\n", "hosts": "no!name\n52:54:00:00:00:01,set:b\n\"x"},
			"/hosts:2: host 525400000001 b\n" +
				"main:2: open none: file does not exist\n" +
				"/hosts:1: this line is left out: dhcp-host: \"no!name\" is neither an address, nor a name, nor a time\n" +
				"/hosts:3: this line is left out: a double quote is missing (dnsmasq has no other quotes: ' is an ordinary character)\n" +
				"main:3: /hosts is not a directory, and so is not read"},
		"ethers": {map[string]string{
			"main": "read-ethers\n", "etc/ethers": "# all\n52:54:00:00:00:01 one\n52:54:0:0:0:2\t192.168.9.52\n+\n52:54:00:00:00:03 one\n52:54 two\n52:54:00:00:00:04 no!name\n52:54:00:00:00:05 1.2.3\n52:54:00:00:00:06\n"},
			"/etc/ethers:2: host 525400000001 one\n/etc/ethers:3: host 525400000002 192.168.9.52 \n" +
				"/etc/ethers:5: this line is left out: one stands here a second time\n" +
				"/etc/ethers:6: this line is left out: \"52:54\" is not a MAC address\n" +
				"/etc/ethers:7: this line is left out: \"no!name\" is not a name\n" +
				"/etc/ethers:8: this line is left out: \"1.2.3\" is not an IPv4 address\n" +
				"/etc/ethers:9: this line is left out: a name or an address is missing behind 52:54:00:00:00:06"},
		"ethers of known hosts": {map[string]string{
			"main": "read-ethers\ndhcp-host=52:54:00:00:00:01,set:a\ndhcp-host=two,set:b\n", "etc/ethers": "52:54:00:00:00:01 one\n52:54:00:00:00:02 two\n"},
			"main:2: host 525400000001 onea\nmain:3: host 525400000002 twob"},
		"no ethers": {map[string]string{"main": "read-ethers"}, "main:1: read-ethers: open etc/ethers: file does not exist"},
		"servers by name": {map[string]string{
			"main":      "dhcp-boot=a,,boot.lab\npxe-service=x86PC,menu,b,OTHER\ndhcp-boot=c,,rec\naddn-hosts=/more\nhost-record=rec.lab,rec,192.168.9.33,fd00::1,60",
			"etc/hosts": "127.0.0.1 localhost\n192.168.9.31 boot boot.lab # ours\n::1 other\n", "more": "nonsense here\n192.168.9.32 other\n"},
			"main:1: boot a at 192.168.9.31\nmain:3: boot c at 192.168.9.33\nmain:2: service menu at 192.168.9.32\n" +
				"/more:1: this line is left out: \"nonsense\" is not an IP address"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg, err := disk(c.files).Load("main")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, said(cfg)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// What whoever waits for changes has to look at, beside the files that were read.
func TestWhereElseWasLooked(t *testing.T) {
	cfg, err := disk(map[string]string{
		"main": "conf-dir=/c\ndhcp-hostsfile=/none\ndhcp-hostsfile=/h\ndhcp-hostsdir=/w\ndhcp-optsdir=/o\nhostsdir=/n\ndhcp-hostsdir=/missing\nread-ethers\ndhcp-boot=a,,boot",
		"c/x":  "", "h/x": "", "w/x": "", "o/x": "", "n/x": "192.168.9.9 boot",
	}).Load("main")
	if err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprintf("files %v\nsought %v\nwatched %v", cfg.Files, cfg.Sought, cfg.Watched)
	want := "files [main /c/x /h/x /o/x /w/x /n/x]\nsought [/c /etc/ethers /h /none /missing /etc/hosts]\nwatched [/o /w /n]"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, n := range cfg.Notices {
		if n.Note {
			got += "\n" + n.String()
		}
	}
	const later = ": while bootrig serves, files that come or change here count at once, and those that go with the next reading (SIGHUP)"
	for _, line := range []string{"\nmain:4: dhcp-hostsdir", "\nmain:5: dhcp-optsdir", "\nmain:6: hostsdir"} {
		if !strings.Contains(got, line+later) {
			t.Errorf("no note %q in%s", line, got)
		}
	}
}

func TestFilesThatCannotBeRead(t *testing.T) {
	for name, c := range map[string]struct{ main, want string }{
		"a missing file":             {"conf-file=/none", "main:1: conf-file: open none: file does not exist"},
		"a missing directory":        {"\nconf-dir=/none", "main:2: conf-dir: open none: file does not exist"},
		"a directory as a file":      {"conf-file=/d", "main:1: conf-file: /d is not a regular file"},
		"a command that fails":       {"conf-script=false", "main:1: conf-script=false: exit status 1"},
		"a name that is nobody's":    {"dhcp-boot=a,,nobody", `main:1: dhcp-boot: "nobody" is neither an IPv4 address nor a name of /etc/hosts, addn-hosts or host-record: leave it out if this server is meant`},
		"/etc/hosts with no-hosts":   {"no-hosts\ndhcp-boot=a,,boot", `main:2: dhcp-boot: "boot" is neither an IPv4 address nor a name of /etc/hosts, addn-hosts or host-record: leave it out if this server is meant`},
		"a name of IPv6":             {"dhcp-boot=a,,six", `main:1: dhcp-boot: "six" is neither an IPv4 address nor a name of /etc/hosts, addn-hosts or host-record: leave it out if this server is meant`},
		"an IPv6 address":            {"dhcp-boot=a,,fd00::1", `main:1: dhcp-boot: fd00::1 is not an IPv4 address`},
		"a mistake in the second":    {"conf-file=/more\ndhcp-bot=x", "/more:2: unknown option \"frobnicate\"\nmain:2: unknown option \"dhcp-bot\": did you mean dhcp-boot?"},
		"a mistake in the directory": {"conf-dir=/d", "/d/x:1: dhcp-boot needs a value"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := disk(map[string]string{"main": c.main, "more": "\nfrobnicate", "d/x": "dhcp-boot", "etc/hosts": "192.168.9.3 boot\nfd00::1 six"}).Load("main")
			if err == nil {
				t.Fatal("accepted")
			}
			if diff := cmp.Diff(c.want, err.Error()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
