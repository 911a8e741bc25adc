package scenarios_test

import (
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/emulator/observe"
	"github.com/bootrig/bootrig/internal/verdict"
	"github.com/bootrig/bootrig/scenarios/runner"
	"github.com/bootrig/bootrig/scenarios/runner/runnertest"
)

// TestTheVerdictIsTheSameFromEverySeat breaks chains in ways that are no server's own, and wants the same cause of our
// server, of a capture of its wire, and of one of the real dnsmasq in its place, which the witness in the lab has too.
func TestTheVerdictIsTheSameFromEverySeat(t *testing.T) {
	for _, c := range chains() {
		if c.name != "iPXE, Debian" && c.name != "EDK2" {
			continue
		}
		for n, fault := range slices.Concat(healthy(c)[:1], ofTheProgram(c), ofTheContent(c)) {
			if n%2 == 1 || fault.want == "stalled" || fault.want == "reboot-loop" { // each takes seconds, and a stall minutes; the first boot of a capture is looked at
				continue
			}
			t.Run(c.name+"/"+fault.name, func(t *testing.T) {
				t.Parallel()
				ours := broken(t, c, fault, "", runner.Sim)
				ours.Out, ours.Keep = t.TempDir(), true
				r, book := judged(t, ours)
				peer := broken(t, c, fault, "", runner.Tap)
				peer.Server, peer.Out, peer.Keep = "dnsmasq", t.TempDir(), true
				p := runnertest.Run(t, peer)
				if p.Outcome == runner.NotTested {
					runnertest.Skip(t, runner.Tap, p.Reason)
				}
				want := map[string]string{"our server": fault.want, "its wire": fault.want, "its capture": fault.want, "dnsmasq's wire": fault.want, "dnsmasq's capture": fault.want}
				got := map[string]string{"our server": book["pc"].Boot.Verdict, "its wire": r.Stories["pc"].ID, "its capture": ofCapture(t, ours.Out),
					"dnsmasq's wire": p.Stories["pc"].ID, "dnsmasq's capture": ofCapture(t, peer.Out)}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			})
		}
	}
}

// ofCapture is the verdict of the machine in the capture that a run left.
func ofCapture(t *testing.T, out string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(out, "*", "wire.pcapng"))
	if err != nil || len(files) != 1 {
		t.Fatalf("%q are no capture: %v", files, err)
	}
	file, err := os.Open(files[0])
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	facts, end, err := observe.Machines(file)
	if err != nil {
		t.Fatal(err)
	}
	boots := verdict.Boots(facts["52:54:00:12:34:56"], netip.Addr{}, end)
	if len(boots) == 0 {
		return "no boot"
	}
	return boots[0].Story.ID
}
