package qemu

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	goqemu "github.com/digitalocean/go-qemu/qemu"
	"github.com/digitalocean/go-qemu/qmp"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// peer is QEMU's end of a monitor: it answers each command line with what answer writes.
func peer(t *testing.T, answer func(id string, command string, say func(format string, args ...any))) net.Conn {
	t.Helper()
	ours, theirs := net.Pipe()
	var running sync.WaitGroup
	running.Go(func() {
		defer theirs.Close()
		say := func(format string, args ...any) { fmt.Fprintf(theirs, format+"\r\n", args...) }
		say(`{"QMP": {"version": {"qemu": {"micro": 22, "minor": 2, "major": 7}, "package": ""}, "capabilities": ["oob"]}}`)
		for in := bufio.NewScanner(theirs); in.Scan(); {
			var command struct{ Execute, ID string }
			if err := json.Unmarshal(in.Bytes(), &command); err != nil {
				return
			}
			if command.Execute == "qmp_capabilities" {
				say(`{"event": "EARLY", "data": {}, "timestamp": {"seconds": 1, "microseconds": 2}}`)
				say(`{"return": {}, "id": %q}`, command.ID)
				continue
			}
			answer(command.ID, command.Execute, say)
		}
	})
	t.Cleanup(func() { ours.Close(); running.Wait() })
	return ours
}

func connected(t *testing.T, conn net.Conn) *monitor {
	t.Helper()
	m := newMonitor(conn, nil)
	if err := m.Connect(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = m.Disconnect() })
	return m
}

func TestABurstOfEventsMovesNoReply(t *testing.T) {
	m := connected(t, peer(t, func(id, command string, say func(string, ...any)) {
		for i := range 500 {
			say(`{"event": "RTC_CHANGE", "data": {"offset": %d}, "timestamp": {"seconds": 1, "microseconds": 2}}`, i)
		}
		say(`{"return": %q, "id": %q}`, command, id)
	}))
	domain, err := goqemu.NewDomain(m, "pc") // it subscribes to the events
	if err != nil {
		t.Fatal(err)
	}
	defer domain.Close()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	events, err := m.Events(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, command := range []string{"first", "second"} {
		raw, err := domain.Run(qmp.Command{Execute: command})
		if err != nil {
			t.Fatal(err)
		}
		var reply struct{ Return string }
		if json.Unmarshal(raw, &reply) != nil || reply.Return != command {
			t.Fatalf("the reply to %s is %s", command, raw)
		}
	}
	for i := range 1000 {
		if e := <-events; e.Data["offset"] != float64(i%500) {
			t.Fatalf("event %d is %v", i, e.Data)
		}
	}
}

func TestAReplyMayBeLong(t *testing.T) {
	long := strings.Repeat("x", 300_000)
	m := connected(t, peer(t, func(id, _ string, say func(string, ...any)) { say(`{"return": %q, "id": %q}`, long, id) }))
	raw, err := m.Run([]byte(`{"execute":"query-qmp-schema"}`))
	if err != nil || len(raw) < len(long) {
		t.Fatalf("%d bytes, %v", len(raw), err)
	}
}

func TestRepliesFindTheirCommands(t *testing.T) {
	var held []string
	m := connected(t, peer(t, func(id, command string, say func(string, ...any)) {
		if held = append(held, fmt.Sprintf(`{"return": %q, "id": %q}`, command, id)); len(held) == 8 {
			for i := range held { // the last first
				say("%s", held[len(held)-1-i])
			}
		}
	}))
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			command := fmt.Sprintf("command-%d", i)
			raw, err := m.Run([]byte(`{"execute":"` + command + `"}`))
			if err != nil || !strings.Contains(string(raw), command) {
				t.Errorf("%s: %s, %v", command, raw, err)
			}
		})
	}
	all.Wait()
}

func TestErrorsOfTheMonitor(t *testing.T) {
	m := connected(t, peer(t, func(id, command string, say func(string, ...any)) {
		if command == "wrong" {
			say(`{"error": {"class": "GenericError", "desc": "no such key"}, "id": %q}`, id)
		}
	}))
	if _, err := m.Run([]byte(`{"execute":"wrong"}`)); err == nil || err.Error() != "qmp: no such key" {
		t.Errorf("an error reply gives %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := m.run(ctx, []byte(`{"execute":"silent"}`)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a silent QEMU gives %v", err)
	}
	if _, err := m.Run([]byte(`nonsense`)); err == nil {
		t.Error("nonsense is a command")
	}
}

func TestAMachineThatEndsFailsItsCommands(t *testing.T) {
	ours, theirs := net.Pipe()
	go func() {
		defer theirs.Close()
		in := bufio.NewScanner(theirs)
		fmt.Fprintln(theirs, `{"QMP": {}}`)
		in.Scan()
		fmt.Fprintln(theirs, `{"return": {}, "id": "1"}`)
		in.Scan() // and is gone without an answer
	}()
	m := connected(t, ours)
	events, err := m.Events(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.Run([]byte(`{"execute":"quit"}`)); !errors.Is(err, errMonitorClosed) {
		t.Errorf("the command gives %v", err)
	}
	if _, more := <-events; more {
		t.Error("the events go on")
	}
	late, err := m.Events(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, more := <-late; more {
		t.Error("events asked for later go on")
	}
}

func TestNoGreeting(t *testing.T) {
	for name, said := range map[string]string{
		"QEMU closes at once":             "",
		"something else speaks":           "{\"return\": {}}\n",
		"something speaks no JSON at all": "SSH-2.0-OpenSSH\n",
	} {
		t.Run(name, func(t *testing.T) {
			ours, theirs := net.Pipe()
			go func() { fmt.Fprint(theirs, said); theirs.Close() }()
			m := newMonitor(ours, nil)
			if err := m.Connect(); err == nil {
				t.Fatal("connected")
			}
			if err := m.Disconnect(); err != nil {
				t.Fatal(err)
			}
		})
	}
}
