package conformance

import (
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/bootrig/bootrig/internal/peer"
	netboot "github.com/bootrig/bootrig/server"
	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/config/dnsmasq"
	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/wire/event"
)

type tftpConfiguration struct{ name, conf string }

// in is the configuration of a directory.
func (c tftpConfiguration) in(dir string) string {
	conf := strings.ReplaceAll("port=0\nenable-tftp\n"+c.conf+"\n", "ROOT", dir)
	if strings.Contains(conf, "enable-tftp=") {
		conf = strings.Replace(conf, "enable-tftp\n", "", 1)
	}
	return conf
}

// tftpConfigurations are read with ROOT as the directory of plantTFTP.
var tftpConfigurations = []tftpConfiguration{
	{"plain", "tftp-root=ROOT"},
	{"root with a slash", "tftp-root=ROOT/"},
	{"lowercase", "tftp-root=ROOT\ntftp-lowercase"},
	{"no-blocksize", "tftp-root=ROOT\ntftp-no-blocksize"},
	{"secure", "tftp-root=ROOT\ntftp-secure"},
	{"unique-root", "tftp-root=ROOT\ntftp-unique-root"},
	{"unique-root=mac", "tftp-root=ROOT\ntftp-unique-root=mac"},
	{"mtu", "tftp-root=ROOT\ntftp-mtu=600"},
	{"single-port", "tftp-root=ROOT\ntftp-single-port"},
	{"port-range", "tftp-root=ROOT\ntftp-port-range=5000,5050"},
	{"a root on the interface", "tftp-root=ROOT\ntftp-root=ROOT/dir,eth0"},
	{"no-fail", "tftp-root=ROOT/nosuch\ntftp-no-fail"},
	{"quiet, on one interface", "tftp-root=ROOT\nquiet-tftp\nenable-tftp=eth*\ntftp-max=30"},
}

const versionInfo = "Debian version:  12 (bookworm)\nInstaller build: 20230607+deb12u11\n"

// plantTFTP makes the files that are asked for.
func plantTFTP(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	lines := strings.Repeat("x", 510) + "\n\nline\n" + strings.Repeat("y", 500) + "\n"
	files := map[string]string{
		"version.info": versionInfo, "empty": "", "dir/version.info": "below\n", "dir/sub/x": "x", "a b": "a blank", "UPPER.txt": "upper", "both": "lower",
		"Both": "upper", "lines": lines, "cr": "a\rb\r\nc", "192.168.9.101/version.info": "by address\n", "52-54-00-00-00-09/version.info": "by MAC\n",
		"secret": "secret", "private/x": "x", "caf\xc3\xa9": "UTF-8", "back\\slash": "x", "..x": "dots", "x..": "dots",
	}
	for _, n := range []int{1, 511, 512, 513, 1023, 1024, 1025, 1468, 1469, 3000} {
		files[fmt.Sprint("size", n)] = strings.Repeat("0123456789abcde", 200)[:n]
	}
	for name, text := range files {
		at := filepath.Join(dir, name)
		must(t, os.MkdirAll(filepath.Dir(at), 0o755))
		must(t, os.WriteFile(at, []byte(text), 0o644))
	}
	for name, to := range map[string]string{
		"link": "version.info", "deep": "dir/sub/x", "linkdir": "dir", "absolute": filepath.Join(dir, "version.info"), "up": "dir/../version.info",
		"dangling": "nosuch", "dangling-out": "/nosuch", "out": "/etc/passwd", "out-dir": "/etc", "loop": "loop", "192.168.9.101/common": "../version.info",
	} {
		must(t, os.Symlink(to, filepath.Join(dir, name)))
	}
	must(t, os.Chmod(filepath.Join(dir, "secret"), 0o640))
	must(t, os.Chmod(filepath.Join(dir, "private"), 0o700))
	must(t, os.WriteFile(filepath.Join(dir, "huge"), nil, 0o644))
	must(t, os.Truncate(filepath.Join(dir, "huge"), 1<<32+77))
	socket, err := syscall.Socket(syscall.AF_UNIX, syscall.SOCK_DGRAM, 0)
	must(t, err)
	defer syscall.Close(socket)
	here, err := os.Getwd()
	must(t, err)
	must(t, os.Chdir(dir)) // the name of a socket is short
	must(t, syscall.Bind(socket, &syscall.SockaddrUnix{Name: "socket"}))
	must(t, os.Chmod("socket", 0o666))
	must(t, os.Chdir(here))
	return dir
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestTheRealDnsmasqServesAlike is the suite for TFTP.
func TestTheRealDnsmasqServesAlike(t *testing.T) { against(t, servesAlike) }

func servesAlike(t *testing.T, d peer.Program) {
	dir := plantTFTP(t)
	sum := tftpTally{version: d.Version, excused: map[string]int{}}
	for _, c := range tftpConfigurations {
		t.Run(c.name, func(t *testing.T) {
			conf := c.in(dir)
			real := startTFTP(t, d, []byte(conf), dir)
			settings, err := dnsmasq.Parse("dnsmasq.conf", []byte(conf))
			must(t, err)
			ours := machineOf(t, settings)
			sum.configurations++
			for i, q := range tftpQuestionsOf(d.Version) {
				q.packet = strings.ReplaceAll(q.packet, "ROOT", dir)
				client := netip.AddrPortFrom(tftpClient, uint16(30000+i))
				switch {
				case q.atOnce:
					real.settle(t)
				case d.Version >= keepsBlocks:
					real.forget(t)
				}
				x := tftpExchange{conf: c.conf, tftpQuestion: q, theirs: interview(t, real, client, q), ours: interview(t, ours, client, q)}
				sum.judge(t, c.name, x)
			}
		})
	}
	sum.report(t, len(tftpQuestionsOf(d.Version)))
}

// machineOf is our server with a configuration, as a machine.
func machineOf(t *testing.T, settings *config.Config) *machinePeer {
	t.Helper()
	s, err := netboot.New(netboot.Config{
		Links:    []dhcp.Link{{Name: "eth0", Index: 2, Prefix: server}},
		Settings: *settings,
		Events:   event.Discard,
		Neighbor: func(string, netip.Addr) (net.HardwareAddr, bool) { return ourMAC, true },
	})
	must(t, err)
	return &machinePeer{m: s.Machine()}
}

// A tftpTally counts exchanges.
type tftpTally struct {
	version                                                  string
	configurations, compared, equal, silent, intended, wrong int

	excused map[string]int
}

func (s *tftpTally) judge(t *testing.T, conf string, x tftpExchange) {
	s.compared++
	rest := x.differing()
	if len(rest) == 0 {
		s.equal++
		if x.ours["answer"] == "silence" {
			s.silent++
		}
		return
	}
	used := map[string]bool{}
	for _, d := range s.differences() {
		for _, field := range tftpExcuses[d.ID](x) {
			if i := slices.Index(rest, field); i >= 0 {
				rest = slices.Delete(rest, i, i+1)
				used[d.ID] = true
			}
		}
	}
	if len(rest) == 0 {
		s.intended++
		for id := range used {
			s.excused[id]++
		}
		return
	}
	s.wrong++
	t.Errorf("%s | %s | %q: %v\ndnsmasq %v\nours    %v", conf, x.name, x.packet, rest, x.theirs, x.ours)
}

// differences are those of this dnsmasq's TFTP.
func (s *tftpTally) differences() []dnsmasq.Difference {
	return slices.DeleteFunc(dnsmasq.Differences(), func(d dnsmasq.Difference) bool { return tftpExcuses[d.ID] == nil || !d.In(s.version) })
}

func (s *tftpTally) report(t *testing.T, questions int) {
	t.Logf("TFTP configurations: %d; names and option strings: %d", s.configurations, questions)
	t.Logf("TFTP exchanges: %d compared, %d equal (%d of them silence), %d excused, %d wrong", s.compared, s.equal, s.silent, s.intended, s.wrong)
	for _, d := range s.differences() {
		t.Logf("excused by %s: %d", d.ID, s.excused[d.ID])
		if s.excused[d.ID] == 0 {
			t.Errorf("the intended difference %s was not seen", d.ID)
		}
	}
}
