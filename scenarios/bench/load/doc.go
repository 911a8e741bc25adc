// Package load answers: how long do so many TFTP clients take to have their files?
//
// # Usage
//
//	result, err := load.Run(ctx, conn, load.Config{Server: server, First: addr, Clients: 1000, Blksize: 1408})
//
// All clients are one loop over one socket, which takes and gives packets in batches: it must not be what is measured.
// Each has an address of its own, First and those behind it, so the socket's host has to hold them all
// (ip route add local). Every byte that comes is compared with what Content says, and nothing is kept.
//
// # Limitations
//
// A client is plain: it acknowledges as RFC 1350 and RFC 7440 say, sends its last packet again after a second of silence,
// and gives up after thirty of these. Machines with the habits of firmware are those of package emulator. Linux, as mmsg.
package load
