package trial

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/bootrig/bootrig/emulator/rom"
	"github.com/bootrig/bootrig/server/media/header"
)

// A File is what was downloaded.
type File struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
	Is     string `json:"is"`              // what its header says
	Wrong  string `json:"wrong,omitempty"` // why this firmware does not run it
}

func newFile(profile rom.Profile, h *rom.Handover) *File {
	sum := sha256.Sum256(h.Program)
	f := &File{Name: h.Name, Size: int64(len(h.Program)), SHA256: hex.EncodeToString(sum[:]), Is: is(h.Program)}
	if f.Wrong = profile.Refuses(h.Program); f.Wrong == "" {
		f.Wrong = never(profile, h.Program)
	}
	return f
}

// is says what a program is.
func is(b []byte) string {
	p, err := header.Read(bytes.NewReader(b), int64(len(b)))
	if err != nil || p.Kind == "" {
		if format := header.Format(b); format != "" {
			return format
		}
		return "a program of no kind that is known"
	}
	words := []string{string(p.Kind)}
	for _, w := range []string{p.Version, p.CPU} {
		if w != "" {
			words = append(words, w)
		}
	}
	switch {
	case p.BIOS && p.UEFI:
		words = append(words, "for BIOS and UEFI")
	case p.BIOS:
		words = append(words, "for BIOS")
	case p.UEFI:
		words = append(words, "for UEFI")
	}
	return strings.Join(words, " ")
}

// never says why no firmware runs a file, or only iPXE does. The BIOS has no header to look at, and runs anything.
func never(profile rom.Profile, b []byte) string {
	switch format := header.Format(b); format {
	case header.Script:
		if profile.UserClass == "iPXE" {
			return ""
		}
		return "it is " + format + ", which only iPXE runs"
	case header.Nothing, header.HTML, header.Text, header.Pointer, header.PGP:
		return fmt.Sprintf("it is %s, and no program", format)
	}
	return ""
}
