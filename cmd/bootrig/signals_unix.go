//go:build unix

package main

import (
	"os"
	"os/signal"
	"syscall"
)

// endure lets signals pass that would end a program that does not ask for them: a reader of the log that went away,
// a log file that may not grow, and what people send to daemons to see what happens. hangUp gets SIGHUP.
func endure() (hangUp <-chan os.Signal, stop func()) {
	passed, hung := make(chan os.Signal, 1), make(chan os.Signal, 1)
	signal.Notify(passed, syscall.SIGPIPE, syscall.SIGXFSZ, syscall.SIGALRM, syscall.SIGVTALRM, syscall.SIGUSR1, syscall.SIGUSR2)
	signal.Notify(hung, syscall.SIGHUP)
	return hung, func() { signal.Stop(passed); signal.Stop(hung) }
}
