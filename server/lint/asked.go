package lint

import (
	"fmt"
	"path"
	"strings"

	"github.com/bootrig/bootrig/server/explain"
	"github.com/bootrig/bootrig/wire/pxe"
)

// asked finds what clients of the usual kinds would get and could not use, by asking the server's own
// decisions as they would.
func (s *site) asked() {
	for _, link := range explain.Links(s.cfg) {
		for _, arch := range []pxe.Arch{pxe.ArchX86BIOS, pxe.ArchX64} {
			for _, f := range explain.Explain(s.cfg, link, explain.Plain(arch)).Files {
				s.fits(arch, f)
			}
			story := explain.Explain(s.cfg, link, explain.IPXE(arch))
			for _, f := range story.Files {
				if isIPXE(f.Name) {
					s.found("ipxe-loop", f.Rule, "an iPXE that runs on %s is told to load %s, which is iPXE, again and again: %s", arch, f.Name, s.fix(
						"give iPXE a script (dhcp-match=set:ipxe,175 and dhcp-boot=tag:ipxe,SCRIPT) and this line tag:!ipxe",
						"add `script: SCRIPT` to this entry, which iPXE gets in place of the file"))
				}
			}
			s.menus(arch, story)
		}
	}
}

// menus finds what iPXE for UEFI shows nothing of.
func (s *site) menus(arch pxe.Arch, story explain.Story) {
	for _, step := range story.Steps {
		if arch.UEFI() && step.Reply != nil && len(step.Reply.Menu) > 1 {
			s.found("ipxe-menu", step.Rule, "an iPXE that runs on %s gets this menu, shows nothing and hangs: keep it off with %s", arch,
				s.fix("tag:!ipxe and dhcp-match=set:ipxe,175", "`tags: not ipxe` here, and `{set: ipxe, option: 175}` in tags"))
		}
	}
}

// fits finds a program of another architecture: by its content, or by its name where we have none.
func (s *site) fits(arch pxe.Arch, f explain.File) {
	var is string
	if f.Ours {
		is = s.head(f.Name).machine()
	}
	if is == "" {
		is = byName(f.Name)
	}
	wants := map[pxe.Arch]string{pxe.ArchX86BIOS: bios, pxe.ArchX64: x64}[arch]
	if is == "" || is == wants || is == anyEFI && arch.UEFI() {
		return
	}
	s.found("wrong-arch", f.Rule, "%s is a program for %s, and %s clients are told to boot it: give them their own with %s", f.Name, is, arch, s.fix(
		fmt.Sprintf("pxe-service=%s,... or a dhcp-boot with a tag of dhcp-match=set:TAG,option:client-arch,%d", archWord(arch), arch),
		fmt.Sprintf("an entry of boot for `arch: %s`", arch.Word())))
}

func archWord(arch pxe.Arch) string {
	word, _, _ := strings.Cut(arch.String(), " ")
	return word
}

// isIPXE tells an iPXE by the names its makers give it; its scripts end in .ipxe.
func isIPXE(name string) bool {
	base := strings.ToLower(path.Base(name))
	program := strings.HasSuffix(base, "pxe") && !strings.HasSuffix(base, ".ipxe") || strings.HasSuffix(base, ".efi") || strings.HasSuffix(base, ".0")
	return program && (strings.Contains(base, "ipxe") || strings.HasPrefix(base, "undionly") || strings.HasPrefix(base, "snponly"))
}

// What a program is for.
const (
	bios   = "x86 BIOS"
	x64    = "x64 UEFI"
	anyEFI = "UEFI"
)

func byName(name string) string {
	switch base := strings.ToLower(path.Base(name)); {
	case strings.HasSuffix(base, "x64.efi"):
		return x64
	case strings.HasSuffix(base, ".efi"):
		return anyEFI
	case strings.HasSuffix(base, "pxelinux.0"), strings.HasSuffix(base, ".kpxe"), strings.HasSuffix(base, ".kkpxe"):
		return bios
	}
	return ""
}
