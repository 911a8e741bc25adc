// Package wire is only a place: its packages are the words that server, emulator and scenarios share. event is the
// stream of facts, machine the shape of everything that speaks a protocol, pxe the numbers of the specification.
//
// Why they are public, and no aliases in server and emulator: their types stand in exported signatures on both
// sides, and a program that has a server and an emulated machine gives one event.Recorder to both. With one name
// for each type there is nothing to convert, and no side's documentation sends its reader to the other's.
//
// They decide nothing and import nothing of server or emulator.
package wire
