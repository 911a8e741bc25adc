package conformance

import (
	"testing"

	"github.com/bootrig/bootrig/internal/peer"
)

// TestAProxyBesideARelay is for the intended difference relay-alone: what a relay takes, only later versions answer
// too. That later ones and ours say the same is compared among the relays.
func TestAProxyBesideARelay(t *testing.T) { against(t, answersBesideARelay) }

func answersBesideARelay(t *testing.T, d peer.Program) {
	w := newerRelays()[besideAProxy].wiring
	k := kinds()[0]
	for ours, answers := range map[bool]bool{true: true, false: !intended("relay-alone").In(d.Version)} {
		want := 1 // the relayed answer
		if answers {
			want++
		}
		offers := 0
		for _, p := range wire(t, d, w, ours).ask(t, clientsWire, k.questions()[0], 2+want) {
			if p.packet[0] == 2 && p.who == "tested eth0 to ff:ff:ff:ff:ff:ff" {
				offers++
			}
		}
		if offers != want {
			t.Errorf("ours %t: the client hears %d offers, want %d", ours, offers, want)
		}
	}
}
