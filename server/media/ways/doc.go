// Package ways answers: how does each kind of machine boot what people downloaded?
//
// Open looks into directories, tarballs and images, has server/media say what they are, and chooses for every
// architecture (option 93) the first way whose boot programs are there:
//
//	BIOS          pxelinux, with the medium's own menu where it has one, else with ours
//	UEFI, PXE     the medium's own loader where we are the DHCP server too; a signed iPXE behind its shim; iPXE; a
//	              unified kernel image of the first entry
//	UEFI, HTTP    an image with shim, a signed GRUB, kernels and initrds, which boots under Secure Boot too; iPXE; a
//	              unified kernel image
//
// A distribution's signed GRUB is of no use over PXE beside another DHCP server: it asks that for its files, whatever a
// proxy says. The other ways were each seen to reach /init in such a lab.
//
// What has to be made for that, menus, images, unified kernels, is made when it is asked for and for who asks: it names
// the address by which this server was reached. Nothing large is copied. It lies below the directory bootrig of the
// tree, but for the few names that boot programs have built in; what a medium or an overlay has of the same name wins,
// where it is the medium's own menu.
package ways
