package scenarios_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/bootrig/bootrig/internal/must"
)

// wellFormed asks tshark, who shares no code with us, for malformed frames, errors and bad checksums.
func wellFormed(t *testing.T, pcapng string) {
	tshark, err := exec.LookPath("tshark")
	if err != nil {
		must.Skip(t, must.Peers, "tshark is not installed: captures are not judged by another decoder")
	}
	const many = "50000" // frames, behind which a file goes on as it began
	cmd := exec.Command(tshark, "-r", pcapng, "-c", many, "-o", "udp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE",
		"-Y", "_ws.malformed || _ws.expert.severity == error || udp.checksum.status == Bad || ip.checksum.status == Bad")
	cmd.Env = append(os.Environ(), "WIRESHARK_CONFIG_DIR="+knowsOnly(t, tshark, spoken()))
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("tshark: %v: %s", err, out)
	}
	for line := range strings.Lines(string(out)) {
		if !strings.Contains(line, "as user \"root\"") {
			t.Errorf("tshark does not like: %s", line)
		}
	}
}

// spoken are the protocols of a lab. A client's port, or what an initrd has in the middle, can by chance be what makes
// tshark think of another, which it then finds malformed; so it knows no HTTP, which can carry everything.
func spoken() []string {
	return []string{"eth", "vlan", "arp", "ip", "ipv6", "icmp", "icmpv6", "igmp", "udp", "tcp", "dhcp", "tftp"}
}

// knowsOnly makes a directory of preferences by which tshark knows some protocols and no others.
func knowsOnly(t *testing.T, tshark string, some []string) string {
	t.Helper()
	all, err := protocols(tshark)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range some {
		if !slices.Contains(all, name) {
			t.Fatalf("tshark knows no protocol %q", name)
		}
	}
	others := slices.DeleteFunc(slices.Clone(all), func(name string) bool { return slices.Contains(some, name) })
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "disabled_protos"), []byte(strings.Join(others, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

var known struct {
	sync.Once
	all []string
	err error
}

// protocols are the names of all that tshark knows.
func protocols(tshark string) ([]string, error) {
	known.Do(func() {
		var out []byte
		out, known.err = exec.Command(tshark, "-G", "protocols").Output()
		for line := range strings.Lines(string(out)) {
			if fields := strings.Split(strings.TrimSpace(line), "\t"); len(fields) >= 3 { // its name, a short one, and the one in filters
				known.all = append(known.all, fields[2])
			}
		}
	})
	return known.all, known.err
}

// TestTsharkIsAskedAboutWhatIsSpoken: a client's port that is another protocol's is nothing that tshark complains of, and a
// DHCP packet that is cut short is.
func TestTsharkIsAskedAboutWhatIsSpoken(t *testing.T) {
	tshark, err := exec.LookPath("tshark")
	if err != nil {
		must.Skip(t, must.Peers, "tshark is not installed")
	}
	t.Setenv("WIRESHARK_CONFIG_DIR", knowsOnly(t, tshark, spoken()))
	for name, c := range map[string]struct {
		ports    string
		payload  string
		complain bool
	}{
		"TFTP data to the port of PFCP": {"49152,8805", "00 03 00 01 2b 2b 2b 2b 2b 2b 2b 2b 2b 2b 2b 2b 2b 2b", false},
		"DHCP that is cut short":        {"67,68", "02 01 06 00", true},
	} {
		t.Run(name, func(t *testing.T) {
			pcap := filepath.Join(t.TempDir(), "c.pcap")
			text := exec.Command("text2pcap", "-u", c.ports, "-", pcap)
			text.Stdin = strings.NewReader("0000 " + c.payload + "\n")
			if out, err := text.CombinedOutput(); err != nil {
				t.Fatalf("text2pcap: %v: %s", err, out)
			}
			out, err := exec.Command(tshark, "-r", pcap, "-Y", "_ws.malformed || _ws.expert.severity == error").Output()
			if err != nil || (len(out) > 0) != c.complain {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
}
