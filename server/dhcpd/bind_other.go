//go:build !linux

package dhcpd

import (
	"errors"
	"syscall"
)

func bindToDevice(string) func(network, address string, raw syscall.RawConn) error {
	return func(string, string, syscall.RawConn) error {
		return errors.New("the DHCP service listens on Linux only, for now")
	}
}
