package tap

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/bootrig/bootrig/internal/must"
)

func TestTheWorldOfARun(t *testing.T) {
	if !inside(t) {
		return
	}
	t.Run("temporary files are on its own tmpfs", func(t *testing.T) {
		var fs unix.Statfs_t
		dir := t.TempDir()
		if err := unix.Statfs(dir, &fs); err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(dir, tempDir) || fs.Type != unix.TMPFS_MAGIC {
			t.Errorf("%s is on a file system of type %#x", dir, fs.Type)
		}
	})
	t.Run("its /proc shows its own processes, numbered from 1", func(t *testing.T) {
		name, err := os.Readlink("/proc/self")
		if err != nil || name != strconv.Itoa(os.Getpid()) || os.Getppid() != 1 {
			t.Errorf("/proc/self is %s (%v), this is %d and the parent %d", name, err, os.Getpid(), os.Getppid())
		}
	})
	t.Run("its loopback works", func(t *testing.T) {
		if err := useLoopback(); err != nil {
			t.Error(err)
		}
	})
	t.Run("what loses its parent is reaped", func(t *testing.T) {
		out, err := exec.Command("/bin/sh", "-c", "sleep 0 >/dev/null & echo $!").Output()
		if err != nil {
			t.Fatal(err)
		}
		proc := "/proc/" + strings.TrimSpace(string(out))
		for deadline := time.Now().Add(10 * time.Second); ; {
			if _, err := os.Stat(proc); errors.Is(err, os.ErrNotExist) {
				return
			}
			if time.Now().After(deadline) {
				t.Fatalf("%s is still there", proc)
			}
		}
	})
	t.Run("what it starts is not taken for a child of the lab", func(t *testing.T) {
		if cmd := exec.Command("/bin/sh", "-c", "test -z \"$"+stageVar+"\""); cmd.Run() != nil {
			t.Errorf("%s is inherited", stageVar)
		}
	})
}

// TestFilesAndExitCodesPassThrough covers what a caller reads a run's facts and verdict from.
func TestFilesAndExitCodesPassThrough(t *testing.T) {
	if err := Available(); err != nil {
		must.Skip(t, must.Tap, err)
	}
	facts, theirs, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer facts.Close()
	var out, stderr bytes.Buffer
	s, err := Exec(t.Context(), ChildSpec{
		Args: []string{"one", "two"}, Env: []string{roleVar + "=answer", quickRace},
		Stdin: strings.NewReader("a question"), Stdout: &out, Stderr: &stderr, Extra: []*os.File{theirs},
	})
	theirs.Close()
	if err != nil {
		t.Fatal(err)
	}
	extra, err := io.ReadAll(facts)
	if err != nil {
		t.Fatal(err)
	}
	var exit *exec.ExitError
	if err := s.Wait(); !errors.As(err, &exit) || exit.ExitCode() != 42 {
		t.Errorf("the run ends with %v, not with 42; %s", err, &stderr)
	}
	if want := "one two: a question"; out.String() != want || string(extra) != "a fact" {
		t.Errorf("stdout %q, not %q; fd 3 %q", &out, want, extra)
	}
}

// answer is a run that reads its input and uses what it was given.
func answer(context.Context) int {
	question, _ := bufio.NewReader(os.Stdin).ReadString('\n')
	os.Stdout.WriteString(strings.Join(os.Args[1:], " ") + ": " + question)
	facts := os.NewFile(3, "facts")
	facts.WriteString("a fact")
	// A server that inherited fd 3 would keep the reader waiting for as long as it lives.
	os.StartProcess("/bin/sleep", []string{"sleep", "1000"}, &os.ProcAttr{})
	facts.Close()
	return 42
}

func TestARunThatDoesNotListenIsKilled(t *testing.T) {
	if err := Available(); err != nil {
		must.Skip(t, must.Tap, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	s, err := start(ctx, ChildSpec{Env: []string{roleVar + "=deaf"}, Stdout: w}, 10*time.Millisecond)
	w.Close()
	if err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(r).ReadString('\n'); line != "deaf\n" {
		t.Fatalf("the run says %q: %v", line, err)
	}
	cancel()
	var exit *exec.ExitError
	if err := s.Wait(); !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != unix.SIGKILL {
		t.Errorf("the run ends with %v", err)
	}
}

func deaf(context.Context) int {
	os.Stdout.WriteString("deaf\n")
	select {}
}

func useLoopback() error {
	conn, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		return err
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	if _, err := conn.WriteTo([]byte("hello"), conn.LocalAddr()); err != nil {
		return err
	}
	_, _, err = conn.ReadFrom(make([]byte, 9))
	return err
}
