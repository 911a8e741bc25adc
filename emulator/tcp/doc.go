// Package tcp is one end of a TCP connection without sockets or clock, as much of it (RFC 9293) as a boot ROM has: what
// comes in any order is put in order, what is lost is sent again, and a window of 64 KiB keeps the wire full.
//
// Why not the kernel's: a scripted machine has its own address and MAC on a switch in this process, in invented time too,
// and a kernel's TCP would need a network namespace for each. Against servers in tap and on a LAN it is the
// server's TCP that is judged; in sim both ends are these.
//
// Limitations: no window scaling, no timestamps, no selective ACKs, no slow start. Who closes says RST when all it
// wanted has come, as EDK2 does, and waits for nothing.
package tcp
