package storm

import (
	"net/netip"
	"testing"
	"time"

	"github.com/bootrig/bootrig/emulator/link"
	"github.com/bootrig/bootrig/scenarios/runner"
	"github.com/bootrig/bootrig/scenarios/runner/runnertest"
)

// Whatever a client ignores is no loss: it boots as it does where it hears all, and others are not heard.
func TestAClientIgnoresWhatIsForOthers(t *testing.T) {
	req := runnertest.Request(t, "ubuntu-small.txtar", runner.Sim, "ours")
	lan, err := ground(t, req).Sim(1, nil)
	if err != nil {
		t.Fatal(err)
	}
	addr := netip.MustParseAddr("192.168.9.100")
	first, second, neither := 0, 0, 0
	lan.WatchAll(func(_ time.Time, _ link.Port, frame []byte) {
		for1, for2 := !ignores(mac([2]byte{}, 1), addr, frame), !ignores(mac([2]byte{}, 2), addr.Next(), frame)
		switch {
		case for1 && for2:
			t.Errorf("both take % x", frame[:42])
		case for1:
			first++
		case for2:
			second++
		default:
			neither++
		}
	})
	c, err := newCrowd(Config{Together: 2, Mix: Mix{{"ipxe-bios", 1}}, Keys: []string{"ret"}}, 0, 2, runner.SimStart, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = c.run(t.Context(), lan, func(ended []Boot) {
		for _, b := range ended {
			if b.Lost != nil {
				t.Errorf("%+v", b.Lost)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if first < 20 || first != second || neither < 20 {
		t.Errorf("of what crossed the wire %d frames are for one, %d for the other, %d for neither", first, second, neither)
	}
}
