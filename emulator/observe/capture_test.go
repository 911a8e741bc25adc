package observe

import (
	"bytes"
	"errors"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"os"

	"github.com/google/go-cmp/cmp"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"

	"github.com/bootrig/bootrig/emulator/link"
	"github.com/bootrig/bootrig/internal/must"
)

func TestACaptureCanBeReadWhileItGrows(t *testing.T) {
	var file bytes.Buffer
	c, err := NewCapture(&file)
	if err != nil {
		t.Fatal(err)
	}
	c.Name = func(p link.Port) string { return []string{"house", "pc"}[p] }
	w := newWire(t)
	frame := w.frame(true, layers.IPProtocolUDP, udpLayer(1, 2), payload([]byte("x")))
	at := epoch.Add(123456789 * time.Nanosecond)
	c.Frame(at, 1, frame)

	r, err := pcapgo.NewNgReader(bytes.NewReader(file.Bytes()), pcapgo.NgReaderOptions{})
	if err != nil {
		t.Fatal(err)
	}
	got, info, err := r.ReadPacketData()
	if err != nil || !bytes.Equal(got, frame) || !info.Timestamp.Equal(at) {
		t.Fatalf("read %x at %v: %v", got, info.Timestamp, err)
	}
	if port, err := r.Interface(info.InterfaceIndex); err != nil || port.Name != "pc" {
		t.Fatalf("interface %q %v", port.Name, err)
	}
}

// A full is a writer with room for so many bytes.
type full int

func (f *full) Write(b []byte) (int, error) {
	if *f -= full(len(b)); *f < 0 {
		return 0, errors.New("no space left")
	}
	return len(b), nil
}

func TestACaptureSaysThatItCouldNotBeWritten(t *testing.T) {
	small, large := full(10), full(300)
	if _, err := NewCapture(&small); err == nil {
		t.Error("a capture that cannot start")
	}
	c, err := NewCapture(&large)
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		c.Frame(epoch, 0, make([]byte, 60))
	}
	if err := c.Close(); err == nil || !strings.Contains(err.Error(), "no space left") {
		t.Errorf("Close: %v", err)
	}
}

func TestTsharkFindsNothingWrong(t *testing.T) {
	tshark, err := exec.LookPath("tshark")
	if err != nil {
		must.Skip(t, must.Peers, "tshark is not installed: the capture is not judged by another decoder")
	}
	name := filepath.Join(t.TempDir(), "run.pcapng")
	file, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	c, err := NewCapture(file)
	if err != nil {
		t.Fatal(err)
	}
	if sent := chatter(t, c.Frame); sent == 0 {
		t.Fatal("nothing was sent")
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	bad := "_ws.malformed || _ws.expert.severity == error || ip.checksum.status == Bad || udp.checksum.status == Bad || " +
		"icmp.checksum.status == Bad || icmpv6.checksum.status == Bad"
	if diff := cmp.Diff("", run(t, tshark, name, "-Y", bad)); diff != "" {
		t.Errorf("tshark (-want +got):\n%s", diff)
	}
	all := run(t, tshark, name)
	for _, kind := range []string{"DHCP Discover", "DHCP Offer", "Who has", "Port unreachable", "Fragmented IP protocol", "Router Advertisement"} {
		if !strings.Contains(all, kind) {
			t.Errorf("tshark saw no %s:\n%s", kind, all)
		}
	}
}

// run is what tshark prints of a capture, checksums checked.
func run(t *testing.T, tshark, name string, args ...string) string {
	t.Helper()
	args = append([]string{"-n", "-r", name, "-o", "ip.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE"}, args...)
	cmd := exec.Command(tshark, args...)
	out, err := cmd.Output() // stderr has its remarks on the user
	if err != nil {
		t.Fatalf("tshark: %v", err)
	}
	return string(out)
}
