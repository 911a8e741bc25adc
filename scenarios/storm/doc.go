// Package storm answers: what becomes of a thousand machines that are switched on together?
//
// # Usage
//
//	ground, err := runner.NewGround(request)
//	...
//	err = storm.Run(ctx, ground, storm.Config{Clients: 1000, Together: 100, Seed: 1}, tally)
//
// Every client is a scripted machine with a MAC address of its own, and does its whole boot: its ROM, then the boot
// program that it was sent, up to the kernel. In virtual time there are as many on one LAN as Config says, and as many
// LANs as it takes, each with a server, a house and a seed of its own, some at a time. In real time all are on one LAN,
// where the server is a process, and its processor time is what the storm is about. LAN is for a network that is there:
// its servers are not ours, and each client gives its address back.
//
// What a boot took is told by its wire (observe), as in a scenario, and why one is lost by its firmware: it is as
// patient as the real one, and says what that says.
//
// # Limitations
//
// Virtual time costs nothing, so there a server is never busy: what is lost is lost by the faults of the wire. What
// scripted machines cannot do, doc.go of package emulator says. In real time the clients share one process, which wants a
// processor of its own: on a busy host machines are lost that no server has lost.
package storm
