package main

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/proxydhcp"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"bootrig": main, "holder": holder})
}

// The command line as a user meets it: testdata/script, one idea a file.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Condition: func(cond string) (bool, error) {
			if cond != "netns" {
				return false, fmt.Errorf("unknown condition %q", cond)
			}
			// A net namespace of one's own, where the ports below 1024 are free and ours.
			return exec.Command("unshare", "--net", "ip", "link", "set", "lo", "up").Run() == nil, nil
		},
	})
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
	if _, err := hostLinks([]string{"nosuch0"}); err == nil || !strings.HasPrefix(err.Error(), "--interface: there is no nosuch0 here, only lo") {
		t.Errorf("an interface that is not there: %v", err)
	}
}

func TestTheFlagWinsOverTheOffersOfTheFile(t *testing.T) {
	said := []proxydhcp.Offer{{Form: proxydhcp.Redirect, Rule: "bootrig.yaml:3"}}
	for flag, want := range map[string]string{"": "redirect bootrig.yaml:3", "direct": "direct --offer=direct"} {
		settings := config.Config{DHCP: proxydhcp.Config{Offers: said}}
		(&ServeCmd{Offer: flag}).offer(&settings)
		if o := settings.DHCP.Offers; len(o) != 1 || string(o[0].Form)+" "+o[0].Rule != want {
			t.Errorf("--offer=%s: %v, want %s", flag, o, want)
		}
	}
}
