//go:build !linux

package httpd

import "net"

// sendfile is for Linux only.
func sendfile(net.Conn, *body) func(at, size int64) (int64, error) { return nil }
