package storm

import (
	"testing"

	"github.com/bootrig/bootrig/scenarios/runner"
	"github.com/bootrig/bootrig/scenarios/runner/runnertest"
)

// BenchmarkChains boots both founding chains in full, over a wire that loses packets: an operation is a boot.
func BenchmarkChains(b *testing.B) {
	for _, name := range []string{"ubuntu-small", "xenserver-small"} {
		b.Run(name, func(b *testing.B) {
			req := runnertest.Request(b, name+".txtar", runner.Sim, "ours")
			req.Source = append([]byte("fault wire loss=1%\n"), req.Source...)
			g, err := runner.NewGround(req)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			lost := 0
			cfg := Config{Clients: b.N, Together: 100, Seed: 1, Keys: []string{"ret"}, Mix: Mix{{"ipxe-bios", 1}}}
			if err := Sim(b.Context(), g, cfg, nil, func(boot Boot) {
				if boot.Lost != nil {
					lost++
				}
			}); err != nil {
				b.Fatal(err)
			}
			if lost*10 > b.N {
				b.Errorf("%d of %d were lost", lost, b.N)
			}
		})
	}
}
