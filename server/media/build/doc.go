// Package build makes files of other files while they are read: a GRUB that looks for its files on this server, an
// image for UEFI's HTTP boot, a unified kernel image, an initrd with one file more.
//
// Nothing large is copied, on disk or in memory. What is made is a list of parts: the headers are made at once
// and are small, kernels, initrds and whole CD images are read where they lie, when a client asks for them. So a
// Part has a size from the beginning, can be read from anywhere by several clients at a time, and costs nothing
// while nobody reads. Its parts have to stay as they are for as long as it lives.
//
// Which of them for whom, best first. Each was seen to reach /init beside a DHCP server that puts itself into siaddr,
// which is why the GRUBs of distributions go astray as they are:
//
//	option 93     way                                            needs                              Secure Boot
//	7, 9 and 11   GRUB.At("(tftp,SERVER)/DIR", ""): the medium's   any GRUB with tftp: the medium's,  refuses it
//	by PXE        own with its own menu, or another with ours    else grub-efi-*-signed
//	              UKI of one entry                               systemd-boot-efi                   refuses it
//	              iPXE with a script                             ipxe                               refuses it
//	16 and 19     Disk with shim and GRUB as they are            a pair: the medium's, else         boots it
//	by HTTP                                                      shim-signed, grub-efi-*-signed
//	              Disk with a GRUB alone                         any GRUB                           refuses it
//	              UKI of one entry                               systemd-boot-efi                   refuses it
//
// Xen and others of multiboot2, which iPXE for UEFI cannot start, take the first way by PXE and a Disk by HTTP, with
// a GRUB that has multiboot2 or gets it as a module of its own version.
package build
