package storm

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func random() *rand.Rand { return rand.New(rand.NewPCG(1, 2)) }

func TestArrivals(t *testing.T) {
	for text, want := range map[string]Arrival{"at-once": {}, "ramp=30s": {Ramp: 30 * time.Second}, "poisson=50/s": {Rate: 50}} {
		if got, err := ParseArrival(text); err != nil || got != want {
			t.Errorf("%s: %v, %v, want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "at-once=1", "ramp", "ramp=0s", "ramp=-1s", "ramp=30", "poisson=50", "poisson=0/s", "poisson=50/m", "poisson=NaN/s", "poisson=Inf/s", "flood"} {
		if got, err := ParseArrival(text); err == nil {
			t.Errorf("%q was read as %v", text, got)
		}
	}
}

func TestWhenClientsAreSwitchedOn(t *testing.T) {
	if diff := cmp.Diff(make([]time.Duration, 3), Arrival{}.times(3, random())); diff != "" {
		t.Errorf("at once (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]time.Duration{0, 10, 20}, Arrival{Ramp: 30}.times(3, random())); diff != "" {
		t.Errorf("a ramp (-want +got):\n%s", diff)
	}
	times := Arrival{Rate: 50}.times(10_000, random())
	if last := times[len(times)-1]; last < 190*time.Second || last > 210*time.Second {
		t.Errorf("10,000 clients at 50/s took %s", last)
	}
}

func TestAMixIsDrawnByItsWeights(t *testing.T) {
	mix, err := ParseMix([]string{"ipxe-bios=3", "ovmf-x64"})
	if err != nil {
		t.Fatal(err)
	}
	drawn, err := mix.firmware(10_000, random())
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for _, p := range drawn {
		count[p.Name]++
	}
	if n := count["ipxe-bios"]; n < 7300 || n > 7700 || n+count["ovmf-x64"] != 10_000 {
		t.Errorf("three of four are ipxe-bios: %v", count)
	}
	for _, words := range [][]string{{}, {"nosuch"}, {"ipxe-bios=0"}, {"ipxe-bios=x"}, {"ipxe-bios=-1"}} {
		if got, err := ParseMix(words); err == nil {
			t.Errorf("%q was read as %v", words, got)
		}
	}
}

func TestTheLastLANHasTheRest(t *testing.T) {
	mix := Mix{{"ipxe-bios", 1}}
	if diff := cmp.Diff([]int{100, 100, 50}, Config{Clients: 250, Together: 100}.lans()); diff != "" {
		t.Errorf("LANs (-want +got):\n%s", diff)
	}
	for _, wrong := range []Config{{Together: 1, Mix: mix}, {Clients: 1, Mix: mix}, {Clients: 1, Together: 1}, {Clients: 5, Together: 2, Mix: mix, Only: 3}, {Clients: most + 1, Together: 1, Mix: mix}} {
		if wrong.Check() == nil {
			t.Errorf("%+v is no mistake", wrong)
		}
	}
}
