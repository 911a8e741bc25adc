package tap

import (
	"context"
	"fmt"
	"math"
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/sys/unix"
)

// Main is the life of a child: it makes the world of the run and calls run inside it, with a context
// that ends on SIGINT and SIGTERM. What it returns is for os.Exit. Call it only if Child() is true.
//
// Two processes share the work. Pid 1 makes the world, passes signals on and reaps whatever loses
// its parent; run is in its child, so that nobody takes an exit status that os/exec waits for.
func Main(run func(ctx context.Context) int) int {
	var stage string
	var extra int
	_, err := fmt.Sscan(os.Getenv(stageVar), &stage, &extra)
	os.Unsetenv(stageVar) // the processes of the run are none of ours
	switch {
	case err == nil && stage == "init":
		code, err := initProcess(extra)
		if err != nil {
			fmt.Fprintln(os.Stderr, "bootrig: lab:", err)
		}
		return code
	case err == nil && stage == "run":
		// What the caller passed is for run, and what else was left open around it for nobody: no
		// server and no guest of the run inherits it.
		if err := unix.CloseRange(3, math.MaxInt32, unix.CLOSE_RANGE_CLOEXEC); err != nil {
			fmt.Fprintln(os.Stderr, "bootrig: lab: close files (Linux 5.11 and later can):", err)
			return 1
		}
		ctx, stop := signal.NotifyContext(context.Background(), unix.SIGINT, unix.SIGTERM)
		defer stop()
		return run(ctx)
	}
	fmt.Fprintf(os.Stderr, "bootrig: lab: %s=%q is not for people\n", stageVar, stage)
	return 2
}

// initProcess is pid 1. Its end is the end of the run.
func initProcess(extra int) (int, error) {
	lifeline := 3 + extra
	unix.CloseOnExec(lifeline)
	go exitWith(os.NewFile(uintptr(lifeline), "lifeline"))
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, unix.SIGINT, unix.SIGTERM)
	if err := makeWorld(); err != nil {
		return 1, err
	}
	os.Setenv("TMPDIR", tempDir)
	os.Setenv(stageVar, fmt.Sprintf("run %d", extra))
	files := []*os.File{os.Stdin, os.Stdout, os.Stderr}
	for fd := 3; fd < lifeline; fd++ {
		files = append(files, os.NewFile(uintptr(fd), "extra"))
	}
	p, err := os.StartProcess("/proc/self/exe", os.Args, &os.ProcAttr{Files: files})
	if err != nil {
		return 1, err
	}
	for _, f := range files {
		f.Close() // a pipe's reader waits until all its writers have closed, us included
	}
	go func() {
		for s := range signals {
			_ = unix.Kill(p.Pid, s.(syscall.Signal))
		}
	}()
	return reap(p.Pid), nil
}

// exitWith ends pid 1, and so everything, when the parent is gone. Pdeathsig alone would miss a parent
// that died before the child could ask for it.
func exitWith(lifeline *os.File) {
	_, _ = lifeline.Read(make([]byte, 1))
	os.Exit(128 + int(unix.SIGKILL))
}

// reap waits for all that dies, until main does, and gives main's exit code as a shell would.
func reap(main int) int {
	for {
		var status unix.WaitStatus
		pid, err := unix.Wait4(-1, &status, 0, nil)
		switch {
		case err == unix.EINTR:
		case err != nil:
			return 1
		case pid == main && status.Signaled():
			return 128 + int(status.Signal())
		case pid == main && status.Exited():
			return status.ExitStatus()
		}
	}
}
