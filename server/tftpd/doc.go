// Package tftpd serves files by TFTP: RFC 1350, 2347 (options), 2348 (blksize), 2349 (timeout, tsize)
// and 7440 (windowsize). It only gives, it never takes: a write request is refused.
//
// A Transfer is one file on its way to one client, without socket or clock. A Machine is the whole server:
// it tells transfers apart, and has all rules. The simulator drives it as it is. Serve drives it with
// sockets: those of port 69, one for all of our addresses or one for each, and a few that all transfers share,
// whatever their number. A few goroutines wait for them, one for requests and one for each of up to four processors. They
// take what has come in batches and send the answers in batches, all at the same time; only with the Machine they take
// turns. The blocks of a window are one message, which Linux cuts to datagrams (UDP_SEGMENT) once the way through the host
// is behind it.
//
// What boot ROMs force, with the evidence in the code: a miss is answered at once, since pxelinux asks a
// dozen names and waits two minutes for each that stays silent; the file is opened before an option is
// acknowledged, since an ERROR after an OACK hangs pxelinux; no option is acknowledged that was not
// asked for, since EDK2 and pxelinux stop there; a client that stops after the OACK wanted the size.
//
// # Forgers
//
// TFTP asks nobody who he is, so anybody can have files sent to somebody else. What a client has to show
// before it is sent more:
//
//   - Until it has answered, a client is sent one packet for each request, and nothing by timer: who is
//     there repeats his request (RFC 1123 section 4.2.3.2).
//   - An answer counts only at the port of the transfer. That is one of 64, dealt out at random to each
//     transfer, so that a forger has to send 64 ACKs for one that counts. A window may weigh as many frames
//     as there are ports, and so no forged ACK fetches more than one. With fewer ports, as in a small
//     tftp-port-range, windows are smaller; with tftp-single-port they have one frame.
//   - Until it has acknowledged a block, a timer sends one block again, three times at most and with
//     tftp-single-port never, and then one more time for each block that was acknowledged. Silence lasts
//     30 s until then, whatever time-out was asked for.
//   - With one port a forger knows all it takes to acknowledge block after block, but not when a block is sent.
//     So blocks are held back there, for up to 25 ms and for longer if the client's answers vary. Who acknowledges one
//     before it was sent is a forger, and whoever answers each as late as the one before sees what he is sent. Twelve
//     such answers more than others are enough for a minute: 150 ms for a client on a LAN. Until then an address has
//     32 frames and one more each second.
//
// Bytes out for each byte in, with the headers of IP (TestForgedPacketsAreWorthLittle; before that is the
// design of a socket for each transfer):
//
//	                                                             before     now
//	a request                                                       163      14
//	a request that wants long time-outs (timeout=255)                 4       1
//	a request and ACK 0 of a large window, one port              11,295      16
//	... ten ports of a range, an ACK to each                           *     50
//	... 64 ports, an ACK to each                                       *      48
//	forged ACKs of whole windows, one port                        3,256       1
//	... 64 ports, an ACK to each                                       *      53
//	forged ACKs of block after block, one port                       51       1
//	... so slow that none comes before its block                     51       4
//	... the same, one each second for ten minutes                    47      47
//
//	* the port was one of 28,000, and the ACK that met it was worth 2,900
//
// An ACK in lock step is worth 47 of its bytes with any server; only who can guess it matters.
//
// # Floods
//
// There are as many transfers as the open files allow, 2000 at most if nothing else is configured. When
// there is no room one whose client has not answered gives way, and never one whose client has, unless it
// has been silent for 30 s: the oldest of the address that owes most answers to what it asked for. Who owes more
// than all of these waits, and is not heard if it owes ten. One address has 64 that it has not answered, and a quarter of all;
// what it has beyond gives way to its own. Requests for which there is no room wait, one for each client,
// for 10 s. A flood of requests costs no blocks, no sockets and no goroutines, and a file that many fetch
// is open once.
//
// Requests from broadcast, multicast and loopback addresses, from port 0 and from the network of another
// link are refused. What ICMP says is asked of the kernel's error queue, and ends the transfer that it is
// about and no other. A send never waits: what cannot be sent now is sent again by the transfer's timer.
//
// Where one of a few clients answers within 0.1 ms the Server does not sleep before its answer, but looks for it again and
// again: to be woken takes longer than all else. That costs a processor that would have slept, for as long as the file takes.
//
// # Cancellation
//
// Serve returns nil when its context ends, after the last of its goroutines; transfers stop where they
// are, and the clients' own timers find out. A Server can Change meanwhile, or Finish: what has begun goes on as it
// began.
//
// # Limitations
//
// No multicast (RFC 2090). Serve speaks IPv4. A netascii transfer has no windows and no tsize. Who can see
// a client's packets can end its transfer, and have its files.
package tftpd
