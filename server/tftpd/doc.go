// Package tftpd serves files by TFTP: RFC 1350, 2347 (options), 2348 (blksize), 2349 (timeout, tsize)
// and 7440 (windowsize). It only gives, it never takes: a write request is refused.
//
// A Transfer is one file on its way to one client, a machine.Machine without socket or clock. Machine
// puts many behind port 69 for the simulator, Serve puts each behind a real socket of its own, or with
// SinglePort the Machine behind one. What a client gets is decided in the same code.
//
// What boot ROMs force, with the evidence in the code: a miss is answered at once, since pxelinux asks a
// dozen names and waits two minutes for each that stays silent; the file is opened before an option is
// acknowledged, since an ERROR after an OACK hangs pxelinux; no option is acknowledged that was not
// asked for, since EDK2 and pxelinux stop there; a client that stops after the OACK wanted the size.
//
// # Cancellation
//
// Serve returns nil when its context ends, after the last of its goroutines; transfers stop where they
// are, and the clients' own timers find out.
//
// # Limitations
//
// No multicast (RFC 2090). Serve speaks IPv4. A netascii transfer has no windows and no tsize.
package tftpd
