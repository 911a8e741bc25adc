package tap

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/songgao/water"

	"github.com/bootrig/bootrig/emulator/internal/tail"
	"github.com/bootrig/bootrig/emulator/link"
)

// A Host is a host of the LAN that the kernel runs: its net namespace, its root, its process.
type Host struct {
	spec  HostSpec
	ns    *netspace
	taps  []*water.Interface
	ports []link.Port
	root  string

	out tail.Lines

	mu      sync.Mutex
	process *process // the latest; its killed is under mu too

	stopOnce sync.Once
	stopErr  error
}

// A process is one that a host runs.
type process struct {
	cmd    *exec.Cmd // nil: there is none
	exited chan struct{}
	err    error // once exited is closed
	killed bool  // by Kill
}

// now is the latest process.
func (h *Host) now() *process {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.process
}

// Host starts a host. Its cards are up, and plugged into the LAN, before its process runs.
func (l *Lab) Host(spec HostSpec) (*Host, error) {
	if err := spec.check(); err != nil {
		return nil, err
	}
	if spec.Grace == 0 {
		spec.Grace = 6 * time.Second
	}
	h := &Host{spec: spec, process: &process{exited: make(chan struct{})}}
	if err := h.start(l); err != nil {
		h.release()
		return nil, fmt.Errorf("host %s: %w", spec.Name, err)
	}
	if err := l.AtEnd(h.Stop); err != nil {
		_ = h.Stop()
		return nil, fmt.Errorf("host %s: %w", spec.Name, err)
	}
	return h, nil
}

func (h *Host) start(l *Lab) (err error) {
	if h.ns, err = newNetspace(h.spec.IPv6); err != nil {
		return err
	}
	for i, nic := range h.spec.NICs {
		tap, err := h.ns.card(fmt.Sprint("eth", i), nic)
		if err != nil {
			return err
		}
		h.taps = append(h.taps, tap)
		port, err := l.Attach(h.spec.Name, tap, nic.VLAN)
		if err != nil {
			return err
		}
		h.ports = append(h.ports, port)
	}
	if err := h.ns.route(h.spec.Routes); err != nil {
		return err
	}
	if len(h.spec.Argv) == 0 {
		close(h.process.exited)
		return nil
	}
	if h.root, err = buildRoot(h.spec.Name, h.spec.Binds); err != nil {
		return err
	}
	return h.run()
}

// run starts the process. It has a session of its own: ^C on the terminal is for the run, which stops
// its servers when it is done with them.
func (h *Host) run() error {
	path, env, err := h.program()
	if err != nil {
		return err
	}
	stdout, stderr := &stream{out: &h.out, w: h.spec.Stdout}, &stream{out: &h.out, w: h.spec.Stderr}
	p := &process{exited: make(chan struct{}), cmd: &exec.Cmd{
		Path: path, Args: h.spec.Argv, Env: env, Dir: "/", Stdout: stdout, Stderr: stderr,
		WaitDelay:   time.Second, // a daemon it leaves behind may hold its output open
		SysProcAttr: &syscall.SysProcAttr{Setsid: true},
	}}
	if err := h.ns.jail(h.root, p.cmd.Start); err != nil {
		return err
	}
	h.mu.Lock()
	h.process = p
	h.mu.Unlock()
	go func() {
		p.err = p.cmd.Wait()
		stdout.flush()
		stderr.flush()
		h.out.End()
		close(p.exited)
	}()
	return nil
}

// program finds the executable, and what the process inherits. The roots show the same directories as
// the run, so what is found here is there. Debian keeps dnsmasq where an ordinary user's PATH does not look.
func (h *Host) program() (path string, env []string, err error) {
	search := os.Getenv("PATH") + ":/usr/local/sbin:/usr/sbin:/sbin"
	env = append([]string{"PATH=" + search, "HOME=/", "TMPDIR=/tmp"}, h.spec.Env...)
	name := h.spec.Argv[0]
	if strings.Contains(name, "/") {
		return name, env, nil
	}
	for dir := range strings.SplitSeq(search, ":") {
		if found, err := exec.LookPath(dir + "/" + name); err == nil && strings.HasPrefix(dir, "/") {
			return found, env, nil
		}
	}
	return "", nil, fmt.Errorf("there is no %s in %s", name, search)
}

// Ports are the ports of its cards on the LAN.
func (h *Host) Ports() []link.Port { return h.ports }

// In runs f on a thread inside the host's net namespace: sockets that f opens are the host's.
func (h *Host) In(f func() error) error { return h.ns.in(f) }

// Expect waits for a line of the process's output that matches, and returns it; a line it wrote
// before counts. It fails when ctx ends or the process does.
func (h *Host) Expect(ctx context.Context, want *regexp.Regexp) (string, error) {
	line, err := h.out.Expect(ctx, want)
	if err == nil {
		return line, nil
	}
	p := h.now()
	select {
	case <-p.exited: // a moment after its output has
		if p.err != nil {
			return "", h.Err()
		}
	case <-ctx.Done():
	}
	return "", fmt.Errorf("host %s: %w", h.spec.Name, err)
}

// Tail is the last n lines of its output.
func (h *Host) Tail(n int) []string { return h.out.Last(n) }

// Done is closed when the process has ended: the latest one, if it was started again.
func (h *Host) Done() <-chan struct{} { return h.now().exited }

// Err tells, after Done, why the process ended: nil if it exited with 0, or by Kill. The last lines it wrote are
// part of the error, since they hold the cause.
func (h *Host) Err() error {
	p := h.now()
	<-p.exited
	h.mu.Lock()
	killed := p.killed
	h.mu.Unlock()
	if p.err == nil || killed {
		return nil
	}
	err := fmt.Errorf("host %s: %s: %w", h.spec.Name, h.spec.Argv[0], p.err)
	if tail := h.out.Last(5); len(tail) > 0 {
		err = fmt.Errorf("%w: %s", err, strings.Join(tail, " | "))
	}
	return err
}
