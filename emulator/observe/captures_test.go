package observe

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/gopacket/gopacket/pcapgo"

	"github.com/bootrig/bootrig/wire/event"
)

var update = flag.Bool("update", false, "write the golden facts")

// facts collects what an Observer records.
type facts []event.Event

func (f *facts) Record(e event.Event) { *f = append(*f, e) }

// kinds are the facts in short: kind, path, and of what a retry is one.
func (f facts) kinds() (short []string) {
	for _, e := range f {
		short = append(short, strings.Join(strings.Fields(fmt.Sprint(e.Kind, " ", e.Path, " ", e.Attr("of"))), " "))
	}
	return short
}

// line prints a fact with the time since start.
func line(start time.Time, e event.Event) string {
	w := []string{fmt.Sprintf("%.3f", e.Time.Sub(start).Seconds()), string(e.Kind), e.Peer.String()}
	add := func(there bool, format string, value any) {
		if there {
			w = append(w, fmt.Sprintf(format, value))
		}
	}
	add(e.Path != "", "%s", e.Path)
	add(e.Bytes != 0, "bytes=%d", e.Bytes)
	add(e.Code != 0, "code=%d", e.Code)
	add(e.Xfer != 0, "xfer=%d", e.Xfer)
	add(e.Attrs != "", "%s", e.Attrs)
	add(e.Text != "", "%q", e.Text)
	return strings.Join(w, " ")
}

// replay shows a capture's frames to an Observer of the guest, which is the first that asks for DHCP.
func replay(t *testing.T, name string) (got facts, start time.Time) {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "..", "testdata", "captures", name+"-control.pcap"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := pcapgo.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var o *Observer
	var guest net.HardwareAddr
	for {
		frame, info, err := r.ReadPacketData()
		if errors.Is(err, io.EOF) {
			return got, start
		}
		if err != nil {
			t.Fatal(err)
		}
		if o == nil {
			guest, start = net.HardwareAddr(frame[6:12]), info.Timestamp
			o = New(Config{Guest: "pc", MAC: guest, Events: &got})
		}
		o.Frame(info.Timestamp, guest.String() == net.HardwareAddr(frame[6:12]).String(), frame)
	}
}

// The captures hold the first two blocks of each transfer only, so a file that is larger is never Got.
func TestFactsOfRealBoots(t *testing.T) {
	for name, what := range map[string]string{
		"A":  "SeaBIOS and iPXE boot the Debian netboot tree",
		"B":  "OVMF reads shim and GRUB",
		"C":  "SeaBIOS and iPXE boot Xen",
		"F3": "OVMF fails with PXE and then boots over HTTP",
	} {
		t.Run(what, func(t *testing.T) {
			all, start := replay(t, name)
			var b strings.Builder
			for _, e := range all {
				if e.Source != "wire" || e.Client != "pc" {
					t.Errorf("fact of %q about %q", e.Source, e.Client)
				}
				fmt.Fprintln(&b, line(start, e))
			}
			golden := filepath.Join("testdata", name+".facts")
			if *update {
				if err := os.WriteFile(golden, []byte(b.String()), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(b.String(), "\n")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
