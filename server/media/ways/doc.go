// Package ways answers: how does each kind of machine boot what people downloaded?
//
// Open looks into directories, tarballs and images, has server/media say what they are, and chooses for every
// architecture (option 93) among these ways:
//
//	BIOS          a netboot tree's pxelinux, with its own menu; iPXE with ours, where files are large; pxelinux with ours; iPXE
//	UEFI, PXE     a netboot tree's own loader where we are the DHCP server too; its GRUB, told where we are, if it
//	              finds its own menu there; a program by itself; a signed iPXE behind its shim; a GRUB, told where we
//	              are, with our menu; iPXE; a unified kernel image of the first entry
//	UEFI, HTTP    a program by itself; an image with shim, a signed GRUB, kernels and initrds, which boots under
//	              Secure Boot too; iPXE; a unified kernel image
//
// One that brings a menu of its own is taken as soon as it comes. Else it is the one that starts most entries, of equals
// the first. Each is made once for a trial: what cannot be made of these media is no way. What the one that is taken
// does not start, and another would, is told with what that lacks. A directory that is of no family goes before all of
// them, with the boot program nearest to its top.
//
// A distribution's signed GRUB is, as it is, of no use over PXE beside another DHCP server: it asks that for its files,
// whatever a proxy says. Told where we are it is signed no more. The ways were each seen to reach /init in such a lab.
//
// Machines with some tags may start one entry at once, or have arguments of their own (config.Start). DHCP tells them
// another boot file, in a directory with the start's name, where all that they ask for next lies too, made in the same
// ways. So loaders of every kind have it, and who a machine is matters to DHCP alone. The media's own menus are not asked.
//
// What has to be made for that, menus, images, unified kernels, is made when it is asked for and for who asks: it names
// the address by which this server was reached. Nothing large is copied. When the files that it is made of are others it
// is made anew, and transfers that have begun go on as they began. It lies below the directory bootrig of the
// tree, but for the few names that boot programs have built in; what a medium or an overlay has of the same name wins,
// where it is the medium's own menu.
package ways
