package bench

import (
	"os"
	"testing"

	"github.com/bootrig/bootrig/emulator/tap"
	"github.com/bootrig/bootrig/internal/must"
)

func TestMain(m *testing.M) {
	Child()
	os.Exit(m.Run())
}

// sideBySide measures two servers at points of a few kilobytes: what comes out is of no interest but that it is whole.
func sideBySide(t *testing.T, points ...Point) []Result {
	t.Helper()
	if err := tap.Available(); err != nil {
		must.Skip(t, must.Tap, err)
	}
	if os.Geteuid() != 0 {
		must.Skip(t, must.Root, "servers become other users")
	}
	var servers []Server
	for _, name := range []string{"pin/tftp", "dnsmasq"} {
		s, err := Find(name)
		if err != nil {
			must.Skip(t, must.Peers, err)
		}
		servers = append(servers, s)
	}
	cores, err := Available()
	if err != nil {
		t.Fatal(err)
	}
	cfg := Config{Servers: servers, Points: points, Rounds: 1, Cores: Cores{cores[:1], cores[len(cores)-1:]}}
	var results []Result
	rounds := 0
	err = Run(t.Context(), cfg, func(s Step) {
		rounds++
		if s.Err != nil {
			t.Errorf("%s, round %d, %s: %v", s.Point, s.Round, s.Server, s.Err)
		}
	}, func(r Result) error { results = append(results, r); return nil })
	if err != nil {
		t.Fatal(err)
	}
	if want := 2 * len(servers) * len(points); rounds != want { // a warm-up and a round
		t.Errorf("%d rounds, want %d", rounds, want)
	}
	return results
}

func TestServersAreMeasuredSideBySide(t *testing.T) {
	for _, r := range sideBySide(t,
		Point{Name: "three files", TFTP: &TFTP{Clients: 5, Files: 3, Blksize: 1024, Window: 1, Size: 100_000}},
		Point{Name: "a bad wire", Wire: Wire{RTT: fastest, Loss: 1e-9}, TFTP: &TFTP{Clients: 1, Files: 1, Blksize: 512, Window: 1, Size: 10_000}},
	) {
		for _, row := range r.Rows {
			if len(row.Samples) != 1 {
				t.Fatalf("%s: %d rounds of %s count", r.Point.Name, len(row.Samples), row.Server)
			}
			s, load := row.Samples[0], r.Point.TFTP
			if s.Bytes != int64(load.Clients)*load.Size || s.Failed > 0 || s.Value <= 0 || s.Memory < mib || s.Files < 3 || s.Load <= 0 {
				t.Errorf("%s from %s: %+v", r.Point.Name, row.Server, s)
			}
			if lone := load.lockstep(); (s.Trip > 0) != lone || (row.Stay > 0) != lone {
				t.Errorf("%s from %s: a round trip of %v, %v of it in the server", r.Point.Name, row.Server, s.Trip, row.Stay)
			}
			if row.Ratio.Median <= 0 {
				t.Errorf("%s: there is no ratio to %s", r.Point.Name, row.Server)
			}
		}
	}
}

func TestPerfdhcpsWordsAreRead(t *testing.T) {
	const said = `***Statistics for: DISCOVER-OFFER***
sent packets: 800
received packets: 799
drops: 1
orphans: 0

min delay: 0.214 ms
avg delay: 0.5 ms
max delay: 1.6 ms

***Statistics for: REQUEST-ACK***
sent packets: 799
received packets: 790
drops: 9

min delay: 0.214 ms
avg delay: 1.25 ms
`
	var a asked
	if err := a.read([]byte(said)); err != nil || a != (asked{sent: 800, missing: 9, rate: 395, delay: 1.75}) {
		t.Errorf("%+v, %v", a, err)
	}
	if err := new(asked).read([]byte("nothing")); err == nil {
		t.Error("nothing was asked, and that is no error")
	}
}
