// Package tftp is the clients' side of TFTP, as firmware and boot programs speak it: one Transfer reads one file.
//
// It is a [machine.Machine] without socket or clock. What RFC 1350 leaves open is a [Dialect], since a server must
// please them all: pxelinux takes an empty file for a missing one, EDK2 asks for the size first and ends on ICMP,
// iPXE acknowledges a second OACK. Patience is data, a [retry.Backoff].
package tftp
