// Package lint answers: will what is configured find what it needs in the content?
//
// Its findings are about meaning: the configuration was read without a mistake and would serve.
package lint

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/content"
)

// Check finds what clients would miss in tree, which TFTP serves. It warns, so each finding is a Notice.
func Check(cfg *config.Config, tree content.Tree) []config.Notice {
	var found []config.Notice
	for _, boot := range cfg.BootFiles() {
		file, err := tree.Open(boot.Name)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			found = append(found, config.Notice{Rule: boot.Rule, Text: fmt.Sprintf("boot file %s does not exist below %s", boot.Name, cfg.TFTP.Root)})
			continue
		case err != nil:
			found = append(found, config.Notice{Rule: boot.Rule, Text: fmt.Sprintf("boot file %s: %v", boot.Name, err)})
			continue
		}
		if text := ldlinux(tree, boot.Name, file); text != "" {
			found = append(found, config.Notice{Rule: boot.Rule, Text: text})
		}
		file.Close()
	}
	return found
}

// maxProgram is more than any pxelinux has, and little enough to read.
const maxProgram = 4 << 20

// ldlinux says so if a boot file is a pxelinux of generation 5 or 6 and the core module that it loads
// first is in none of the places where it looks (syslinux, core/elflink/load_env32.c).
func ldlinux(tree content.Tree, name string, file *content.File) string {
	program, err := io.ReadAll(io.NewSectionReader(file, 0, min(file.Size, maxProgram)))
	if err != nil || !bytes.Contains(program, []byte("PXELINUX 6.")) && !bytes.Contains(program, []byte("PXELINUX 5.")) {
		return ""
	}
	dir := prefix(name)
	for _, place := range []string{"", "/boot/isolinux/", "/isolinux/", "/boot/syslinux/", "/syslinux/", "/"} {
		if module, err := tree.Open(dir + place + "ldlinux.c32"); err == nil {
			module.Close()
			return ""
		}
	}
	return fmt.Sprintf("%s is a pxelinux that needs %sldlinux.c32, which is missing: copy the one of its own version there", name, dir)
}

// prefix is what pxelinux puts before every name: its own, cut behind the last character that is no
// letter, digit, dot or dash (syslinux, core/fs/pxe/pxe.c, get_prefix).
func prefix(name string) string {
	const kept = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.-"
	return name[:len(strings.TrimRight(name, kept))]
}
