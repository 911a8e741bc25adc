// Package state is the one durable store of a server: a SQLite file. It holds the leases.
//
// # Why
//
// A lease is a promise that must outlive the process and the power supply, so it is on the disk before
// the client hears of it: each Apply is a transaction that ends with fsync. A server that is busy tells
// it of many leases at once, which costs no more than one.
//
// # Limitations
//
// One process at a time, on a file system of this host: SQLite's locks are not for network file systems.
package state
