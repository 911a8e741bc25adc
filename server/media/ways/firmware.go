package ways

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/media"
	"github.com/bootrig/bootrig/server/media/program"
	"github.com/bootrig/bootrig/server/proxydhcp"
	"github.com/bootrig/bootrig/wire/pxe"
)

// A Way is how the machines of some architectures boot.
type Way struct {
	Firmware string // "x64 UEFI machines that boot by HTTP"
	Boot     proxydhcp.Boot
	Title    string // "iPXE (snponly.efi of this machine's packages), with a menu"
	Secure   bool   // it is signed, and boots under Secure Boot where the firmware knows who signed it

	makes int                   // how many entries it can start; 0: it brings its own menu
	make  func(*made, at) error // what is generated for it
}

// A firmware is a kind of machine, and how it may boot: the best first.
type firmware struct {
	name  string
	archs []pxe.Arch
	cpus  []string // of the kernels that it can start
	ways  []func(*world, firmware) (Way, error)
}

func firmwares() []firmware {
	pxeWays := []func(*world, firmware) (Way, error){plainUEFI, ownUEFI, ownGRUB, signedIPXE, grubMenu, iPXE, unified}
	httpWays := []func(*world, firmware) (Way, error){plainByHTTP, disk, iPXEByHTTP, unifiedByHTTP}
	x64, aa64, ia32 := []string{"x86_64"}, []string{"aarch64"}, []string{"i386"}
	return []firmware{
		{"BIOS machines", []pxe.Arch{pxe.ArchX86BIOS}, []string{"x86_64", "i386"}, []func(*world, firmware) (Way, error){plainBIOS, ownBIOS, pxelinux, undionly}},
		{"x64 UEFI machines that boot by PXE", []pxe.Arch{pxe.ArchX64, pxe.ArchEBC}, x64, pxeWays},
		{"x64 UEFI machines that boot by HTTP", []pxe.Arch{pxe.ArchX64HTTP, pxe.ArchEBCHTTP}, x64, httpWays},
		{"ARM64 UEFI machines that boot by PXE", []pxe.Arch{pxe.ArchARM64}, aa64, pxeWays},
		{"ARM64 UEFI machines that boot by HTTP", []pxe.Arch{pxe.ArchARM64HTTP}, aa64, httpWays},
		{"IA32 UEFI machines that boot by PXE", []pxe.Arch{pxe.ArchIA32}, ia32, pxeWays},
		{"IA32 UEFI machines that boot by HTTP", []pxe.Arch{pxe.ArchIA32HTTP}, ia32, httpWays},
	}
}

// suffix is what UEFI calls the machine at the end of a file's name. What is made for BIOS must not be taken for what
// is made for UEFI machines with the same processor.
func (f firmware) suffix() string {
	if slices.Contains(f.archs, pxe.ArchX86BIOS) {
		return path.Base(biosDir)
	}
	return map[string]string{"x86_64": "x64", "aarch64": "aa64", "i386": "ia32"}[f.cpus[0]]
}

// errNothing says that the media hold nothing for some machines.
var errNothing = errors.New("there is nothing in it that they can start")

// choose takes the way whose programs are there that starts most, the first of those. Machines for which the media hold nothing are not told of.
func (s *Served) choose(f firmware) {
	var reasons, missing []string
	var best *Way
	for _, way := range f.ways {
		w, err := way(s.world, f)
		var lacks *program.MissingError
		switch {
		case err == nil && (best == nil || best.makes > 0 && (w.makes > best.makes)):
			best = &w
		case errors.As(err, &lacks) && len(lacks.Wrong) == 0:
			missing = append(missing, lacks.Brief())
		case err != nil && !errors.Is(err, errNothing):
			reasons = append(reasons, err.Error())
		}
		if best != nil && best.makes == 0 {
			break // it brings its own
		}
	}
	if best != nil {
		best.Boot.Archs, best.Boot.Rule, best.Firmware = f.archs, s.rule, f.name
		s.Ways = append(s.Ways, *best)
		return
	}
	if len(missing) > 0 {
		slices.Sort(missing)
		reasons = append(reasons, fmt.Sprintf("they need %s; --programs names a directory that has it", strings.Join(slices.Compact(missing), ", or ")))
	}
	if len(reasons) > 0 {
		slices.Sort(reasons)
		reasons = slices.Compact(reasons)
		s.Notices = append(s.Notices, config.Notice{Rule: s.rule, Text: fmt.Sprintf("%s get nothing: %s", f.name, strings.Join(reasons, "; or "))})
	}
}

// own is the loader of a medium's own that has its own menu, where there is one medium: of several none has a say.
func (w *world) own(fits func(media.Entry) bool) (chosen, bool) {
	var all []chosen
	media := 0
	for _, p := range w.pieces {
		for _, m := range p.media {
			media++
			for _, e := range m.Entries {
				if fits(e) {
					all = append(all, chosen{p, m, e})
				}
			}
		}
	}
	if media != 1 || len(all) == 0 {
		return chosen{}, false
	}
	_, unattended := w.answer(all[0].Medium, at{}) // its own menu knows nothing of answers
	return all[0], !unattended
}
