package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"time"

	"github.com/bootrig/bootrig/scenarios/runner"
	"github.com/bootrig/bootrig/scenarios/storm"
	"github.com/bootrig/bootrig/wire/event"
)

// request is a scenario with a server under test.
func request(name, world string, s Server) (runner.Request, error) {
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return runner.Request{}, fmt.Errorf("%s is not here: it is a scenario of the source tree, so run it there", name)
	}
	return runner.Request{Name: name, Dir: filepath.Dir(name), Source: text, World: world, Server: s.Asked}, err
}

// loose lets scripted machines boot, all at once, on a wire that loses 1 %.
func (st Storm) loose(ctx context.Context, s Server, round int) (Sample, error) {
	req, err := request(st.Scenario, runner.Tap, s)
	if err != nil {
		return Sample{}, err
	}
	req.Seed, req.Room = uint64(round), st.Clients
	req.Source = append([]byte("fault wire loss=1%\n"), crowded(req.Source)...)
	ground, err := runner.NewGround(req)
	if err != nil {
		return Sample{}, err
	}
	mix, err := storm.ParseMix([]string{"ipxe-bios"})
	if err != nil {
		return Sample{}, err
	}
	cfg := storm.Config{Clients: st.Clients, Together: st.Clients, Mix: mix, Seed: uint64(round)}
	var tally storm.Tally
	used, err := storm.Tap(ctx, ground, cfg, nil, tally.Add)
	if err != nil {
		return Sample{}, err
	}
	sum := tally.Summary(cfg)
	r := Sample{Value: sum.Span.Seconds(), Clients: sum.Clients, Failed: sum.Clients - sum.Completed, Resends: sum.Retried}
	if used != nil {
		r.CPU, r.Memory, r.Why = used.CPU, used.Memory, used.Ended
	}
	for _, q := range sum.Phases {
		r.Phases = append(r.Phases, Phase{string(q.Phase), q.P50})
		if q.Phase == storm.Total {
			r.P50, r.P99 = q.P50, q.P99
		}
	}
	if len(sum.Reasons) > 0 && r.Why == "" {
		r.Why = sum.Reasons[0].Text
	}
	return r, nil
}

// crowded is a scenario for many: dnsmasq has 50 transfers at once unless it is told otherwise, and pxelinux waits for
// minutes if there are more.
func crowded(scenario []byte) []byte {
	return bytes.Replace(scenario, []byte("\nenable-tftp\n"), []byte("\nenable-tftp\ntftp-max=8000\n"), 1)
}

// kernel is what a kernel says first.
var kernel = regexp.MustCompile(`Linux version|Xen version`)

// moments are when a boot came how far.
type moments struct {
	asked, loaded, fetched, started time.Time
}

// Record takes a fact of the boot.
func (m *moments) Record(e event.Event) {
	first := func(at *time.Time) {
		if at.IsZero() {
			*at = e.Time
		}
	}
	switch {
	case !m.started.IsZero():
	case e.Kind == event.RRQ:
		first(&m.asked)
	case e.Kind == event.Got:
		first(&m.loaded)
		m.fetched = e.Time
	case e.Kind == event.Console && kernel.MatchString(e.Text):
		first(&m.started)
	}
}

// sample is how long that took since power on.
func (m *moments) sample(on time.Time) Sample {
	s := Sample{Value: m.started.Sub(on).Seconds(), Clients: 1}
	for _, p := range []struct {
		name     string
		from, to time.Time
	}{
		{"firmware, DHCP", on, m.asked}, {"boot program", m.asked, m.loaded}, {"menu, files", m.loaded, m.fetched}, {"to the kernel", m.fetched, m.started},
	} {
		s.Phases = append(s.Phases, Phase{p.name, p.to.Sub(p.from)})
	}
	return s
}

// boot boots a real machine, up to the kernel.
func (b Boot) boot(ctx context.Context, s Server) (Sample, error) {
	req, err := request(b.Scenario, runner.QEMU, s)
	if err != nil {
		return Sample{}, err
	}
	var m moments
	req.Events = &m
	r, err := runner.Run(ctx, req)
	switch {
	case err != nil:
		return Sample{}, err
	case r.Outcome == runner.Failed:
		return Sample{}, fmt.Errorf("%s: it did not boot: %v", b.Scenario, r.Failure)
	case r.Outcome != runner.Passed:
		return Sample{}, fmt.Errorf("%s: %s: %s", b.Scenario, r.Outcome, r.Reason)
	case slices.ContainsFunc([]time.Time{m.asked, m.loaded, m.started}, time.Time.IsZero):
		return Sample{}, fmt.Errorf("%s: its kernel was not seen to start", b.Scenario)
	}
	return m.sample(r.Began), nil
}
