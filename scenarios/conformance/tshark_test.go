package conformance

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"
)

// tshark finds no fault with any of the frames.
func tshark(t *testing.T, frames [][]byte) {
	if _, err := exec.LookPath("tshark"); err != nil {
		lacking(t, "tshark is not installed: `apt-get install tshark`")
	}
	name := filepath.Join(t.TempDir(), "replies.pcap")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w := pcapgo.NewWriter(f)
	err = w.WriteFileHeader(65535, layers.LinkTypeEthernet)
	for i, frame := range frames {
		if err == nil {
			err = w.WritePacket(gopacket.CaptureInfo{Timestamp: time.Unix(int64(i), 0), CaptureLength: len(frame), Length: len(frame)}, frame)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	filter := func(display string) []string {
		cmd := exec.Command("tshark", "-r", name, "-Y", display)
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("tshark: %v %s", err, out)
		}
		return strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
	}
	if decoded := len(filter("dhcp")); decoded != len(frames) {
		t.Errorf("tshark knows %d of %d replies for DHCP", decoded, len(frames))
	}
	if bad := filter("_ws.malformed || _ws.expert.severity == error"); bad[0] != "" {
		t.Errorf("tshark finds fault with %d replies:\n%s", len(bad), strings.Join(bad[:min(10, len(bad))], "\n"))
	}
	t.Logf("tshark: %d replies of ours, none malformed", len(frames))
}
