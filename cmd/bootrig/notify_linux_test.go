package main

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

// A hearing is a service manager's end of NOTIFY_SOCKET.
type hearing struct {
	*manager
	fd int
}

func newHearing(t *testing.T) hearing {
	t.Helper()
	path := filepath.Join(t.TempDir(), "notify")
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_DGRAM|unix.SOCK_NONBLOCK, 0)
	ok(t, err)
	t.Cleanup(func() { unix.Close(fd) })
	ok(t, unix.Bind(fd, &unix.SockaddrUnix{Name: path}))
	return hearing{&manager{socket: path}, fd}
}

// heard is what was told until now.
func (h hearing) heard() (all []string) {
	buf := make([]byte, 100)
	for {
		n, _, err := unix.Recvfrom(h.fd, buf, 0)
		if err != nil {
			return all
		}
		all = append(all, string(buf[:n]))
	}
}

// What was under way when the server ended is not told behind that: READY=1 would take it back.
func TestNothingIsToldAfterTheEnd(t *testing.T) {
	h := newHearing(t)
	ready := make(chan struct{})
	close(ready)
	done := h.reloading(ready)
	h.heard()
	h.stopping()
	done()
	if diff := cmp.Diff([]string{"STOPPING=1"}, h.heard()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A manager hears of a server that lives three times in the time it gives it, and nothing of one that hangs.
func TestAWatchdogIsFedWhileTheServerLives(t *testing.T) {
	h := newHearing(t)
	t.Setenv("WATCHDOG_USEC", strconv.FormatInt(time.Minute.Microseconds(), 10))
	t.Setenv("WATCHDOG_PID", strconv.Itoa(os.Getpid()))
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		lives := make(chan struct{}, 1) // has one thing, or the server hangs
		lives <- struct{}{}
		go h.alive(ctx, func() { lives <- <-lives })
		synctest.Wait()
		for minute, want := range []int{1, 3, 3} {
			if all := h.heard(); len(all) < want || all[0] != "WATCHDOG=1" {
				t.Errorf("minute %d: it is told %q, want %d at least", minute, all, want)
			}
			time.Sleep(time.Minute)
			synctest.Wait()
		}
		<-lives
		h.heard()
		time.Sleep(10 * time.Minute)
		if all := h.heard(); len(all) != 0 {
			t.Errorf("of a server that hangs it is told %q", all)
		}
		lives <- struct{}{}
		synctest.Wait()
		if all := h.heard(); len(all) == 0 {
			t.Error("of a server that goes on it is told nothing")
		}
		cancel()
	})
}

// A server whose configuration somebody holds for ever hangs, and its watchdog hears nothing of it.
func TestAWatchdogIsFedByThePulseOfTheServer(t *testing.T) {
	h := newHearing(t)
	t.Setenv("WATCHDOG_USEC", strconv.FormatInt(time.Minute.Microseconds(), 10))
	s := &serving{log: &log{manager: h.manager}}
	ctx, cancel := context.WithCancel(t.Context())
	fed := make(chan struct{})
	s.mu.Lock()
	go func() { defer close(fed); s.alive(ctx) }()
	for !waits("(*serving).pulse") {
		if all := h.heard(); len(all) > 0 {
			t.Fatalf("it is told %q", all)
		}
		runtime.Gosched()
	}
	if all := h.heard(); len(all) > 0 {
		t.Errorf("of a server that hangs it is told %q", all)
	}
	s.mu.Unlock()
	cancel()
	<-fed
	if all := h.heard(); len(all) == 0 {
		t.Error("of a server that lives it is told nothing")
	}
}

// waits tells whether a goroutine is in a function, and waits for a lock there.
func waits(function string) bool {
	stacks := make([]byte, 1<<20)
	for goroutine := range strings.SplitSeq(string(stacks[:runtime.Stack(stacks, true)]), "\n\n") {
		if strings.Contains(goroutine, function) && strings.Contains(goroutine, "[sync.Mutex.Lock") {
			return true
		}
	}
	return false
}

func TestAWatchdogThatIsNotOursIsNotFed(t *testing.T) {
	h := newHearing(t)
	for name, set := range map[string][2]string{
		"nobody asks": {"", ""}, "another process is meant": {"30000", "1"}, "a number that is none": {"x", ""}, "never": {"0", ""},
	} {
		t.Setenv("WATCHDOG_USEC", set[0])
		t.Setenv("WATCHDOG_PID", set[1])
		h.alive(t.Context(), func() { t.Errorf("%s: it is checked", name) }) // and returns
	}
}
