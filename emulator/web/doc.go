// Package web is HTTP without sockets or clock: a Transfer is a client as firmware and boot programs are, and reads one
// file; Serve puts an http.Handler behind a machine's TCP port, for servers in invented time.
//
// What a client sends is data, since servers must please them all: its request line and header fields as captures have
// them. Errors are those of TFTP, since a ROM that finds no file is at the same point by either way.
package web
