package explain

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/media/header"
)

// A Story is all that is said between a client and our server, and where it leads.
type Story struct {
	Client string `json:"client"`
	Link   string `json:"link"` // the network it is on, and our address there
	Tags   []Tag  `json:"tags,omitempty"`
	Steps  []Step `json:"steps"`
	Files  []File `json:"files,omitempty"`
	Local  string `json:"local,omitempty"` // the line that has the client boot its own disk; "": none does

	secure bool // the client has Secure Boot
}

// A Tag is one that the client has.
type Tag struct {
	Name string `json:"name"`
	Rule string `json:"rule"` // the line that gave it; "" for one that comes by itself, as the interface's name
}

// A Step is one question and what became of it. Without a Reply it is silence.
type Step struct {
	Asked  string  `json:"asked"`
	Rule   string  `json:"rule"`
	Reason string  `json:"reason"`
	Delay  string  `json:"delay,omitempty"`
	Reply  *Reply  `json:"reply,omitempty"`
	Silent bool    `json:"silent"`
	Relay  string  `json:"relay,omitempty"` // the servers elsewhere that are asked in our place; "": we are
	packet *packet // the reply
}

// A File is one the client would fetch.
type File struct {
	Name   string     `json:"name"`
	By     string     `json:"by,omitempty"` // the file that has the client fetch it; "": the answer
	Server netip.Addr `json:"server"`       // whom it is asked of
	Rule   string     `json:"rule"`         // the line that named it
	Ours   bool       `json:"ours"`         // Server is us, and the name is one for TFTP
	Found  bool       `json:"found"`        // it would be served; Size and Error count where somebody looked
	Size   int64      `json:"size,omitempty"`
	Error  string     `json:"error,omitempty"`  // why it would not be served
	Signed string     `json:"signed,omitempty"` // with Secure Boot: by whom, or what the lack of it leads to

	path string // in our tree; "": it is elsewhere, or somebody's who made the File
}

// Look finds out which of the files that are ours would be served, and what they have the client fetch.
func (s *Story) Look(tree content.Tree) {
	for i := 0; i < len(s.Files); i++ {
		if f := &s.Files[i]; f.path != "" {
			if next := s.look(tree, f); next != nil {
				s.Files = slices.Insert(s.Files, i+1, *next)
			}
		}
	}
}

// look opens one file. The next is what a shim loads.
func (s *Story) look(tree content.Tree, f *File) (next *File) {
	file, err := tree.Open(f.path)
	if err != nil {
		f.Error = err.Error()
		return nil
	}
	defer file.Close()
	f.Found, f.Size = true, file.Size
	is, err := header.Read(file, file.Size)
	if err != nil {
		f.Error = err.Error()
		return nil
	}
	switch {
	case !s.secure:
	case is.UEFI || is.Kind == "" && f.By != "":
		f.Signed = signed(file, f.By != "")
	case is.Kind == "" && isImage(file):
		f.Signed = "an image: who signed the programs in it was not looked at"
	}
	if is.Kind != header.Shim || f.By != "" {
		return nil
	}
	if second := second(file, f.path); second != "" {
		return &File{Name: second, By: f.Name, Server: f.Server, Rule: f.Rule, Ours: f.Ours, path: second}
	}
	return nil
}

// isImage tells a disk or a CD, from which UEFI HTTP boot starts a program.
func isImage(file *content.File) bool {
	const enough = 0x8800 // the first descriptor of a CD (ECMA-119, 8.1)
	head := make([]byte, min(file.Size, enough))
	n, _ := file.ReadAt(head, 0) // what cannot be read is none
	is := header.Format(head[:n])
	return is == header.Disk || is == header.ISO
}

// second is what a shim loads.
func second(file *content.File, name string) string {
	const enough = 4 << 20
	data := make([]byte, min(file.Size, enough))
	n, _ := file.ReadAt(data, 0) // what cannot be read names nothing
	return header.Second(data[:n], name)
}

// signed says who signed a program. Whom a machine trusts, its owner knows; nobody trusts what is not signed, but
// that an owner can have shim take it.
func signed(file *content.File, byShim bool) string {
	is, who, err := header.Signers(file, file.Size)
	switch {
	case err != nil:
		return ""
	case !is && byShim:
		return "not signed at all: shim refuses it (Security Violation), unless the machine's owner has enrolled it"
	case !is:
		return "not signed at all: Secure Boot refuses it (Access Denied)"
	case len(who) == 0:
		return "signed"
	}
	var names []string
	for _, s := range who {
		names = append(names, s.String())
	}
	return "signed by " + strings.Join(names, "; and by ")
}
