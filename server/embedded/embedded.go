// Package embedded is the boot programs that are served when nothing else is: each prints on screen and
// serial line which server, address and MAC it reached. Their source and build rule are in
// testdata/bootprog.
package embedded

import (
	"embed"

	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/proxydhcp"
	"github.com/bootrig/bootrig/wire/pxe"
)

//go:embed bootrig.0 bootrig-x64.efi
var files embed.FS

// Programs are the boot programs and the machines they run on. x64 firmware calls itself 7 or, after
// RFC 4578 as it was first printed, 9.
func Programs() []proxydhcp.Boot {
	return []proxydhcp.Boot{
		{File: "bootrig.0", Archs: []pxe.Arch{pxe.ArchX86BIOS}},
		{File: "bootrig-x64.efi", Archs: []pxe.Arch{pxe.ArchX64, pxe.ArchEBC}},
	}
}

// Tree holds the boot programs and nothing else.
func Tree() content.Tree { return content.FS(files, "/") }

// Read is one of them.
func Read(name string) ([]byte, error) { return files.ReadFile(name) }
