// Package mutants answers: would the scenarios notice if the server were wrong?
//
// It holds deliberate defects, each a line of the server's source and what stands in its place. All are built
// into one program, by go build's -overlay, so that no source is touched, and with each of them that program runs the
// scenarios: one has to fail. The scenario that does is the reason to believe that the defect cannot come about
// unseen.
//
// # Usage
//
//	make mutants
//
// In a plain go test they are not built; it tells whether each one's source is still what it says.
//
// # Limitations
//
// In virtual time, so what only sockets do is not here, and nothing that a scripted guest never does, or no witness
// reads: options 82 and 97, the time of a lease, the broadcast flag, ranges of HTTP, blocks
// that are larger than an Ethernet frame. A defect is one of a function.
package mutants
