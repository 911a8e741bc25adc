package conformance

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"

	lacks "github.com/bootrig/bootrig/internal/must"
)

// A sent frame is one reply of ours, and its exchange.
type sent struct {
	name  string
	frame []byte
}

// faults is what tshark calls an error, but for one of its own: for the sub-options 65 and up of option 43
// that somebody writes by hand it has no handler, and says "please report".
const faults = `_ws.malformed || (_ws.expert.severity == error && !(_ws.expert.message contains "Unknown subopt type handler"))`

// tshark finds no fault with any of the replies.
func tshark(t *testing.T, replies []sent) {
	t.Helper()
	if _, err := exec.LookPath("tshark"); err != nil {
		lacks.Skip(t, lacks.Peers, "tshark is not installed: `apt-get install tshark`")
	}
	name := filepath.Join(t.TempDir(), "replies.pcap")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w := pcapgo.NewWriter(f)
	err = w.WriteFileHeader(65535, layers.LinkTypeEthernet)
	for i, r := range replies {
		if err == nil {
			err = w.WritePacket(gopacket.CaptureInfo{Timestamp: time.Unix(int64(i), 0), CaptureLength: len(r.frame), Length: len(r.frame)}, r.frame)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	filter := func(display string) []string {
		cmd := exec.Command("tshark", "-r", name, "-d", "udp.port==1067,dhcp", "-Y", display, "-T", "fields", "-e", "frame.number")
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("tshark: %v %s", err, out)
		}
		return strings.Fields(string(out))
	}
	if decoded := len(filter("dhcp")); decoded != len(replies) {
		t.Errorf("tshark takes %d of %d replies for DHCP", decoded, len(replies))
	}
	for _, number := range filter(faults) {
		n, _ := strconv.Atoi(number)
		t.Errorf("tshark finds fault with our reply to %s", replies[n-1].name)
	}
	t.Logf("tshark: %d replies of ours decoded, none malformed", len(replies))
}
