package bench

import (
	"context"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"

	"golang.org/x/sys/unix"

	"github.com/bootrig/bootrig/scenarios/bench/load"
	"github.com/bootrig/bootrig/scenarios/storm"
)

// A round is one of one server, inside its child.
type round struct {
	order
	at   site
	on   *place
	proc *process
}

// run follows an order.
func (o order) run(ctx context.Context) (s Sample, err error) {
	runtime.GOMAXPROCS(len(o.Cores.Load))
	if err := pin(o.Cores.Load); err != nil {
		return s, fmt.Errorf("stay on %v: %w", o.Cores.Load, err)
	}
	if err := openMany(); err != nil {
		return s, err
	}
	r := &round{order: o}
	if err := r.furnish(); err != nil {
		return s, err
	}
	if r.on, err = newPlace(o.Point.Wire, o.Round); err != nil {
		return s, err
	}
	if r.proc, err = r.on.serve(o.Server, r.at, o.Cores.Server); err != nil {
		return s, err
	}
	if err := r.proc.ready(ctx, r.on, o.Point.HTTP != nil); err != nil {
		return s, err
	}
	return r.measure(ctx)
}

// openMany lets all have as many files open as root may, which some servers do not ask for.
func openMany() error {
	var l unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &l); err != nil {
		return err
	}
	l.Cur = l.Max
	return unix.Setrlimit(unix.RLIMIT_NOFILE, &l)
}

// furnish writes what the server reads.
func (r *round) furnish() error {
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		return err
	}
	r.at = site{root: filepath.Join(dir, "root"), config: filepath.Join(dir, "dnsmasq.conf"), own: filepath.Join(dir, "own")}
	for _, d := range []string{r.at.root, r.at.own} {
		if err := os.Mkdir(d, 0o755); err != nil {
			return err
		}
	}
	files, size := r.Point.files()
	for i := range files {
		if err := writeFile(filepath.Join(r.at.root, load.Name(i)), i, size); err != nil {
			return err
		}
	}
	if err := writeFile(filepath.Join(r.at.root, "ready"), 0, 1); err != nil {
		return err
	}
	if r.at.content, err = pack(r.Point, r.at.root); err != nil {
		return err
	}
	return r.at.write(r.Point)
}

// files are how many a point wants, and how large.
func (p Point) files() (n int, size int64) {
	switch {
	case p.TFTP != nil:
		return p.TFTP.Files, p.TFTP.Size
	case p.Tool != nil:
		return 1, p.Tool.Size
	case p.HTTP != nil:
		return p.HTTP.Files, p.HTTP.Size
	}
	return 0, 0
}

func writeFile(name string, i int, size int64) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := load.WriteFile(f, i, size); err != nil {
		return err
	}
	return f.Close()
}

// measure lets the load loose.
func (r *round) measure(ctx context.Context) (Sample, error) {
	switch p := r.Point; {
	case p.TFTP != nil:
		return r.metered(func(s *Sample) error { return r.fetch(ctx, s) })
	case p.Tool != nil:
		return r.metered(func(s *Sample) error { return r.tool(ctx, s) })
	case p.HTTP != nil:
		return r.metered(func(s *Sample) error { return r.http(ctx, s) })
	}
	return r.dhcp(ctx)
}

// metered lets it loose and says what was used meanwhile.
func (r *round) metered(loose func(s *Sample) error) (s Sample, err error) {
	dropped, err := r.on.dropped()
	if err != nil {
		return s, err
	}
	m := newMeter(r.on.server)
	err = loose(&s)
	m.end(&s)
	if err != nil {
		return s, err
	}
	select {
	case <-r.proc.gone:
		return s, r.proc.failure()
	default:
	}
	after, err := r.on.dropped()
	s.Dropped, s.Cores = after-dropped, len(r.Cores.Load)
	return s, err
}

// fetch is clients of package load.
func (r *round) fetch(ctx context.Context, s *Sample) error {
	conn, err := r.on.socket()
	if err != nil {
		return err
	}
	defer conn.Close()
	t := r.Point.TFTP
	if t.lockstep() && r.Round == 0 { // to watch costs time, so it is done where time does not count
		stop, err := r.on.watch()
		if err != nil {
			return err
		}
		defer func() { s.Stay = stop().median() }()
	}
	got, err := load.Run(ctx, conn, load.Config{
		Server: netip.AddrPortFrom(serverAddr, 69), First: clientAddr, Clients: t.Clients, Files: t.Files, Size: t.Size, Blksize: t.Blksize, Window: t.Window,
	})
	if err != nil {
		return err
	}
	s.Bytes, s.Clients, s.Failed, s.Resends = got.Bytes, t.Clients, got.Failed, got.Resends
	if t.Clients > 1 {
		s.P50, s.P99 = storm.Rank(got.Took, 50), storm.Rank(got.Took, 99)
	}
	if got.Err != nil {
		s.Why = got.Err.Error()
	}
	if t.lockstep() {
		s.Trip = got.Wall / time.Duration(t.Size/int64(t.Blksize)+1)
	}
	if got.Wall > 0 {
		s.Value = float64(got.Bytes) / 1e6 / got.Wall.Seconds()
	}
	return nil
}

// command is a tool's, in the load's namespace.
func (r *round) command(ctx context.Context, name string, args ...string) (out []byte, err error) {
	path, err := exec.LookPath(name)
	if err != nil {
		return nil, fmt.Errorf("%s is not installed: `.ci/deps bench` installs it", name)
	}
	err = in(r.on.load, func() error {
		cmd := exec.CommandContext(ctx, path, args...)
		cmd.Dir = r.at.own
		out, err = cmd.CombinedOutput()
		return err
	})
	return out, err
}
