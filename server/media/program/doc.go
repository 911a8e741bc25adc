// Package program answers: where is the boot program that this machine needs?
//
// Few media bring every program that a network boot takes: an ISO image has isolinux and no pxelinux, a
// netboot tree has GRUB and no iPXE. Find looks in the places it is given, in their order: the medium itself,
// the host's packages, a directory that the user named. What it finds is looked at, not believed: a file of
// another kind or of another CPU is passed over, and never handed out. What is nowhere is told with the
// Debian package that has it.
//
// Programs belong together in two ways, and Find keeps to both. The modules of syslinux go only with the
// pxelinux of their own release: Syslinux finds all of them in one place. And a shim loads a second stage by a
// name it derives or was built with (shim: grubx64.efi; iPXE's shim: ipxe.efi, whatever its own name says, see
// ipxe issue 1684), signed by a key it knows: Shimmed finds both in one place and says under which names.
package program
