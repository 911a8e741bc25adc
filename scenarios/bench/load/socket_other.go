//go:build !linux

package load

import "net"

const dontWait = 0

func force(conn *net.UDPConn, size int) { _ = conn.SetReadBuffer(size) }

func wouldBlock(error) bool { return false }

func transient(error) bool { return false }
