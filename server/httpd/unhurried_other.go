//go:build !linux

package httpd

import "net"

// unhurried is for Linux only.
func unhurried(net.Conn) {}
