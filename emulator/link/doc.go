// Package link is the wire of the lab: frames, a switch, and a small IPv4 host for machines.
//
// A LAN is one Ethernet segment as a pure discrete-event core. It reads no clock and starts no
// goroutine: emulator/sim drives it with a virtual clock, emulator.Lab with Go's. Scripted
// guests, the house, faults and captures are therefore the same code in all worlds.
//
// Why no kernel bridge: each frame passes this switch once, in one place, with its checksums filled
// in. So faults work in every world and need no netem, a capture shows what was really delivered, and
// the kernel has one TAP per server and nothing to configure.
//
// Why a hand-written decoder: the simulator moves a million frames a second; gopacket is the
// independent decoder of the tests.
//
// Limitations: VLANs by port, no tags; a router says nothing of what it cannot forward; an MTU of 1500.
// A LAN is used by one goroutine.
package link
