package link

import (
	"bytes"
	"math/rand/v2"
	"testing"
	"time"
)

// cut makes fragments of a payload, size bytes each.
func cut(id uint16, payload []byte, size int) []IPv4 {
	var parts []IPv4
	for at := 0; at < len(payload); at += size {
		end := min(at+size, len(payload))
		parts = append(parts, IPv4{
			Src: addrA.Addr(), Dst: addrB.Addr(), Protocol: ProtocolUDP, ID: id,
			Offset: at, More: end < len(payload), Payload: payload[at:end],
		})
	}
	return parts
}

func numbered(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i * 7)
	}
	return b
}

func TestReassemblerTakesFragmentsInAnyOrder(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	var r Reassembler
	for id := range uint16(200) {
		want := numbered(100 + rng.IntN(4000))
		parts := cut(id, want, 8*(1+rng.IntN(60)))
		parts = append(parts, parts[:len(parts)/2]...) // duplicates
		rng.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
		done := 0
		for _, p := range parts {
			if got, whole := r.Add(epoch, p); whole {
				done++
				if !bytes.Equal(got, want) {
					t.Fatalf("packet %d came out wrong", id)
				}
			}
		}
		if done == 0 {
			t.Fatalf("packet %d of %d fragments was not completed", id, len(parts))
		}
		if len(r.partials) > maxPartials {
			t.Fatalf("%d packets in pieces are kept", len(r.partials))
		}
	}
}

func TestReassemblerRefuses(t *testing.T) {
	whole := numbered(64)
	edit := func(f func(p []IPv4)) []IPv4 {
		parts := cut(1, whole, 16)
		f(parts)
		return parts
	}
	for name, parts := range map[string][]IPv4{
		"an incomplete packet":                     cut(1, whole, 16)[:3],
		"fragments of two packets":                 edit(func(p []IPv4) { p[1].ID = 2 }),
		"fragments of two senders":                 edit(func(p []IPv4) { p[1].Src = addrB.Addr() }),
		"a fragment that overlaps another":         edit(func(p []IPv4) { p[1].Offset = 8 }),
		"a middle fragment of odd length":          edit(func(p []IPv4) { p[1].Payload = p[1].Payload[:15] }),
		"a packet beyond 65535 bytes":              edit(func(p []IPv4) { p[3].Offset = 65528 }),
		"a last fragment before one that was seen": edit(func(p []IPv4) { p[3].Offset = 24; p[3].Payload = p[3].Payload[:8]; p[1], p[3] = p[3], p[1] }),
	} {
		t.Run(name, func(t *testing.T) {
			var r Reassembler
			for _, p := range parts {
				if got, ok := r.Add(epoch, p); ok {
					t.Fatalf("completed as %x", got)
				}
			}
		})
	}
}

func TestReassemblerForgetsOldPieces(t *testing.T) {
	var r Reassembler
	parts := cut(1, numbered(32), 16)
	r.Add(epoch, parts[0])
	if _, ok := r.Add(epoch.Add(reassemblyLimit+time.Second), parts[1]); ok {
		t.Fatal("a piece outlived its time")
	}
}
