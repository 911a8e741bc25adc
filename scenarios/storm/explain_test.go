package storm

import (
	"bytes"
	"net/netip"
	"testing"
	"time"

	"github.com/bootrig/bootrig/emulator/link"
	"github.com/bootrig/bootrig/emulator/observe"
	"github.com/bootrig/bootrig/internal/verdict"
	"github.com/bootrig/bootrig/scenarios/runner"
	"github.com/bootrig/bootrig/scenarios/runner/runnertest"
	"github.com/bootrig/bootrig/wire/event"
)

// captured is the capture of a LAN on which so many clients boot Linux at once, and how many frames it has.
func captured(t testing.TB, clients int) (pcapng []byte, frames int) {
	t.Helper()
	req := runnertest.Request(t, "ubuntu-small.txtar", runner.Sim, "ours")
	req.Source = bytes.Replace(req.Source, []byte("192.168.9.0/24"), []byte("192.168.8.0/22"), 1) // as many addresses as clients
	ground, err := runner.NewGround(req)
	if err != nil {
		t.Fatal(err)
	}
	c, err := newCrowd(Config{Clients: clients, Together: clients, Seed: 1, Mix: Mix{{"ipxe-bios", 1}}, Keys: []string{"ret"}}, 0, clients, runner.SimStart, event.Discard)
	if err != nil {
		t.Fatal(err)
	}
	lan, err := ground.Sim(c.seed, event.Discard)
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	capture, err := observe.NewCapture(&file)
	if err != nil {
		t.Fatal(err)
	}
	lan.WatchAll(func(now time.Time, from link.Port, frame []byte) {
		frames++
		capture.Frame(now, from, frame)
	})
	if err := c.run(t.Context(), lan, func([]Boot) {}); err != nil {
		t.Fatal(err)
	}
	return file.Bytes(), frames
}

// explain is how many boots there are in a capture, and how many of them are told to have failed.
func explain(t testing.TB, pcapng []byte) (boots, failed int) {
	facts, end, err := observe.Machines(bytes.NewReader(pcapng))
	if err != nil {
		t.Fatal(err)
	}
	for _, all := range facts {
		for _, c := range verdict.Boots(all, netip.Addr{}, end) {
			boots++
			if !c.Story.Booted() {
				failed++
			}
		}
	}
	return boots, failed
}

func TestTheCaptureOfAStormIsExplained(t *testing.T) {
	const clients = 12
	pcapng, _ := captured(t, clients)
	if boots, failed := explain(t, pcapng); boots != clients || failed > 0 {
		t.Errorf("%d boots of %d clients, %d of them failed", boots, clients, failed)
	}
}

// BenchmarkExplain explains a capture of a hundred thousand frames and more.
func BenchmarkExplain(b *testing.B) {
	pcapng, frames := captured(b, 250)
	if frames < 100_000 {
		b.Fatalf("a storm of %d frames", frames)
	}
	b.SetBytes(int64(len(pcapng)))
	for b.Loop() {
		explain(b, pcapng)
	}
	b.ReportMetric(float64(frames), "frames")
}
