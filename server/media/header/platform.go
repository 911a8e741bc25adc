package header

import "github.com/bootrig/bootrig/wire/pxe"

// The platforms of programs and machines, as messages name them.
const (
	PlatformBIOS  = "x86 BIOS"
	PlatformX64   = "x64 UEFI"
	PlatformIA32  = "IA32 UEFI"
	PlatformARM64 = "ARM64 UEFI"
	PlatformUEFI  = "UEFI" // any: byte code
)

// Platform is the firmware that starts a boot program; "" where it does not tell. A kernel tells nothing: a boot
// program before it may start it, and a module runs in its loader.
func (p Program) Platform() string {
	switch {
	case p.Kind == "", p.Kind == Linux, p.Kind == Multiboot, p.Kind == COM32, p.Kind == Mboot, p.BIOS && p.UEFI:
		return ""
	case p.BIOS:
		return PlatformBIOS
	}
	return platforms()[p.CPU]
}

func platforms() map[string]string {
	return map[string]string{
		"i386": PlatformIA32, "x86_64": PlatformX64, "aarch64": PlatformARM64, "arm": "ARM32 UEFI", "ebc": PlatformUEFI,
		"riscv64": "RISC-V64 UEFI", "loongarch64": "LoongArch64 UEFI",
	}
}

// PlatformOf is the firmware of the machines of an architecture, in the words of Platform; "" for those that none
// of these programs is for, as U-Boot, which boots scripts and kernels too. x64 firmware calls itself 7 or, after
// RFC 4578 as it was first printed, 9.
func PlatformOf(arch pxe.Arch) string {
	const riscv64, loongArch64 = pxe.ArchRISCV64HTTP - 1, pxe.ArchLoongArch64HTTP - 1 // IANA has them side by side
	switch arch {
	case pxe.ArchX86BIOS, pxe.ArchX86BIOSHTTP:
		return PlatformBIOS
	case pxe.ArchIA32, pxe.ArchIA32HTTP:
		return PlatformIA32
	case pxe.ArchX64, pxe.ArchEBC, pxe.ArchX64HTTP, pxe.ArchEBCHTTP:
		return PlatformX64
	case pxe.ArchARM32, pxe.ArchARM32HTTP:
		return platforms()["arm"]
	case pxe.ArchARM64, pxe.ArchARM64HTTP:
		return PlatformARM64
	case riscv64, pxe.ArchRISCV64HTTP:
		return platforms()["riscv64"]
	case loongArch64, pxe.ArchLoongArch64HTTP:
		return platforms()["loongarch64"]
	}
	return ""
}

// Fits tells whether machines of an architecture could start a program of a platform. What is not known fits.
func Fits(platform string, arch pxe.Arch) bool {
	want := PlatformOf(arch)
	return platform == "" || want == "" || platform == want || platform == PlatformUEFI && want != PlatformBIOS
}
