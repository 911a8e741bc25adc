package program

// A Kind is what a program does, whatever its file is called.
type Kind string

// The programs that a network boot may take.
const (
	PXELINUX  Kind = "pxelinux"     // BIOS: a menu and Linux by TFTP
	LPXELINUX Kind = "lpxelinux"    // BIOS: the same, and HTTP
	Module    Kind = "module"       // BIOS: a module of syslinux; Want.Name says which
	UNDIonly  Kind = "undionly"     // BIOS: iPXE over the card's own driver
	Syslinux  Kind = "syslinux.efi" // UEFI: what pxelinux is for BIOS, with modules of its own
	IPXE      Kind = "ipxe"         // UEFI: iPXE with its own drivers
	SNPonly   Kind = "snponly"      // UEFI: iPXE over the firmware's driver
	Shim      Kind = "shim"         // UEFI: signed by Microsoft, loads what the distribution signed
	GRUB      Kind = "grub"         // UEFI: GRUB for a disk, with a prefix like /EFI/debian
	GRUBCD    Kind = "grub-cd"      // UEFI: GRUB for a CD
	GRUBNet   Kind = "grub-net"     // UEFI: GRUB for the network
	Stub      Kind = "stub"         // UEFI: systemd's stub, the beginning of a unified kernel image
	IPXEShim  Kind = "ipxe-shim"    // UEFI: iPXE's shim, signed by Microsoft
	IPXESB    Kind = "ipxe-sb"      // UEFI: the signed iPXE that iPXE's shim loads
	Wimboot   Kind = "wimboot"      // both: Windows
)

// CPUs are named as Linux names them.
const (
	x64   = "x86_64"
	ia32  = "i386"
	aa64  = "aarch64"
	rv64  = "riscv64"
	intel = "" // a PC with BIOS
)

// A row says where a kind of program is. The paths are below the root of a host: Debian's and Ubuntu's first,
// then Fedora's, openSUSE's and Arch's where they differ. They may be of any CPU; what is found is looked at.
type row struct {
	paths []string
	from  map[string]string // by CPU, how one gets it
}

// grub and signed are what several kinds come from.
var (
	grub   = map[string]string{x64: "install grub-efi-amd64-signed", aa64: "unpack Debian's grub-efi-arm64-signed of arm64", ia32: "install grub-efi-ia32-bin"}
	signed = map[string]string{x64: "unpack ipxeboot.tar.gz of https://github.com/ipxe/ipxe/releases", aa64: "unpack ipxeboot.tar.gz of https://github.com/ipxe/ipxe/releases"}
)

// table has a row for each kind.
var table = map[Kind]row{
	PXELINUX: { // BIOS
		paths: []string{
			"usr/lib/PXELINUX/pxelinux.0",
			"usr/share/syslinux/pxelinux.0",
			"usr/lib/syslinux/bios/pxelinux.0",
		},
		from: map[string]string{intel: "install pxelinux"},
	},
	LPXELINUX: {
		paths: []string{
			"usr/lib/PXELINUX/lpxelinux.0",
			"usr/share/syslinux/lpxelinux.0",
			"usr/lib/syslinux/bios/lpxelinux.0",
		},
		from: map[string]string{intel: "install pxelinux"},
	},
	Module: { // directories
		paths: []string{
			"usr/lib/syslinux/modules/bios/",
			"usr/share/syslinux/",
			"usr/lib/syslinux/bios/",
		},
		from: map[string]string{intel: "install syslinux-common"},
	},
	UNDIonly: {
		paths: []string{
			"usr/lib/ipxe/undionly.kpxe",
			"usr/share/ipxe/undionly.kpxe",
			"usr/share/ipxe/x86_64/undionly.kpxe",
		},
		from: map[string]string{intel: "install ipxe"},
	},
	Syslinux: {
		paths: []string{
			"usr/lib/SYSLINUX.EFI/efi64/syslinux.efi",
			"usr/lib/SYSLINUX.EFI/efi32/syslinux.efi",
			"usr/share/syslinux/efi64/syslinux.efi",
			"usr/share/syslinux/efi32/syslinux.efi",
			"usr/lib/syslinux/efi64/syslinux.efi",
			"usr/lib/syslinux/efi32/syslinux.efi",
		},
		from: map[string]string{x64: "install syslinux-efi", ia32: "install syslinux-efi"},
	},
	IPXE: { // Debian 12's package has it for x86_64 alone, as a link to /boot/ipxe.efi
		paths: []string{
			"usr/lib/ipxe/ipxe.efi",
			"boot/ipxe.efi",
			"usr/lib/ipxe/ipxe-arm64.efi",
			"usr/lib/ipxe/ipxe-riscv64.efi",
			"usr/share/ipxe/ipxe-x86_64.efi",
			"usr/share/ipxe/arm64-efi/ipxe.efi",
			"usr/share/ipxe/ipxe-i386.efi",
			"usr/share/ipxe/x86_64/ipxe.efi",
		},
		from: map[string]string{x64: "install ipxe", aa64: "install ipxe of Debian 13", rv64: "install ipxe of Debian 13"},
	},
	SNPonly: {
		paths: []string{
			"usr/lib/ipxe/snponly.efi",
			"usr/share/ipxe/ipxe-snponly-x86_64.efi",
			"usr/share/ipxe/arm64-efi/snponly.efi",
			"usr/share/ipxe/ipxe-snponly-i386.efi",
			"usr/share/ipxe/x86_64/snponly.efi",
		},
		from: map[string]string{x64: "install ipxe"},
	},
	Shim: { // a netboot tree calls it bootnetx64.efi, a disk BOOTX64.EFI
		paths: []string{
			"usr/lib/shim/shimx64.efi.signed",
			"usr/lib/shim/shimaa64.efi.signed",
			"boot/efi/EFI/fedora/shimx64.efi",
			"boot/efi/EFI/fedora/shimaa64.efi",
			"usr/share/efi/x86_64/shim.efi",
			"usr/share/efi/aarch64/shim.efi",
			"bootnetx64.efi",
			"bootnetaa64.efi",
			"bootx64.efi",
			"bootaa64.efi",
		},
		from: map[string]string{x64: "install shim-signed", aa64: "unpack Debian's shim-signed of arm64"},
	},
	GRUB: {
		paths: []string{
			"usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed",
			"usr/lib/grub/arm64-efi-signed/grubaa64.efi.signed",
			"usr/lib/grub/i386-efi/monolithic/grubia32.efi",
			"boot/efi/EFI/fedora/grubx64.efi",
			"boot/efi/EFI/fedora/grubaa64.efi",
			"usr/share/efi/x86_64/grub.efi",
			"usr/share/efi/aarch64/grub.efi",
		},
		from: grub,
	},
	GRUBCD: {
		paths: []string{
			"usr/lib/grub/x86_64-efi-signed/gcdx64.efi.signed",
			"usr/lib/grub/arm64-efi-signed/gcdaa64.efi.signed",
			"usr/lib/grub/i386-efi/monolithic/gcdia32.efi",
			"boot/efi/EFI/fedora/gcdx64.efi",
			"boot/efi/EFI/fedora/gcdaa64.efi",
		},
		from: grub,
	},
	GRUBNet: {
		paths: []string{
			"usr/lib/grub/x86_64-efi-signed/grubnetx64.efi.signed",
			"usr/lib/grub/arm64-efi-signed/grubnetaa64.efi.signed",
			"usr/lib/grub/x86_64-efi/monolithic/grubnetx64.efi",
			"usr/lib/grub/arm64-efi/monolithic/grubnetaa64.efi",
			"usr/lib/grub/i386-efi/monolithic/grubnetia32.efi",
		},
		from: grub,
	},
	Stub: {
		paths: []string{
			"usr/lib/systemd/boot/efi/linuxx64.efi.stub",
			"usr/lib/systemd/boot/efi/linuxaa64.efi.stub",
			"usr/lib/systemd/boot/efi/linuxia32.efi.stub",
			"usr/lib/systemd/boot/efi/linuxriscv64.efi.stub",
		},
		from: map[string]string{x64: "install systemd-boot-efi", aa64: "unpack Debian's systemd-boot-efi of arm64", ia32: "unpack Debian's systemd-boot-efi of i386", rv64: "unpack Debian's systemd-boot-efi of riscv64"},
	},
	IPXEShim: { // by their names in iPXE's releases
		paths: []string{
			"x86_64-sb/ipxe-shim.efi",
			"arm64-sb/ipxe-shim.efi",
			"ipxe-shimx64.efi",
			"ipxe-shimaa64.efi",
		},
		from: signed,
	},
	IPXESB: {
		paths: []string{
			"x86_64-sb/ipxe.efi",
			"arm64-sb/ipxe.efi",
		},
		from: signed,
	},
	Wimboot: {
		paths: []string{
			"wimboot",
			"usr/share/ipxe/wimboot",
			"usr/share/wimboot/wimboot.x86_64.efi",
		},
		from: map[string]string{x64: "take wimboot of https://github.com/ipxe/wimboot/releases"},
	},
}
