//go:build !linux

package tftpd

import (
	"syscall"

	"golang.org/x/net/ipv4"
)

// calls takes and sends messages as the system can.
type calls struct{}

// receive waits for something to come to a socket.
func (*calls) receive(s *socket, messages []ipv4.Message) (int, error) {
	return s.packets.ReadBatch(messages, 0)
}

func (*calls) send(s *socket, messages []ipv4.Message) (int, error) {
	return s.packets.WriteBatch(messages, syscall.MSG_DONTWAIT)
}
