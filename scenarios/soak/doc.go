// Package soak answers: can one leave the server alone?
//
// Its test runs `bootrig serve` as a process in namespaces of its own, and everything at it at once: machines that
// boot, one after the other, of every firmware that is scripted; downloads by HTTP; and load_test.go: storms of
// requests, downloads that are abandoned, leases that come and go, scans of ports, packets that are none, and
// connections that say nothing. It looks at the process from outside meanwhile. Every healthy machine has to boot,
// if need be when it is switched on again, as few may need; and what the process needs may not grow: memory,
// descriptors, threads, goroutines.
//
// There are two servers at once: one with all the files it wants, and one that may have 64 open.
//
// # Usage
//
//	make soak                 # an hour
//	make soak DURATION=10m
//
// In a plain go test it takes 20 seconds, which is too short to see a slow leak, but not to see a fast one.
//
// # Why
//
// Goroutines are counted by the Go runtime's own trace (GODEBUG=scheddetail=1), so the program that is tested is the
// one that people run, and has no door for tests.
package soak
