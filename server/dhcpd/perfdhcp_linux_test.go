package dhcpd_test

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	lacks "github.com/bootrig/bootrig/internal/must"
	"github.com/bootrig/bootrig/server/config/dnsmasq"
	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/dhcpd"
	"github.com/bootrig/bootrig/server/state"
)

// perfdhcp asks for two seconds from the client's namespace, and returns the drops of each exchange in
// percent: DISCOVER to OFFER, and REQUEST to ACK if there are any.
func perfdhcp(t *testing.T, w wire, args ...string) (drops []float64) {
	t.Helper()
	program, err := exec.LookPath("/usr/sbin/perfdhcp")
	if err != nil {
		lacks.Skip(t, lacks.Peers, "perfdhcp is not installed: `apt-get install kea-admin`")
	}
	var out []byte
	w.in(t, w.client, func() {
		out, err = exec.Command(program, append([]string{"-4", "-l", "eth0", "-r", "400", "-R", "100", "-p", "2"}, args...)...).CombinedOutput()
	})
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 3) { // 3: some were dropped
		t.Fatalf("perfdhcp: %v\n%s", err, out)
	}
	for _, m := range regexp.MustCompile(`sent packets: (\d+)\s+received packets: (\d+)\s+drops: (-?\d+)`).FindAllSubmatch(out, -1) {
		sent, _ := strconv.ParseFloat(string(m[1]), 64)
		lost, _ := strconv.ParseFloat(string(m[3]), 64)
		if sent == 0 {
			t.Fatalf("nothing was asked:\n%s", out)
		}
		drops = append(drops, 100*lost/sent)
	}
	if len(drops) == 0 {
		t.Fatalf("perfdhcp said\n%s", out)
	}
	return drops
}

const (
	worse  = 2 // what is dropped may be so much more than with dnsmasq, in percent of what was asked
	rounds = 5 // who drops more does so each time; a machine that is busy with something else does not
)

func TestPerfdhcpWorksAsAgainstDnsmasq(t *testing.T) {
	const pool = "dhcp-range=192.168.9.112,192.168.9.250"
	pxe := []string{"-i", "-o", "60," + hex.EncodeToString([]byte("PXEClient:Arch:00000:UNDI:002001")), "-o", "93,0000", "-o", "94,010201"}
	for name, c := range map[string]struct{ conf, args []string }{
		"leases":       {conf: []string{pool, "no-ping"}},
		"proxy offers": {conf: []string{"dhcp-range=192.168.9.0,proxy", "pxe-service=x86PC,Boot,a"}, args: pxe},
	} {
		t.Run(name, func(t *testing.T) {
			why := ""
			for range rounds {
				if why = round(t, c.conf, c.args); why == "" {
					return
				}
				t.Log(why)
			}
			t.Errorf("in each of %d rounds %s", rounds, why)
		})
	}
}

// round asks dnsmasq and us, one after the other, and says in what we are worse.
func round(t *testing.T, conf, args []string) (worseIn string) {
	var drops [2][]float64 // of dnsmasq and of ours
	t.Run("dnsmasq", func(t *testing.T) {
		w := newWire(t)
		var lines []string
		for _, line := range conf {
			lines = append(lines, "--"+line)
		}
		startDnsmasq(t, lines...)
		drops[0] = perfdhcp(t, w, args...)
	})
	t.Run("ours", func(t *testing.T) {
		w := newWire(t)
		servePool(t, w, conf)
		drops[1] = perfdhcp(t, w, args...)
	})
	t.Logf("dropped by dnsmasq %.1f %%, by bootrig %.1f %%", drops[0], drops[1])
	switch {
	case raceEnabled:
		return "" // the race detector makes ours several times slower: the comparison is of what people run
	case len(drops[0]) != len(drops[1]) || len(drops[0]) > 0 && drops[0][0] > 50:
		return fmt.Sprintf("there is no comparison: dnsmasq drops %.1f %%", drops[0])
	}
	for i := range drops[1] {
		if drops[1][i] > drops[0][i]+worse {
			return fmt.Sprintf("bootrig drops %.1f %% of exchange %d, dnsmasq %.1f %%", drops[1][i], i, drops[0][i])
		}
	}
	return ""
}

// servePool serves a configuration as the command does, with its leases on the disk.
func servePool(t *testing.T, w wire, lines []string) {
	t.Helper()
	conf := ""
	for _, line := range lines {
		conf += fmt.Sprintln(line)
	}
	cfg, err := dnsmasq.Parse("dnsmasq.conf", []byte(conf))
	must(t, err)
	store, err := state.Open(filepath.Join(t.TempDir(), "state.db"), func(text string) { t.Error(text) })
	must(t, err)
	links := []dhcp.Link{w.link}
	l, err := dhcpd.Listen(links, dhcpd.Needs{Addresses: len(cfg.Leases.Ranges) > 0})
	must(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() {
		served <- l.Serve(ctx, dhcpd.Config{PXE: &cfg.DHCP, Lease: &cfg.Leases, Links: links, Store: store.Apply})
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-served; err != nil {
			t.Errorf("ended with %v", err)
		}
		must(t, store.Close())
	})
}
