package dnsmasq

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/server/config"
)

// tree writes files and returns their directory.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(strings.ReplaceAll(text, "DIR", dir)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// boots are the boot files of a configuration in their order, with their lines.
func boots(cfg *config.Config, dir string) string {
	var all []string
	for _, b := range cfg.DHCP.Boot {
		all = append(all, b.File+" "+strings.TrimPrefix(b.Rule, dir+"/"))
	}
	return strings.Join(all, ", ")
}

func TestFilesThatNameFiles(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"a file stands in the place of its line": {map[string]string{
			"main": "dhcp-boot=a\nconf-file=DIR/more\ndhcp-boot=c", "more": "# more\ndhcp-boot=b"},
			"a main:1, b more:2, c main:3"},
		"no file is read twice and the first neither": {map[string]string{
			"main": "conf-file=DIR/more\nconf-file=DIR/./more\nconf-file=DIR/main\ndhcp-boot=a", "more": "dhcp-boot=b\nconf-file=DIR/main"},
			"b more:1, a main:4"},
		"a directory in the order of names": {map[string]string{
			"main": "conf-dir=DIR/d", "d/20": "dhcp-boot=b", "d/10.conf": "dhcp-boot=a", "d/sub/30": "dhcp-boot=c"},
			"a d/10.conf:1, b d/20:1"},
		"what editors leave behind is not read": {map[string]string{
			"main": "conf-dir=DIR/d", "d/a~": "dhcp-boot=a", "d/.b": "dhcp-boot=b", "d/#c#": "dhcp-boot=c", "d/d": "dhcp-boot=d"},
			"d d/d:1"},
		"only what ends as wanted": {map[string]string{
			"main": "conf-dir=DIR/d,*.conf,*.cfg,*", "d/a.conf": "dhcp-boot=a", "d/b.cfg": "dhcp-boot=b", "d/c": "dhcp-boot=c", "d/.conf": "dhcp-boot=d"},
			"a d/a.conf:1, b d/b.cfg:1"},
		"but what ends as unwanted": {map[string]string{
			"main": "conf-dir=DIR/d,.bak,.old", "d/a": "dhcp-boot=a", "d/b.bak": "dhcp-boot=b", "d/c.old": "dhcp-boot=c"},
			"a d/a:1"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := tree(t, c.files)
			cfg, err := Load(filepath.Join(dir, "main"))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, boots(cfg, dir)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestAMistakeInAnIncludedFileHasItsLine(t *testing.T) {
	dir := tree(t, map[string]string{"main": "conf-file=DIR/more\ndhcp-bot=x", "more": "\ndhcp-hots=x"})
	_, err := Load(filepath.Join(dir, "main"))
	want := "more:2: unknown option \"dhcp-hots\": did you mean dhcp-host?\nmain:2: unknown option \"dhcp-bot\": did you mean dhcp-boot?"
	if err == nil || strings.ReplaceAll(err.Error(), dir+"/", "") != want {
		t.Errorf("the mistakes are %v", err)
	}
}

func TestOnlyRegularFilesAreIncluded(t *testing.T) {
	_, err := Parse("x", []byte("conf-file=/dev/zero"))
	if want := "x:1: conf-file: /dev/zero is not a regular file"; err == nil || err.Error() != want {
		t.Errorf("the mistake is %v, want %s", err, want)
	}
}

func TestHostsFiles(t *testing.T) {
	dir := tree(t, map[string]string{
		"main":    "dhcp-hostsfile=DIR/hosts\ndhcp-host=52:54:00:00:00:01,set:main\ndhcp-hostsdir=DIR/d\ndhcp-hostsfile=DIR/missing",
		"hosts":   "# known machines\n52:54:00:00:00:02,set:file # one\n\n",
		"d/third": "52:54:00:00:00:03,ignore",
	})
	cfg, err := Load(filepath.Join(dir, "main"))
	if err != nil {
		t.Fatal(err)
	}
	var rules []string
	for _, h := range cfg.DHCP.Policy.Hosts {
		rules = append(rules, strings.TrimPrefix(h.Rule, dir+"/"))
	}
	if diff := cmp.Diff([]string{"main:2", "hosts:2", "d/third:1"}, rules); diff != "" {
		t.Errorf("hosts (-want +got):\n%s", diff)
	}
	if n := cfg.Notices[0]; !strings.HasSuffix(n.Rule, "main:4") || !strings.Contains(n.Text, "missing: no such file") {
		t.Errorf("the first notice is %s", n)
	}
}

func TestOneNoticeForAllThatChangesNothing(t *testing.T) {
	cfg, err := Parse("x", []byte("port=0\ncache-size=0\ndomain-needed\ndhcp-range=192.168.9.0,proxy\ndhcp-range=fd00::1,fd00::9,64\n"+
		"domain-needed\ndhcp-boot=a,,192.168.9.2\npxe-prompt=x\ndhcp-option=3,1.2.3.4\ndhcp-broadcast\ndhcp-no-override\nuser=nobody\n"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, n := range cfg.Notices {
		got = append(got, n.String())
	}
	want := []string{
		"x:2: cache-size, domain-needed, dhcp-range=fd00::1: accepted without effect: only DNS, IPv6 and logging have a use for it, which bootrig leaves to others",
		"x:9: dhcp-option, dhcp-broadcast, dhcp-no-override: accepted without effect: it is for those who give addresses; a proxy gives none",
		"x:12: user: accepted without effect: it is about dnsmasq's own process",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("notices (-want +got):\n%s", diff)
	}
}
