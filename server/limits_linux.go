package server

import "golang.org/x/sys/unix"

// descriptors is how many files we may have open. The Go runtime has raised the soft limit to the hard one
// (os, rlimit.go).
func descriptors() int {
	var l unix.Rlimit
	if unix.Getrlimit(unix.RLIMIT_NOFILE, &l) != nil {
		return 0
	}
	return int(min(l.Cur, 1<<30))
}
