package ways

import (
	"github.com/bootrig/bootrig/server/proxydhcp"
	"github.com/bootrig/bootrig/wire/pxe"
)

// A Way is how the machines of some architectures boot.
type Way struct {
	Firmware string // "x64 UEFI machines that boot by HTTP"
	Boot     proxydhcp.Boot
	Title    string // "iPXE (snponly.efi of this machine's packages), with a menu"
	Secure   bool   // it is signed, and boots under Secure Boot where the firmware knows who signed it

	entries []chosen              // what is in its menu; none: it brings its own
	lacks   error                 // why not more of them are
	make    func(*made, at) error // what is generated for it
}

// A firmware is a kind of machine, and how it may boot: the best first.
type firmware struct {
	name  string
	archs []pxe.Arch
	cpus  []string // of the kernels that it can start
	ways  []way
}

// A way is what a Way is made by.
type way struct {
	starts func(chosen) bool                   // what can stand in its menu; nil: it brings its own
	with   func(choice, []chosen) (Way, error) // makes it, with a menu of all of these that it can start
}

func firmwares() []firmware {
	pxeWays := []way{{nil, plainUEFI}, {nil, ownUEFI}, {nil, ownGRUB}, {byItself, itself}, {byIPXE, signedIPXE}, {byGRUB, grubMenu}, {byIPXE, iPXE}, {linux, unified}}
	httpWays := []way{{nil, plainByHTTP}, {byItself, itselfByHTTP}, {byGRUB, disk}, {byIPXE, iPXEByHTTP}, {linux, unifiedByHTTP}}
	x64, aa64, ia32 := []string{"x86_64"}, []string{"aarch64"}, []string{"i386"}
	return []firmware{
		{"BIOS machines", []pxe.Arch{pxe.ArchX86BIOS}, []string{"x86_64", "i386"}, []way{{nil, plainBIOS}, {nil, ownBIOS}, {byPxelinux, pxelinux}, {byUndionly, undionly}}},
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
	if f.archs[0] == pxe.ArchX86BIOS {
		return "bios"
	}
	return map[string]string{"x86_64": "x64", "aarch64": "aa64", "i386": "ia32"}[f.cpus[0]]
}
