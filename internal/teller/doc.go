// Package teller prints facts: what `bootrig serve` did, and what a lab's wire and guests showed to
// `bootrig test` and `bootrig boot`. All three have this one printer, so that the same thing is said in the
// same words everywhere.
//
// A server's log. Each line has the time, the machine and what it did, or what it was answered and which
// line of the configuration decided:
//
//	15:04:05 -                 ready: DHCP on eth0 192.168.9.2/24; TFTP from /tftpboot
//	15:04:08 52:54:00:12:34:56 DISCOVER x86PC (0) PXEClient:Arch:00000:UNDI:002001
//	15:04:08 52:54:00:12:34:56 OFFER file pxelinux.0 siaddr 192.168.9.2 (a menu of 1, dnsmasq.conf:5)
//	15:04:09 52:54:00:12:34:56 BOOT-ACK file pxelinux.0 siaddr 192.168.9.2 (boot item 32768.0, dnsmasq.conf:5)
//	15:04:09 52:54:00:12:34:56 got pxelinux.0, 42 kB
//	15:04:09 52:54:00:12:34:56 got pxelinux.cfg/default, 265 bytes, after 10 names that are not there
//	15:04:10 52:54:00:12:34:56 asked for libutil.c32, which is not there (dnsmasq.conf:7)
//	15:04:15 52:54:00:12:34:56 getting initrd.gz, 10.5 MB of 40.8 MB
//	15:04:21 52:54:00:12:34:56 got initrd.gz, 40.8 MB in 11.2s
//	15:04:22 52:54:00:65:43:21 no answer to DISCOVER: dhcp-host says to ignore it (dnsmasq.conf:9)
//	15:04:30 52:54:00:12:34:57 NAK (refused: address in use, dnsmasq.conf:2)
//	15:04:41 52:54:00:12:34:56 booted: it fetched a kernel, and asked for nothing more
//
// A lab, with Clock Seconds and Witnessed:
//
//	 2.62s  pc     OFFER from 192.168.9.1 address 192.168.9.100
//	 2.63s  pc     OFFER from 192.168.9.2 file pxelinux.0
//	 5.20s  pc     asked for gtk.cfg, adgtk.cfg, spk.cfg and 9 more names, which are not there
//	 5.20s  pc     got 14 of its files once more
//	42.43s  pc     | [    0.000000] Linux version 6.1.0-50-amd64
//	46.85s  pc     | [    4.308037] Run /init as init process
//
// What is not told, unless Verbose: requests that are told with their answer, what a table says of each
// kind; retransmissions; the size probes of EDK2 and Intel ROMs; all of a console but its milestones; the
// silence to a DHCPREQUEST that is for another server; and a silence that was told before. The names that a
// boot program tries for its configuration are one line, when the search has ended.
//
// # Levels and repetitions
//
// Each line has a level. With Clock Journal it stands before the line as a service manager reads it, and a Handler of
// log/slog gets it with the words and the fields of the fact.
//
// A Printer that is Sparing tells the same line of the same machine four times in five seconds at most. What comes more
// often is counted, and told when that time is over:
//
//	15:04:11 52:54:00:12:34:56 OFFER file pxelinux.0 (dnsmasq.conf:5): 9996 times more in 5s
//
// and from then on once in a time that doubles up to ten minutes. So a machine that boots all day is told now and then,
// and one that boots for the second time in a minute is told in full. After a change of the configuration all is new.
// Of more than a thousand lines of one kind in a minute, whoever they are of, the rest is counted too:
//
//	15:05:05 -                 98000 lines more of kind discover in 10s are left out
//
// # Safety
//
// Clients choose file names, vendor classes and texts. Whatever does not print is escaped, in lines and in
// JSON: see Clean.
//
// # Limitations
//
// What a Printer remembers is bounded: of thousands of clients that fetch at once it may tell a silence
// twice, or a file without its time. It has no timers: a search that stops in its middle is told with the
// next fact that comes half a minute later, or by Flush, and so is a count whose time is over.
package teller
