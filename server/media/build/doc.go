// Package build makes files of other files while they are read: a GRUB that looks for its files on this server, a
// disk for UEFI's HTTP boot, a unified kernel image, an initrd with one file more.
//
// Nothing large is copied, on disk or in memory. What is made is a list of parts: the headers are made at once
// and are small, kernels, initrds and whole CD images are read where they lie, when a client asks for them. So a
// Part has a size from the beginning, can be read from anywhere by several clients at a time, and costs nothing
// while nobody reads. Its parts have to stay as they are for as long as it lives.
//
// Which of them for whom, best first. Each was seen to reach /init under QEMU's firmware, beside a DHCP server that
// puts itself into siaddr: there the GRUBs of distributions go astray as they are.
//
//	option 93      way                                     needs                                   Secure Boot
//	7, 9, 11, 6    GRUB.At("(tftp,SERVER)/DIR", ""): the   a GRUB with tftp: the medium's, else     no
//	by PXE         medium's with its menu, or with ours    grub-efi-*-signed, for 6 grub-efi-ia32-bin
//	               UKI of one entry                        systemd-boot-efi                        no
//	16, 19         Disk with shim and GRUB as they are,    the medium's pair, else shim-signed     yes
//	by HTTP        kernels and initrds in it               and grub-efi-*-signed
//	               Disk of shim and GRUB alone, grub.cfg:  a pair whose GRUB has tftp: that of a   yes
//	               net_bootp, root=(tftp,SERVER)           netboot tree, grubnet*.efi.signed
//	               UKI of one entry                        systemd-boot-efi                        no
//	15 by HTTP     Disk with a GRUB alone                  grub-efi-ia32-bin                       no
//	0              nothing is built but an initrd: pxelinux and iPXE take the medium's files as they are
//
// A Disk with everything in it is fetched as a whole: for one entry it is the quickest, for a menu of many the one
// that lets GRUB fetch what was chosen. Under Secure Boot no way by PXE is known with Debian's programs but a DHCP
// server that names this one: signed, a GRUB cannot be told where to look. iPXE's own signed pair can.
//
// Xen and other multiboot2 kernels, which iPXE for UEFI cannot start, go the first way by PXE and the first by HTTP,
// with a GRUB that has multiboot2, as XCP-ng's has, or gets it as a module of its own version.
package build
