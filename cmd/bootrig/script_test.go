package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/bootrig/bootrig/emulator/tap"
	"github.com/bootrig/bootrig/emulator/tap/taptest"
	"github.com/bootrig/bootrig/internal/must"
	"github.com/bootrig/bootrig/server/config/dnsmasq"
)

func TestMain(m *testing.M) {
	taptest.Child(m)
	testscript.Main(m, map[string]func(){"bootrig": main, "holder": holder, "managed": managed, "prisoner": prisoner, "oldkernel": oldKernel})
}

// The command line as a user meets it: testdata/script, one idea a file.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			captures, err := filepath.Abs("../../testdata/captures")
			e.Setenv("CAPTURES", captures)
			return errors.Join(err, entered(e.WorkDir))
		},
		Condition: func(cond string) (bool, error) {
			switch cond {
			case "netns": // a net namespace of one's own, where the ports below 1024 are free and ours
				err := exec.Command("unshare", "--net", "ip", "link", "set", "lo", "up").Run()
				return has(must.Root, "a net namespace wants root, unshare and ip", err)
			case "tap":
				err := tap.Available()
				return has(must.Tap, fmt.Sprint(err), err)
			case "curl":
				_, err := exec.LookPath("curl")
				return has(must.Peers, "curl is not installed", err)
			}
			return false, fmt.Errorf("unknown condition %q", cond)
		},
	})
}

// public is a directory that a server which has become somebody else gets to.
func public(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := entered(dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

// entered lets everybody enter the directories on the way to one.
func entered(dir string) error {
	info, err := os.Stat(dir)
	if err == nil && info.Mode().Perm()&1 == 0 {
		err = os.Chmod(dir, info.Mode().Perm()|0o111)
	}
	if up := filepath.Dir(dir); up != dir && err == nil {
		return entered(up)
	}
	return err
}

// has answers a condition by which scripts skip: it is true unless err says that something is lacking.
func has(what, reason string, err error) (bool, error) {
	if err == nil {
		return true, nil
	}
	return false, must.Lack(what, reason)
}

// holder is a program that has the UDP port of its argument until its input ends.
func holder() {
	conn, err := net.ListenPacket("udp4", "0.0.0.0:"+os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	defer conn.Close()
	fmt.Println("ready")
	_, _ = os.Stdin.Read(make([]byte, 1))
}

func TestParseHTTP(t *testing.T) {
	for value, want := range map[string]string{
		"80": "{invalid IP 80  --http}", "8080=/srv/x=y": "{invalid IP 8080 /srv/x=y --http}", "192.168.9.2:80": "{192.168.9.2 80  --http}", "[::1]:80=d": "{::1 80 d --http}",
		":80": "{invalid IP 80  --http}",
	} {
		got, err := parseHTTP(value)
		if err != nil || fmt.Sprint(got) != want {
			t.Errorf("%s: %v, %v, want %s", value, got, err, want)
		}
	}
	for _, value := range []string{"", "http", "0", "65536", "host:80", "=/srv"} {
		if got, err := parseHTTP(value); err == nil {
			t.Errorf("%q was read as %v", value, got)
		}
	}
}

func TestHostLinksOfTheLoopback(t *testing.T) {
	links, err := hostLinks([]string{"lo"})
	if err != nil || len(links) == 0 || links[0].Prefix.String() != "127.0.0.1/8" {
		t.Errorf("%v, %v", links, err)
	}
	if _, err := hostLinks([]string{"nosuch0"}); err == nil || !strings.HasPrefix(err.Error(), "--interface: there is no interface nosuch0 here, only lo") {
		t.Errorf("an interface that is not there: %v", err)
	}
}

func TestTheFlagWinsOverTheOffersOfTheFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "bootrig.yaml")
	if err := os.WriteFile(file, []byte("networks: [{network: 192.168.9.0/24}]\nboot: [{file: a.0}]\noffers: [{form: redirect}]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for flag, want := range map[string]string{"": "redirect " + file + ":3", "direct": "direct --offer=direct"} {
		s := source{configured: configured{YAML: file}, offering: offering{Offer: flag}}
		settings, err := s.settings(dnsmasq.Source{})
		if o := settings.DHCP.Offers; err != nil || len(o) != 1 || string(o[0].Form)+" "+o[0].Rule != want {
			t.Errorf("--offer=%s: %v, %v, want %s", flag, o, err, want)
		}
	}
}

func TestFlagsMayStandAmongWords(t *testing.T) {
	parser, err := kong.New(&cli{})
	if err != nil {
		t.Fatal(err)
	}
	for line, want := range map[string]string{
		"boot ipxe-bios --as sim ./netboot":        "boot --as sim ipxe-bios ./netboot",
		"boot a -C x b --as=tap c -v d":            "boot -C x --as=tap -v a b c d",
		"test a --json b -j 2 c":                   "test --json -j 2 a b c",
		"test a -- --json b":                       "test -- a --json b",
		"convert -":                                "convert -",
		"serve -i eth0 dir --interface eth1 other": "serve -i eth0 --interface eth1 dir other",
		"check --explain":                          "check --explain",
		"nosuch a -b":                              "nosuch a -b",
		"--help":                                   "--help",
		"media show ./a --json ./b":                "media show --json ./a ./b",
		"media add mine.yaml --dir d":              "media add --dir d mine.yaml",
		"media --help":                             "media --help",
	} {
		if got := strings.Join(flagsFirst(parser.Model, strings.Fields(line)), " "); got != want {
			t.Errorf("%s becomes %s, want %s", line, got, want)
		}
	}
}

// managed is a service manager that listens to NOTIFY_SOCKET, and says what it heard until it is told to end.
func managed() {
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: os.Getenv("NOTIFY_SOCKET"), Net: "unixgram"})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	_ = os.Chmod(os.Getenv("NOTIFY_SOCKET"), 0o777) // as systemd's is
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, syscall.SIGTERM)
	go func() { <-ended; conn.Close() }()
	patience := false
	for buf := make([]byte, 4096); ; {
		n, err := conn.Read(buf)
		if err != nil {
			break
		}
		if strings.HasPrefix(string(buf[:n]), "EXTEND_TIMEOUT_USEC=") {
			patience = true
			continue
		}
		fmt.Println(string(buf[:n]))
	}
	if patience {
		fmt.Println("asked for time")
	}
}
