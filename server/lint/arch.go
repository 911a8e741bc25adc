package lint

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/server/explain"
	"github.com/bootrig/bootrig/server/media/header"
	"github.com/bootrig/bootrig/wire/pxe"
)

// misfits finds programs of another architecture. A line for everybody is one for the machines that somebody has:
// for others it is good to know.
func (s *site) misfits() {
	usual := func(a pxe.Arch) bool { return a == pxe.ArchX86BIOS || a == pxe.ArchX64 || a == pxe.ArchX64HTTP }
	for _, r := range s.remarks(s.misfit) {
		first, tell := r.archs[0], s.found
		if i := slices.IndexFunc(r.archs, usual); i >= 0 {
			first = r.archs[i]
		}
		if s.forAll(r.rule) && !usual(first) {
			tell = s.noted
		}
		own := fmt.Sprintf("a dhcp-boot with a tag of dhcp-match=set:TAG,option:client-arch,%d", first)
		if word, _, _ := strings.Cut(first.String(), " "); slices.Contains(pxe.DnsmasqArchNames(), word) {
			own = "pxe-service=" + word + ",... or " + own
		}
		tell("wrong-arch", r.rule, "%s is a program for %s, and %s clients are told to boot it: give them their own%s with %s", r.name, r.is, r.on(), s.theirs(first),
			s.fix(own, fmt.Sprintf("an entry of boot for `arch: %s`", first.Word())))
	}
}

// theirs names a program in the tree that machines of an architecture could boot.
func (s *site) theirs(arch pxe.Arch) string {
	for _, name := range s.programs() {
		if is := s.head(name).Platform(); is != "" && is == header.PlatformOf(arch) {
			return ", such as " + name + ","
		}
	}
	return ""
}

// misfit is what a machine is told to boot, and cannot.
func (s *site) misfit(t told) (all []remark) {
	for _, f := range t.story.Files {
		if is := s.platform(f); !t.client.IPXE && !header.Fits(is, t.client.Arch) {
			all = append(all, remark{rule: s.line(f), name: f.Name, is: is})
		}
	}
	return all
}

// forAll tells whether a line is a boot file for all who ask.
func (s *site) forAll(rule string) bool {
	for _, b := range s.cfg.DHCP.Boot {
		if b.Rule == rule {
			return len(b.Archs) == 0 && len(b.Tags) == 0
		}
	}
	return false
}

// platform is what a file is a program for: by its content, or by its name where we have none.
func (s *site) platform(f explain.File) string {
	if name, ours := s.ourFile(f); ours {
		if is := s.head(name).Platform(); is != "" {
			return is
		}
	}
	return byName(f.Name)
}

// ourFile is the name in our tree of a file that clients fetch from us, by TFTP or, as far as can be known, by HTTP.
func (s *site) ourFile(f explain.File) (name string, ours bool) {
	if f.Ours {
		return f.Name, true
	}
	at, ok := locate(f.Name)
	return at.name, ok && s.byHTTP(at)
}

// byName is what makers call their programs by.
func byName(name string) string {
	switch base := strings.ToLower(path.Base(name)); {
	case strings.HasSuffix(base, "x64.efi"), strings.HasSuffix(base, "x64.efi.signed"):
		return header.PlatformX64
	case strings.HasSuffix(base, "aa64.efi"), strings.HasSuffix(base, "aa64.efi.signed"), strings.HasSuffix(base, "arm64.efi"):
		return header.PlatformARM64
	case strings.HasSuffix(base, "ia32.efi"):
		return header.PlatformIA32
	case strings.HasSuffix(base, ".efi"):
		return header.PlatformUEFI
	case strings.HasSuffix(base, "pxelinux.0"), strings.HasSuffix(base, ".kpxe"), strings.HasSuffix(base, ".kkpxe"):
		return header.PlatformBIOS
	}
	return ""
}

// isIPXE tells an iPXE by the names its makers give it; its scripts end in .ipxe.
func isIPXE(name string) bool {
	base := strings.ToLower(path.Base(name))
	program := strings.HasSuffix(base, "pxe") && !strings.HasSuffix(base, ".ipxe") || strings.HasSuffix(base, ".efi") || strings.HasSuffix(base, ".0")
	return program && (strings.Contains(base, "ipxe") || strings.HasPrefix(base, "undionly") || strings.HasPrefix(base, "snponly"))
}
