package media

import (
	"maps"
	"strings"
)

// A Medium is what a tree was found to be.
type Medium struct {
	Family  string   `json:"family"`            // "xcp-ng"
	Title   string   `json:"title"`             // "XCP-ng 8.3.0"
	Version string   `json:"version,omitempty"` // "8.3.0"
	Dir     string   `json:"dir"`               // where in the tree it begins, "." at the top
	Entries []Entry  `json:"entries,omitempty"` // what can be booted; the first is the default
	Instead string   `json:"instead,omitempty"` // not "": why there are no entries, and what to take
	Memory  int      `json:"memory,omitempty"`  // MiB that a machine needs; 0: unknown
	Fetches []string `json:"fetches,omitempty"` // what is fetched after the boot, in words; with names, as Args
	Answer  Answer   `json:"answer,omitzero"`   // how an answer file is named; zero: none
	Notes   []string `json:"notes,omitempty"`   // what a person should know; with names, as Args
}

// An Entry is one thing that can be booted. Its files are named from the medium's Dir on.
//
// In Args, and in those of a Module, {server} is our address, {base} the URL of the medium's Dir with a slash at
// its end, {iso} the URL of the whole image, and {answer} that of an answer file.
type Entry struct {
	Name    string   `json:"name"`          // "install"
	Title   string   `json:"title"`         // "Install XCP-ng 8.3.0"
	CPU     string   `json:"cpu,omitempty"` // "x86_64", "i386", "aarch64", "riscv64"; "": unknown
	Kind    Kind     `json:"kind"`
	Kernel  string   `json:"kernel,omitempty"`
	Initrds []string `json:"initrds,omitempty"`
	Args    string   `json:"args,omitempty"`
	Modules []Module `json:"modules,omitempty"` // of a multiboot kernel, in order; boot.cfg of ESXi
	// AppendISO is the name that the whole image gets in an initrd after the others: "/proxmox.iso".
	AppendISO string `json:"append-iso,omitempty"`
	// Asks says that it installs nothing by itself, a rescue system or a shell: an answer file is not for it.
	Asks bool `json:"asks,omitempty"`
}

// A Module is a file that is loaded beside the kernel.
type Module struct {
	File string `json:"file"`
	Args string `json:"args,omitempty"`
}

// A Kind is how an entry is started.
type Kind string

// The kinds.
const (
	Linux     Kind = "linux"     // a kernel with initrds
	Multiboot Kind = "multiboot" // mboot.c32 for BIOS, GRUB's multiboot2 for UEFI; Linux is the first module
	Xen       Kind = "xen"       // xen.efi: GRUB's xen_hypervisor and xen_module, UEFI only
	ESXi      Kind = "esxi"      // the kernel is VMware's loader, the module its boot.cfg, which wants prefix=
	Windows   Kind = "windows"   // the initrds are wimboot's, which is none of the medium's
	EFI       Kind = "efi"       // a program by itself that UEFI starts
	Own       Kind = "own"       // the medium's own loader, which has its own menu
)

// An Answer says how the family's installer is told where its answers are.
type Answer struct {
	Args   string   `json:"args"`   // "preseed/url={answer}"
	Files  []string `json:"files"`  // names such files usually have; with Directory all of them are fetched
	Format string   `json:"format"` // "preseed", "kickstart", "cloud-init", "xml", "json", "toml", "shell", "archive"
	// Directory says that {answer} is the URL of a directory, with a slash at its end, and not of a file.
	Directory bool `json:"directory,omitempty"`
}

// Takes tells whether the entry starts something that reads the arguments of an answer.
func (e Entry) Takes(a Answer) bool {
	return a.Args != "" && !e.Asks && e.TakesArgs()
}

// TakesArgs tells whether the entry starts something that reads arguments.
func (e Entry) TakesArgs() bool { return e.Kind != Own && e.Kind != EFI && e.Kind != Windows }

// Answered is the entry with the argument of an answer file added.
func (e Entry) Answered(a Answer) Entry {
	if !e.Takes(a) {
		return e
	}
	return e.With(a.Args)
}

// With is the entry with arguments added, where Linux reads them: to the first module of a multiboot kernel, and before
// "---", behind which the arguments of the installed system stand.
func (e Entry) With(args string) Entry {
	if args == "" || !e.TakesArgs() {
		return e
	}
	if (e.Kind == Multiboot || e.Kind == Xen) && len(e.Modules) > 0 {
		e.Modules = append([]Module{{e.Modules[0].File, join(e.Modules[0].Args, args)}}, e.Modules[1:]...)
		return e
	}
	e.Args = join(e.Args, args)
	return e
}

// Places are what stands for the names between braces in arguments, notes and what is fetched.
type Places struct {
	Server string // 192.168.9.2, or with a port that is not HTTP's own 192.168.9.2:8080
	Base   string // http://192.168.9.2/xcp-ng/
	ISO    string // http://192.168.9.2/xcp-ng.iso: casper takes no URL that ends in anything but .iso
	Answer string // http://192.168.9.2/seed/52:54:00:12:34:56/answerfile.xml
}

// Fill puts them into a text. What is "" stays as it is.
func (p Places) Fill(text string) string {
	known := map[string]string{"server": p.Server, "base": p.Base, "iso": p.ISO, "answer": p.Answer}
	maps.DeleteFunc(known, func(_, place string) bool { return place == "" })
	return fill(text, known)
}

// join puts more arguments into a command line.
func join(args, more string) string {
	for _, dashes := range []string{" --- ", " -- "} {
		if before, after, found := strings.Cut(" "+args+" ", dashes); found {
			return strings.TrimSpace(strings.TrimSpace(before) + " " + more + dashes + strings.TrimSpace(after))
		}
	}
	return strings.TrimSpace(args + " " + more)
}
