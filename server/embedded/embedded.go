// Package embedded is the boot program that is served when nothing else is: it prints on screen and
// serial line which server, address and MAC it reached. Its source and build rule are in
// testdata/bootprog.
package embedded

import (
	"embed"

	"github.com/bootrig/bootrig/internal/pxe"
	"github.com/bootrig/bootrig/server/content"
)

//go:embed bootrig.0
var files embed.FS

// File is the boot program's name.
const File = "bootrig.0"

// Archs are the machines it runs on.
func Archs() []pxe.Arch { return []pxe.Arch{pxe.ArchX86BIOS} }

// Tree holds the boot program and nothing else.
func Tree() content.Tree { return content.FS(files, "/") }
