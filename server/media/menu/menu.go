// Package menu writes what boot loaders read: a pxelinux configuration, an iPXE script, a grub.cfg, an ESXi boot.cfg.
//
// Its Items name files as the loader will ask for them and have command lines without placeholders; which files these
// are, and which loader a machine has, others decide. So each writer is a pure function from Items to text.
package menu

import "strings"

// An Item is one thing that can be booted.
type Item struct {
	Label string // its name in the file, of letters, digits, '-' and '.'
	Title string // for people
	Kind  Kind

	Kernel  string   // a kernel, Xen, or a program
	Initrds []string // of a Linux; of Windows what wimboot is given
	Args    string   // of the kernel
	Modules []Module // of a multiboot kernel: what is loaded behind it

	Options string // of ESXi's kernel, which stand in its boot.cfg
	Starter string // what starts a multiboot kernel (pxelinux: mboot.c32), or Windows (wimboot)
}

// Files are all that an Item is started from, as it names them.
func (i Item) Files() []string {
	all := append([]string{i.Kernel}, i.Initrds...)
	for _, m := range i.Modules {
		all = append(all, m.File)
	}
	return all
}

// A Module is a file and its arguments.
type Module struct{ File, Args string }

// A Kind is how an Item is started.
type Kind string

const (
	Linux      Kind = "linux"
	Multiboot  Kind = "multiboot" // Xen
	Program    Kind = "program"   // of the machine's own kind: an EFI application, or what pxelinux can start
	Windows    Kind = "windows"
	Hypervisor Kind = "hypervisor" // Xen as a program of UEFI, by GRUB's xen_hypervisor
)

// A Menu is what is shown.
type Menu struct {
	Title string
	Items []Item // the first is started when nobody chooses

	// Seconds is how long there is to choose; 0: the first is started at once, and there is a menu if it does not start.
	// There is always a choice: that of the machine's own disk is in every menu.
	Seconds int
}

// local is the label of the machine's own disk.
const local = "disk"

// Reserved are the labels that no Item may have, as a menu has them itself.
func Reserved() map[string]bool { return map[string]bool{local: true, begin: true, failed: true} }

// begin and failed are labels of an iPXE script.
const (
	begin  = "start"
	failed = "failed"
)

// heading is the text of the line above the menu.
func (m Menu) heading() string { return line(m.Title) }

// line makes a text one line, which nothing can end.
func line(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f || r == ' ' }), " ")
}
