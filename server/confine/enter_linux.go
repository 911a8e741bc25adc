package confine

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/landlock-lsm/go-landlock/landlock"
	ll "github.com/landlock-lsm/go-landlock/landlock/syscall"
	"golang.org/x/sys/unix"
	"kernel.org/pub/linux/libs/security/libcap/cap"
)

// Root tells whether this process has rights to give up.
func Root() bool { return os.Geteuid() == 0 }

// Enter gives up all that is not in the Limits. lacks says what this kernel cannot keep the process from; "": nothing.
func (l Limits) Enter() (lacks string, err error) {
	if _, err := cap.Prctlw(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return "", fmt.Errorf("no new privileges: %w", err)
	}
	if lacks, err = l.lock(); err != nil { // while every path can be opened
		return "", err
	}
	if err := cap.ResetAmbient(); err != nil {
		return "", fmt.Errorf("capabilities: %w", err)
	}
	if !Root() { // who has started it has chosen, and perhaps left no call by which to choose again (SystemCallFilter=)
		return lacks, nil
	}
	keep := []cap.Value{cap.NET_BIND_SERVICE, cap.NET_RAW}
	if err := unbound(keep); err != nil {
		return "", err
	}
	if keep, err = l.User.become(keep); err != nil {
		return "", err
	}
	return lacks, only(keep)
}

// What Landlock lets a process do. Nothing may be executed.
const (
	readFile = ll.AccessFSReadFile
	readDir  = readFile | ll.AccessFSReadDir
	writeDir = readDir | ll.AccessFSWriteFile | ll.AccessFSTruncate | ll.AccessFSRemoveFile | ll.AccessFSRemoveDir |
		ll.AccessFSMakeReg | ll.AccessFSMakeDir
)

// lock has Landlock refuse all other files, as far as the kernel knows how (landlock(7)).
func (l Limits) lock() (lacks string, err error) {
	var rules []landlock.Rule
	allow := func(path string, access landlock.AccessFSSet) {
		info, err := os.Stat(path)
		if err != nil {
			return
		}
		if !info.IsDir() {
			access &= readFile
		}
		rules = append(rules, landlock.PathAccess(access, path).IgnoreIfMissing())
	}
	for _, path := range l.Read {
		allow(path, readDir)
	}
	for _, name := range l.Named {
		for _, path := range l.User.reach(name) {
			allow(path, readDir)
		}
	}
	for _, dir := range l.Write {
		allow(dir, writeDir)
	}
	for _, dir := range l.Remove {
		allow(dir, ll.AccessFSRemoveFile)
	}
	// Version 5 has the last rights to files that are ours to limit; of 9 is who may be spoken to by a socket.
	if err := landlock.V5.BestEffort().RestrictPaths(rules...); err != nil {
		return "", fmt.Errorf("landlock: %w", err)
	}
	abi, err := ll.LandlockGetABIVersion()
	if err != nil {
		abi = 0
	}
	return missing(abi), nil
}

// missing says what a kernel with a version of Landlock lets happen.
func missing(abi int) string {
	const truncates = 3
	switch {
	case abi <= 0:
		return "this kernel has no Landlock, or it is switched off (lsm= of its command line): the server may read whatever its user may, and start programs"
	case abi < truncates:
		return fmt.Sprintf("this kernel has version %d of Landlock, and %d is the first by which files outside of what is served cannot be emptied", abi, truncates)
	}
	return ""
}

// unbound takes capabilities out of the bounding set, so that no program ever has them again. Who may not is bound by
// no_new_privs alone.
func unbound(keep []cap.Value) error {
	may, err := cap.GetProc().GetFlag(cap.Permitted, cap.SETPCAP)
	if err != nil || !may {
		return err
	}
	var rest []cap.Value
	for v := range cap.MaxBits() {
		if !slices.Contains(keep, v) {
			rest = append(rest, v)
		}
	}
	if err := cap.DropBound(rest...); err != nil {
		return fmt.Errorf("capabilities: %w", err)
	}
	return nil
}

// become makes the process somebody else's, but for capabilities. Root that is to stay keeps what makes root of it
// where files are concerned.
func (u User) become(keep []cap.Value) ([]cap.Value, error) {
	if u.UID == 0 {
		return append(keep, cap.DAC_OVERRIDE), nil
	}
	err := cap.SetGroups(u.GID)
	if err == nil {
		err = cap.SetUID(u.UID)
	}
	if err != nil {
		return nil, fmt.Errorf("becoming %s (%d:%d): %w: this root may not (CAP_SETUID, CAP_SETGID); --user root stays it", u.Name, u.UID, u.GID, err)
	}
	return keep, nil
}

// only leaves the process no other capabilities, and none that a program it starts would inherit.
func only(keep []cap.Value) error {
	now, set := cap.GetProc(), cap.NewSet()
	for _, v := range keep {
		has, err := now.GetFlag(cap.Permitted, v)
		if err != nil {
			return fmt.Errorf("capabilities: %w", err)
		}
		if has {
			err = errors.Join(set.SetFlag(cap.Permitted, true, v), set.SetFlag(cap.Effective, true, v))
		}
		if err != nil {
			return fmt.Errorf("capabilities: %w", err)
		}
	}
	if err := set.SetProc(); err != nil {
		return fmt.Errorf("capabilities: %w", err)
	}
	return nil
}

// may tells whether this root can become another user: it has the capabilities, and its user namespace has the user
// (user_namespaces(7)). In one that has no other root is somebody plain, outside.
func may(uid int) bool {
	for _, v := range []cap.Value{cap.SETUID, cap.SETGID} {
		if has, err := cap.GetProc().GetFlag(cap.Permitted, v); err != nil || !has {
			return false
		}
	}
	table, err := os.ReadFile("/proc/self/uid_map")
	if err != nil {
		return true
	}
	for line := range strings.Lines(string(table)) {
		var first, outside, n int
		if _, err := fmt.Sscan(line, &first, &outside, &n); err == nil && uid >= first && uid-first < n {
			return true
		}
	}
	return false
}
