// Package emulator is the lab: what plugs into the wire to show that a netboot server boots machines.
//
// # Usage
//
// A Guest is a scripted computer. It is a [machine.Machine]: give it a Reset, then whatever arrives, and
// send what it yields. link.NewStack puts it on a wire, sim or tap gives it time:
//
//	profile, err := rom.Lookup("ipxe-bios")
//	guest := emulator.NewGuest(emulator.GuestConfig{Name: "pc", Profile: profile, MAC: mac, Events: journal})
//	defer guest.Close()
//	stack := link.NewStack(link.StackConfig{MAC: mac}, guest)
//	port := lan.Plug("pc", stack)
//	stack.Receive(now, machine.Reset{})
//	lan.Poke(now, port)
//
// Done tells how the boot ended: handed over to a kernel, with its command line and the checksums of the
// files in memory, or failed with the text that the real program prints and the cause behind it.
//
// # Cancellation
//
// Nothing here starts a goroutine or opens a socket by itself, so there is nothing to cancel: stop calling.
// Close a Guest to end the coroutine of its boot program. What does own processes, sockets and namespaces
// lives in emulator/tap and emulator/qemu, under a context.
//
// # Limitations
//
// A scripted guest knows IPv4 and TFTP. It has no IPv6, so the 13 seconds that a real iPXE waits for a router
// are missing, no HTTP, and no processor: it stops where a kernel would start. Boot programs are pxelinux 4
// and 6 with menu.c32, vesamenu.c32 and mboot.c32, and bootrig's own for BIOS and UEFI machines; anything else,
// shim and GRUB too, is a failure that says so.
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
// All worlds share one user-space switch, link.LAN. There is no kernel bridge: every frame is seen once, in
// one place, with finished checksums; faults work everywhere, by seed; the kernel's side is one TAP for each
// server's namespace. So the same guest, house, faults and capture run in invented time and in real time.
//
// Protocols are state machines (rom), since a ROM reacts. Boot programs are sequential functions run as
// coroutines (loader), since that is what they are: pxelinux reads one file after the other, and Go says that
// best in the same order.
package emulator
