//go:build race

package dhcpd_test

const raceEnabled = true
