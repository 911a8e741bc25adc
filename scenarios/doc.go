// Package scenarios holds boot chains that are written down as text files: our server, or any other, beside
// a plain DHCP server, with guests that must come up.
//
// # Usage
//
//	bootrig test scenarios/ubuntu.txtar
//	go test ./scenarios
//
// A .txtar file is one lab: its lines first, the files that they need below. broken has labs that fail, each
// with the cause that must be named; golden the traces of real ROMs, which every world must equal. `bootrig
// test --help` tells the language. To run scenarios from a program of your own, see package runner.
//
// # Why
//
// storm has many machines boot at once, and soak leaves the server alone for an hour.
// conformance holds our server against the real dnsmasq, packet by packet: what no whole boot would show.
//
// bench has servers bear one load after the other, and says how fast each is and what that costs.
//
// trial asks a network that is there what it would have firmware boot, instead of a lab.
package scenarios
