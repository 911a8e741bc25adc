package qemu

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"time"
)

// install is the fix for a missing part of a PC.
const (
	aptGet     = "apt-get install --no-install-recommends "
	pcPackages = "qemu-system-x86 ipxe-qemu seabios"
	install    = aptGet + pcPackages
)

// A process is QEMU's.
type process struct {
	cancel context.CancelCauseFunc
	ctx    context.Context
	said   stderrTail
	pid    int
	done   chan struct{}
	err    error
}

// startProcess runs QEMU until ctx ends. It dies with us too, however we die: the kernel kills it when
// the thread that forked ends, so that thread is kept until the process is gone.
func startProcess(ctx context.Context, binary string, args []string, inherited []*os.File, confine func() error) (*process, error) {
	path, err := exec.LookPath(binary)
	if err != nil {
		return nil, fmt.Errorf("no %s here: %s", binary, install)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	p := &process{ctx: ctx, cancel: cancel, done: make(chan struct{})}
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.ExtraFiles = inherited
	cmd.Stdout, cmd.Stderr = &p.said, &p.said
	cmd.SysProcAttr = dieWithUs()
	started := make(chan error, 1)
	go func() {
		defer close(p.done)
		defer cancel(errEnded)
		runtime.LockOSThread()
		var err error
		if confine == nil {
			defer runtime.UnlockOSThread()
		} else { // nobody else may run on this thread again
			err = confine()
		}
		if err == nil {
			err = cmd.Start()
		}
		started <- err
		if err == nil {
			p.err = p.verdict(binary, cmd.Wait())
		}
	}()
	if err := <-started; err != nil {
		<-p.done
		return nil, fmt.Errorf("%s: %w", binary, err)
	}
	p.pid = cmd.Process.Pid
	return p, nil
}

// verdict is nil for an end that was asked for or that the guest chose.
func (p *process) verdict(binary string, err error) error {
	if err == nil || p.stopped() {
		return nil
	}
	said := p.said.String()
	for _, missing := range []string{"failed to find romfile", "could not load PC BIOS", "Could not open option rom"} {
		if strings.Contains(said, missing) {
			return fmt.Errorf("%s: a ROM is missing: %s", said, install)
		}
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) && killed(exit) {
		err = fmt.Errorf("%w from outside: by somebody, or by the kernel for want of memory", err)
	}
	if said == "" || !errors.As(err, &exit) {
		return fmt.Errorf("%s: %w", binary, err)
	}
	return fmt.Errorf("%s: %w: %s", binary, err, said)
}

// expire gives the process some time to end by itself, then ends it.
func (p *process) expire(d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-p.done:
	case <-timer.C:
		p.kill()
	}
}

// kill ends the process; wait for it then.
func (p *process) kill() { p.cancel(nil) }

// errEnded is why the context of a process that ended by itself is done.
var errEnded = errors.New("the process ended")

// stopped says that the end was asked for, by kill or by the context.
func (p *process) stopped() bool {
	return p.ctx.Err() != nil && !errors.Is(context.Cause(p.ctx), errEnded)
}

// wait waits for the end and says how it was.
func (p *process) wait() error {
	<-p.done
	return p.err
}

// A stderrTail keeps the last 2 KiB written to it.
type stderrTail struct {
	mu  sync.Mutex
	buf []byte
}

func (t *stderrTail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buf = append(t.buf, p...)
	t.buf = t.buf[max(len(t.buf)-2048, 0):]
	return len(p), nil
}

// String is what was written, in one line.
func (t *stderrTail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	lines := bytes.FieldsFunc(t.buf, func(r rune) bool { return r == '\n' || r == '\r' })
	return string(bytes.Join(lines, []byte("; ")))
}
