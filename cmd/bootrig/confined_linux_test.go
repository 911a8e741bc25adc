package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"runtime"
	"sync"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

// Names of what a prisoner is told by its environment.
const (
	prisonerOutside = "BOOTRIG_TEST_OUTSIDE" // a file that everybody may read, and nobody serves
	prisonerInside  = "BOOTRIG_TEST_INSIDE"  // one that is served
	prisonerPeer    = "BOOTRIG_TEST_PEER"    // a process of the same user
	prisonerReport  = "BOOTRIG_TEST_REPORT"  // a file that is open for writing
)

const prisonerThreads = 4

// prisoner is bootrig, which tries to break out from several of its threads as soon as it gets SIGUSR1.
func prisoner() {
	told := make(chan os.Signal, 1)
	signal.Notify(told, unix.SIGUSR1)
	report, err := os.OpenFile(os.Getenv(prisonerReport), os.O_WRONLY, 0)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	go func() {
		<-told
		var all [prisonerThreads]map[string]string
		var together, ended sync.WaitGroup
		together.Add(len(all))
		for i := range all {
			ended.Go(func() {
				runtime.LockOSThread() // for good: these are as many threads
				together.Done()
				together.Wait()
				all[i] = escape()
			})
		}
		ended.Wait()
		_ = json.NewEncoder(report).Encode(all)
	}()
	main()
}

// escape says of each thing that must not be possible why it is not.
func escape() map[string]string {
	tries := map[string]func() error{
		"read what is served":        func() error { return opened(os.Getenv(prisonerInside), unix.O_RDONLY) },
		"read what is not":           func() error { return opened(os.Getenv(prisonerOutside), unix.O_RDONLY) },
		"may read that as this user": func() error { return unix.Access(os.Getenv(prisonerOutside), unix.R_OK) },
		"write to what is served":    func() error { return opened(os.Getenv(prisonerInside), unix.O_WRONLY) },
		"make a file in /tmp":        func() error { return opened("/tmp/bootrig-prisoner", unix.O_CREAT|unix.O_WRONLY) },
		"list /":                     func() error { return opened("/", unix.O_RDONLY|unix.O_DIRECTORY) },
		"become root":                func() error { return syscallOf(unix.SYS_SETUID, 0) },
		"become root's group":        func() error { return syscallOf(unix.SYS_SETGID, 0) },
		"have all capabilities":      capable,
		"have one for programs": func() error {
			return unix.Prctl(unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_RAISE, unix.CAP_NET_RAW, 0, 0)
		},
		"start a program": func() error { return exec.Command("/bin/true").Run() },
		"trace another process": func() error {
			var pid uintptr
			fmt.Sscan(os.Getenv(prisonerPeer), &pid)
			return syscallOf(unix.SYS_PTRACE, unix.PTRACE_SEIZE, pid)
		},
		"mount something": func() error { return unix.Mount("none", "/tmp", "tmpfs", 0, "") },
	}
	said := map[string]string{}
	for what, try := range tries {
		said[what] = "done"
		var why syscall.Errno
		if err := try(); errors.As(err, &why) {
			said[what] = unix.ErrnoName(why)
		} else if err != nil {
			said[what] = err.Error()
		}
	}
	return said
}

func opened(name string, flags int) error {
	fd, err := unix.Open(name, flags, 0o600)
	if err == nil {
		unix.Close(fd)
	}
	return err
}

// syscallOf asks the kernel for this thread alone.
func syscallOf(call uintptr, args ...uintptr) error {
	args = append(args, 0, 0)
	if _, _, errno := unix.RawSyscall(call, args[0], args[1], args[2]); errno != 0 {
		return errno
	}
	return nil
}

func capable() error {
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	data := [2]unix.CapUserData{{Effective: ^uint32(0), Permitted: ^uint32(0), Inheritable: ^uint32(0)}}
	return unix.Capset(&header, &data[0])
}

// What was started as root, and serves, is somebody who can do no more than that, in whichever thread.
func TestAServerThatRootStartedIsConfined(t *testing.T) {
	c := lab(t)
	dir, elsewhere := public(t), public(t)
	write := func(name, text string) string {
		ok(t, os.WriteFile(name, []byte(text), 0o644))
		return name
	}
	served := filepath.Join(dir, "served")
	ok(t, os.Mkdir(served, 0o755))
	conf := write(filepath.Join(dir, "dnsmasq.conf"), "port=0\nno-ping\ndhcp-range=192.168.9.10,192.168.9.200\nenable-tftp\ntftp-root="+served+"\n")
	report := write(filepath.Join(elsewhere, "report"), "")
	peer := exec.Command("sleep", "1000")
	peer.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	ok(t, peer.Start())
	defer func() { _ = peer.Process.Kill(); _ = peer.Wait() }()
	t.Setenv(prisonerInside, write(filepath.Join(served, "a.0"), "a"))
	t.Setenv(prisonerOutside, write(filepath.Join(elsewhere, "secret"), "s"))
	t.Setenv(prisonerPeer, fmt.Sprint(peer.Process.Pid))
	t.Setenv(prisonerReport, report)
	t.Setenv("SUDO_UID", "")
	server := &victim{program: "prisoner", args: []string{"serve", "-C", conf, "-i", "eth0", "--state", filepath.Join(dir, "state", "state.db")}}
	server.start(t)
	defer server.end()
	defer func() { _ = server.process.Process.Kill() }()
	c.become(t, server, 1)
	ok(t, server.process.Process.Signal(unix.SIGUSR1))
	want := map[string]string{
		"read what is served": "done", "read what is not": "EACCES", "may read that as this user": "done", "write to what is served": "EACCES",
		"make a file in /tmp": "EACCES", "list /": "EACCES", "become root": "EPERM", "become root's group": "EPERM", "have all capabilities": "EPERM",
		"have one for programs": "EPERM", "start a program": "EACCES", "trace another process": "EPERM", "mount something": "EPERM",
	}
	for i, got := range reported(t, report) {
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("thread %d (-want +got):\n%s\n%s", i, diff, server.said.Bytes())
		}
	}
	everyThread(t, server.process.Process.Pid)
	c.become(t, server, 2)
}

// reported waits for what a prisoner found.
func reported(t *testing.T, report string) (all []map[string]string) {
	t.Helper()
	for late := time.Now().Add(20 * time.Second); time.Now().Before(late); {
		data, err := os.ReadFile(report)
		ok(t, err)
		if len(data) > 0 && data[len(data)-1] == '\n' {
			ok(t, json.Unmarshal(data, &all))
			break
		}
		runtime.Gosched()
	}
	if len(all) != prisonerThreads {
		t.Fatalf("%d threads report", len(all))
	}
	return all
}

// everyThread looks at a process from outside.
func everyThread(t *testing.T, pid int) {
	t.Helper()
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/status", pid))
	ok(t, err)
	if len(threads) < prisonerThreads {
		t.Errorf("there are %d threads", len(threads))
	}
	for _, thread := range threads {
		status, err := os.ReadFile(thread)
		ok(t, err)
		for _, want := range []string{`Uid:\s65534\s65534\s65534\s65534`, `Gid:\s65534\s65534\s65534\s65534`, `Groups:\s*\n`, `CapInh:\s0{16}`, `CapPrm:\s0{12}2400`, `CapEff:\s0{12}2400`,
			`CapBnd:\s0{12}2400`, `CapAmb:\s0{16}`, `NoNewPrivs:\s1`} {
			if !regexp.MustCompile(want).Match(status) {
				t.Errorf("%s\nlacks %s", status, want)
			}
		}
	}
}

// oldKernel is bootrig on a kernel that has no Landlock.
func oldKernel() {
	runtime.LockOSThread()
	const (
		load  = unix.BPF_LD | unix.BPF_W | unix.BPF_ABS
		equal = unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K
		ret   = unix.BPF_RET | unix.BPF_K
	)
	filter := []unix.SockFilter{ // seccomp(2): the number of the call is the first word of what the filter sees
		{Code: load}, {Code: equal, K: unix.SYS_LANDLOCK_CREATE_RULESET, Jf: 1},
		{Code: ret, K: unix.SECCOMP_RET_ERRNO | uint32(unix.ENOSYS)}, {Code: ret, K: unix.SECCOMP_RET_ALLOW},
	}
	program := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	_ = unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
	err := syscallOf(unix.SYS_PRCTL, unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_FILTER, uintptr(unsafe.Pointer(&program)))
	path, missing := exec.LookPath("bootrig")
	if err = errors.Join(err, missing); err == nil {
		err = unix.Exec(path, append([]string{"bootrig"}, os.Args[1:]...), os.Environ())
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
