package bench

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/bootrig/bootrig/scenarios/bench/load"
)

// A process is the server that is measured.
type process struct {
	name string
	log  string
	gone chan struct{} // closed when it has ended
	err  error         // why, then
}

// serve starts the server on its cores. What it says goes into a file, as a service's does.
func (p *place) serve(s Server, at site, cores []int) (*process, error) {
	argv, env := s.command(at)
	log, err := os.Create(filepath.Join(at.own, "log"))
	if err != nil {
		return nil, err
	}
	defer log.Close()
	cmd := exec.Command(argv[0], argv[1:]...)
	if argv[0] == self {
		cmd.Args[0] = os.Args[0] // a test is several programs, by their names
	}
	cmd.Env, cmd.Dir = append(os.Environ(), env...), at.own
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	err = in(p.server, func() error {
		if err := unix.SchedSetaffinity(0, set(cores)); err != nil {
			return err
		}
		return cmd.Start()
	})
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", s.Name, err)
	}
	proc := &process{name: s.Name, log: log.Name(), gone: make(chan struct{})}
	go func() {
		proc.err = cmd.Wait()
		close(proc.gone)
	}()
	return proc, nil
}

// startLimit is for one that unpacks a tarball first, on a machine that does much else.
const startLimit = time.Minute

// ready waits for a file to be had of the server: by HTTP if tcp is set, else by TFTP.
func (proc *process) ready(ctx context.Context, p *place, tcp bool) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	tick := time.NewTicker(pause)
	defer tick.Stop()
	for {
		err := p.try(ctx, tcp)
		if err == nil {
			return nil
		}
		select {
		case <-proc.gone:
			return proc.failure()
		case <-ctx.Done():
			return fmt.Errorf("%s was not ready after %s: %w; it says %s", proc.name, startLimit, err, proc.said())
		case <-tick.C:
		}
	}
}

// pause is between two tries, and a client's time-out.
const pause = 50 * time.Millisecond

func (p *place) try(ctx context.Context, tcp bool) error {
	ctx, cancel := context.WithTimeout(ctx, 20*pause)
	defer cancel()
	if tcp {
		return p.dial(ctx, 80)
	}
	conn, err := p.socket()
	if err != nil {
		return err
	}
	defer conn.Close()
	r, err := load.Run(ctx, conn, load.Config{
		Server: netip.AddrPortFrom(serverAddr, 69), First: clientAddr, Clients: 1, Name: func(int) string { return "ready" }, Size: 1, Timeout: pause,
	})
	return errors.Join(err, r.Err)
}

// failure is why it has ended.
func (proc *process) failure() error {
	return fmt.Errorf("%s has ended: %w; it says %s", proc.name, proc.err, proc.said())
}

// said is the last of what it said.
func (proc *process) said() string {
	text, err := os.ReadFile(proc.log)
	if err != nil {
		return err.Error()
	}
	const most = 600
	return fmt.Sprintf("%q", strings.TrimSpace(string(text[max(0, len(text)-most):])))
}

func set(cores []int) *unix.CPUSet {
	var s unix.CPUSet
	for _, n := range cores {
		s.Set(n)
	}
	return &s
}

// Available are the cores that this process may run on.
func Available() ([]int, error) {
	var s unix.CPUSet
	if err := unix.SchedGetaffinity(0, &s); err != nil {
		return nil, err
	}
	var all []int
	for n := range len(s) * 64 {
		if s.IsSet(n) {
			all = append(all, n)
		}
	}
	return all, nil
}
