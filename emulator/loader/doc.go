// Package loader is what runs after the ROM: pxelinux 4 and 6 with their modules, lpxelinux, iPXE and its scripts, those of
// U-Boot, shim, GRUB for UEFI, and bootrig's own program, imitated from their source and checked against real boots.
//
// A boot program is sequential by nature, so here it is a sequential Go function. It runs as a coroutine
// (iter.Pull) inside a machine.Machine: whenever it waits for a file or a key it yields, and the machine
// resumes it at the right input. Nothing runs in between, so the order of everything is fixed.
package loader
