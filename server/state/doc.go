// Package state is the one durable store of a server: a SQLite file. It holds the leases, and what is known of machines.
//
// # Why
//
// A lease is a promise that must outlive the process and the power supply, so it is on the disk before
// the client hears of it: each Apply is a transaction that ends with fsync. A server that is busy tells
// it of many leases at once, which costs no more than one.
//
// Machines are notes of a machines.Book, and so are their marks. A mark that could not be kept is refused, so that
// Keep, unlike Apply, leaves nothing behind that somebody was told is not there; and once it was read what a file holds,
// no older file brings a mark back.
//
// A disk that is full or fails is no reason to boot nobody. A Store knows all that belongs into its file: as soon as
// the file can be used again, or another is at its path, it is brought up to date. What is damaged is moved aside,
// as FILE.corrupt-DATE with its log, and never deleted; a file that may be somebody else's is left where it is.
//
// Leases end by a clock of the Store's own, since the host's may be turned by years: a board without a battery
// begins in 1970 and hears of the year later. With each change the file gets one moment by all clocks. After a
// restart of the server alone the kernel knows how long ago that was, after one of the host the time of day; if that
// is plainly wrong, leases are kept as if no time had passed.
//
// # Limitations
//
// One process at a time, on a file system of this host: SQLite's locks are not for network file systems. What a file
// holds that could not be read when the server began is kept in it, but known after the next start only.
package state
