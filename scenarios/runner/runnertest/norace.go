//go:build !race

package runnertest

// Race tells that the race detector is in this test.
const Race = false
