package main

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// A manager that wants to know is told as long as what is checked returns.
func TestAWatchdogIsFedWhileTheServerLives(t *testing.T) {
	path := filepath.Join(t.TempDir(), "notify")
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	ok(t, err)
	defer conn.Close()
	m := manager{socket: path}
	t.Setenv("WATCHDOG_USEC", "30000")
	t.Setenv("WATCHDOG_PID", strconv.Itoa(os.Getpid()))
	ctx, cancel := context.WithCancel(t.Context())
	checked, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		m.alive(ctx, func() { <-checked })
	}()
	buf := make([]byte, 100)
	for range 3 {
		checked <- struct{}{}
		if n, err := conn.Read(buf); err != nil || string(buf[:n]) != "WATCHDOG=1" {
			t.Fatalf("%q, %v", buf[:n], err)
		}
	}
	cancel()
	close(checked)
	<-ended
	for name, set := range map[string][2]string{
		"nobody asks": {"", ""}, "another process is meant": {"30000", "1"}, "a number that is none": {"x", ""}, "never": {"0", ""},
	} {
		t.Setenv("WATCHDOG_USEC", set[0])
		t.Setenv("WATCHDOG_PID", set[1])
		m.alive(t.Context(), func() { t.Errorf("%s: it is checked", name) }) // and returns
	}
}
