// Package emulator is the lab: what plugs into the wire to show that a netboot server boots machines.
//
// # Usage
//
// A [Lab] is one LAN with a plain DHCP server, the house. On it boot scripted computers, and beside them stands the
// server under test, as any Go code that takes a net.PacketConn:
//
//	lab, err := emulator.NewLab(emulator.LabConfig{})
//	...
//	defer lab.Close()
//	host, err := lab.Host(emulator.HostConfig{Addr: netip.MustParsePrefix("192.168.9.2/24")})
//	...
//	dhcp, err := host.ListenPacket(67) // to a server of any library
//	...
//	profile, err := rom.Lookup("ipxe-bios")
//	...
//	result, err := lab.Boot(ctx, emulator.GuestConfig{Profile: profile, MAC: mac, Events: journal})
//
// The error says why it did not boot, in the words of the real firmware and with the cause behind them. The result
// says what it handed over to: a kernel, with its command line and the checksums of the files in memory.
//
// In main that is real time. In a test, inside the bubble of testing/synctest, the same code is virtual time, and a
// minute costs milliseconds.
//
// Others on the LAN: Machine is for a [machine.Machine], such as our own server without sockets; Socket gives a
// QEMU machine its wire, see emulator/qemu; Attach takes any wire of frames. Do is how to reach the LAN itself, for
// faults, filters and captures. emulator/tap has labs whose hosts are processes, emulator/raw those on a real network.
//
// Firmware is data: take a rom.Profile, change it, and boot it.
//
// Where a million packets a second matter, or that a seed replays the whole run, there are no sockets and no
// goroutines: give machines only to emulator/sim. A [Guest] is such a machine.
//
// # Cancellation
//
// Close ends a lab: first what AtEnd was given, then every connection and wire, then its goroutines. Run is Close at
// the end of a context. The context of Boot and Wait ends the waiting; Boot also takes the computer off the LAN.
// What reads from a connection of a Host gets net.ErrClosed. A server may take that for something to try again
// (pin/tftp does): end your servers before the lab.
//
// A Guest alone starts no goroutine; Close it, to end the coroutine of its boot program.
//
// # Limitations
//
// A scripted guest knows IPv4, TFTP and HTTP. It has no IPv6, so the 13 seconds that a real iPXE waits for a
// router are missing, no DNS, and no processor: it stops where a kernel would start. Boot programs are pxelinux 4
// and 6 with menu.c32, vesamenu.c32 and mboot.c32, lpxelinux, iPXE and its scripts, those of U-Boot, shim, GRUB for UEFI,
// and bootrig's own; others fail.
// A Host has UDP over IPv4 and no TCP, but see web.Serve: other servers are processes of emulator/tap. The order in which
// goroutines run is Go's, so a lab with servers in goroutines does not replay by its seed, in virtual time neither.
// A lab belongs to the bubble that it was made in.
// After a failed boot the real pxelinux waits at its prompt for somebody to type, and a real EDK2 tries IPv6 and
// HTTP; a scripted machine has ended.
// The profile intel-undi and pxelinux 4 come from specifications and source, not from captures; so does boot server
// discovery of the UEFI profile, ovmf-x64, where it is not by unicast.
//
// # Why
//
// The emulator is the witness against the server, and a witness who shares code with the accused proves
// nothing: no package here imports one of server, and a test checks it.
//
// A Lab has no loop and no queue: whoever has a frame takes the lock and does what is due, and a timer of Go's does the
// rest. So its clock is Go's clock, and synctest's invented one is that too; nothing had to be written twice.
//
// All worlds share one user-space switch, link.LAN. There is no kernel bridge: every frame is seen once, in
// one place, with finished checksums; faults work everywhere, by seed; the kernel's side is one TAP for each
// server's namespace. So the same guest, house, faults and capture run in invented time and in real time.
//
// Protocols are state machines (rom), since a ROM reacts. Boot programs are sequential functions run as
// coroutines (loader), since that is what they are: pxelinux reads one file after the other, and Go says that
// best in the same order.
package emulator
