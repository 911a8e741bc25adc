//go:build !linux

package tftpd

import "net"

// tune is for Linux only.
func tune(*net.UDPConn) {}

func notes(uintptr) {}
