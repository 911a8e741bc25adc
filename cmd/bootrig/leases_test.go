package main

import (
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/server/lease"
)

// A lease file has the time of day, and the store's clock may be ahead of it.
func TestLeasesAreTakenOverThatHaveNotEnded(t *testing.T) {
	now := time.Now()
	var all []lease.Lease
	for i, ends := range []time.Time{{}, now.Add(time.Hour), now.Add(-time.Minute)} {
		all = append(all, lease.Lease{Addr: netip.AddrFrom4([4]byte{192, 168, 9, byte(i)}), Expires: ends})
	}
	got := map[string]time.Time{}
	for _, c := range taken(all, 10*time.Minute) {
		got[c.Addr.String()] = c.Expires
	}
	want := map[string]time.Time{"192.168.9.0": {}, "192.168.9.1": now.Add(70 * time.Minute)}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
