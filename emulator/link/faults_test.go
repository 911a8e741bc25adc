package link

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/wire/machine"
)

// sealed is a payload that tells whether it was damaged.
func sealed(n uint32, size int, rng *rand.Rand) []byte {
	b := binary.BigEndian.AppendUint32(nil, n)
	for range size {
		b = append(b, byte(rng.Uint32()))
	}
	seal := sha256.Sum256(b)
	return append(b, seal[:8]...)
}

func intact(b []byte) bool {
	if len(b) < 8 {
		return false
	}
	seal := sha256.Sum256(b[:len(b)-8])
	return string(seal[:8]) == string(b[len(b)-8:])
}

// babble lets two hosts send each other sealed datagrams through faults, and sums up what the wire saw.
func babble(t testing.TB, seed uint64, faults Faults) (p *pair, trace string) {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 1))
	p = newPair(t, seed)
	p.SetFaults(faults)
	hash := sha256.New()
	for _, port := range []Port{p.pa, p.pb} {
		p.Watch(port, func(now time.Time, fromStation bool, frame []byte) {
			fmt.Fprintf(hash, "%v %v %v %x\n", now.Sub(epoch), port, fromStation, frame)
		})
	}
	for n := range uint32(150) {
		size := rng.IntN(200)
		if n%10 == 0 {
			size = rng.IntN(6000)
		}
		p.a.out = append(p.a.out, machine.Datagram{Src: portA, Dst: portB, Payload: sealed(n, size, rng)})
		p.b.out = append(p.b.out, machine.Datagram{Src: portB, Dst: portA, Payload: sealed(n, size/2, rng)})
	}
	run(p.LAN, epoch, time.Minute)
	return p, hex.EncodeToString(hash.Sum(nil))
}

func randomFaults(rng *rand.Rand) Faults {
	return Faults{
		Loss: rng.Float64() / 4, Duplicate: rng.Float64() / 4, Reorder: rng.Float64() / 4, Corrupt: rng.Float64() / 2,
		Delay: time.Duration(rng.IntN(3)) * time.Millisecond, Jitter: time.Duration(rng.IntN(2000)) * time.Microsecond,
	}
}

func TestNoFaultDeliversADamagedDatagram(t *testing.T) {
	delivered := 0
	for seed := range uint64(60) {
		faults := randomFaults(rand.New(rand.NewPCG(seed, 2)))
		p, _ := babble(t, seed, faults)
		for _, d := range append(p.a.got, p.b.got...) {
			delivered++
			if !intact(d.Payload) {
				t.Fatalf("seed %d, %+v: a damaged datagram of %d bytes was delivered", seed, faults, len(d.Payload))
			}
		}
	}
	if delivered < 1000 {
		t.Fatalf("only %d datagrams were delivered", delivered)
	}
}

func TestAFrameWithoutAChecksumIsNotDamagedButLost(t *testing.T) {
	p := newPair(t, 1)
	p.SetFaults(Faults{Corrupt: 1})
	p.Watch(p.pb, func(_ time.Time, fromStation bool, frame []byte) {
		if !fromStation {
			t.Errorf("an ARP request with damage arrived: %x", frame)
		}
	})
	p.a.send(portA, portB, "x")
	run(p.LAN, epoch, time.Minute)
}

func TestTheSameSeedIsTheSameWire(t *testing.T) {
	traces := map[string]uint64{}
	for seed := range uint64(10) {
		faults := Faults{Loss: .1, Duplicate: .1, Reorder: .1, Corrupt: .1, Jitter: time.Millisecond}
		_, one := babble(t, seed, faults)
		_, two := babble(t, seed, faults)
		if one != two {
			t.Fatalf("seed %d gave two different wires", seed)
		}
		if other, seen := traces[one]; seen {
			t.Fatalf("seeds %d and %d gave the same wire", seed, other)
		}
		traces[one] = seed
	}
}

// numbers are the datagrams that b received, of 1000 sent through a fault.
func numbers(t *testing.T, faults Faults) (got []int, at []time.Duration) {
	t.Helper()
	p := newPair(t, 7)
	p.sa.Learn(addrB.Addr(), macB)
	p.SetFaults(faults)
	p.Watch(p.pb, func(now time.Time, fromStation bool, _ []byte) {
		if !fromStation {
			at = append(at, now.Sub(epoch))
		}
	})
	for n := range uint16(1000) {
		p.a.out = append(p.a.out, machine.Datagram{Src: portA, Dst: portB, Payload: binary.BigEndian.AppendUint16(nil, n)})
	}
	run(p.LAN, epoch, time.Minute)
	for _, d := range p.b.got {
		got = append(got, int(binary.BigEndian.Uint16(d.Payload)))
	}
	return got, at
}

// disorder counts the datagrams that came after a later one, and those that came again.
func disorder(got []int) (late, again int) {
	seen, highest := map[int]bool{}, -1
	for _, n := range got {
		switch {
		case seen[n]:
			again++
		case n < highest:
			late++
		}
		seen[n], highest = true, max(highest, n)
	}
	return late, again
}

func TestEachFaultDoesWhatItIsCalled(t *testing.T) {
	type outcome struct{ Arrived, Late, Again string }
	about := func(n, want int) string {
		if n > want*7/10 && n < want*13/10 || n == want {
			return fmt.Sprint(want)
		}
		return fmt.Sprint("not about ", want, ": ", n)
	}
	for name, c := range map[string]struct {
		faults               Faults
		arrived, late, again int
	}{
		"none":                              {Faults{}, 1000, 0, 0},
		"loss":                              {Faults{Loss: .2}, 800, 0, 0},
		"loss in bursts is as much":         {Faults{Loss: .2, Burst: 5}, 800, 0, 0},
		"certain loss in bursts":            {Faults{Loss: 1, Burst: 5}, 0, 0, 0},
		"an MTU that all fit in":            {Faults{MTU: 30}, 1000, 0, 0},
		"an MTU that none fits in":          {Faults{MTU: 29}, 0, 0, 0},
		"duplicates":                        {Faults{Duplicate: .2}, 1200, 0, 200},
		"damage, which is dropped":          {Faults{Corrupt: .2}, 800, 0, 0},
		"reordering":                        {Faults{Reorder: .2}, 1000, 200, 0},
		"delay and jitter keep the order":   {Faults{Delay: time.Second, Jitter: time.Millisecond}, 1000, 0, 0},
		"certain loss":                      {Faults{Loss: 1}, 0, 0, 0},
		"certain damage reaches no machine": {Faults{Corrupt: 1}, 0, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			got, at := numbers(t, c.faults)
			late, again := disorder(got)
			want := outcome{fmt.Sprint(c.arrived), fmt.Sprint(c.late), fmt.Sprint(c.again)}
			if diff := cmp.Diff(want, outcome{about(len(got), c.arrived), about(late, c.late), about(again, c.again)}); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			for _, d := range at {
				if d < c.faults.Delay+latency || d > c.faults.Delay+c.faults.Jitter+2*holdBack+latency {
					t.Fatalf("a frame took %v", d)
				}
			}
		})
	}
}

func TestLossComesInBursts(t *testing.T) {
	bursts := func(faults Faults) (n int) {
		got, _ := numbers(t, faults)
		for i := range got[1:] {
			if got[i+1] > got[i]+1 {
				n++
			}
		}
		return n
	}
	alone, burst := bursts(Faults{Loss: .2}), bursts(Faults{Loss: .2, Burst: 5})
	if alone < 130 || burst < 20 || burst > 60 {
		t.Errorf("about 200 lost frames of 1000 came in %d groups, and with bursts of 5 in %d", alone, burst)
	}
}

func TestACableIsAsSlowAsItsBandwidth(t *testing.T) {
	const size = etherLen + 20 + udpLen + 2
	got, at := numbers(t, Faults{Bandwidth: size * 8 * 100})
	if len(got) != 1000 {
		t.Fatalf("%d frames arrived", len(got))
	}
	for n, took := range at {
		if want := latency + time.Duration(n+1)*10*time.Millisecond; took != want {
			t.Fatalf("frame %d of 100 a second came after %v, want %v", n, took, want)
		}
	}
}

func TestTheWorseOfTwoWiresCounts(t *testing.T) {
	f := Faults{Loss: .25, Burst: 2, Delay: time.Second, Bandwidth: 10, MTU: 1500}
	got := f.And(Faults{Loss: .25, Corrupt: .5, Jitter: time.Second, Bandwidth: 5}).And(Faults{MTU: 576, Bandwidth: 20})
	want := Faults{Loss: .5, Corrupt: .5, Burst: 2, Delay: time.Second, Jitter: time.Second, Bandwidth: 5, MTU: 576}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
