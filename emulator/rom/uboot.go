package rom

import (
	"fmt"
	"time"

	"github.com/bootrig/bootrig/emulator/retry"
)

// Boards lists firmware that boots over the network by itself, and not by PXE: that of single-board computers.
func Boards() []Profile {
	return []Profile{ubootX86(), ubootARM64(), ubootARM(), ubootRISCV64(), raspberry3(), raspberry4(), raspberry5()}
}

// uboot is U-Boot 2023.01 in Debian 12's package u-boot-qemu, for UEFI programs of one architecture. Its boot command tries
// a script, then what the lease names as a UEFI program (include/config_distro_bootcmd.h, BOOTENV_RUN_NET_*).
func uboot(board string, arch, machine uint16) Profile {
	const script = "boot.scr.uimg"
	return Profile{
		Evidence: Capture,
		Name:     "uboot-" + board,
		Citation: "testdata/captures uboot-" + board + "; U-Boot net/bootp.c, net/tftp.c, include/config_distro_bootcmd.h",

		Arch:    arch,
		Machine: machine,
		Tries:   []Try{{File: script, Script: true}, {Beside: []string{"dtb/"}}},

		Class:     fmt.Sprintf("PXEClient:Arch:%05d:UNDI:003000", arch),
		UNDI:      [3]byte{1, 0, 0},
		MaxSize:   576,
		Params:    []byte{1, 3, 6, 12, 17},
		Options:   []byte{53, 57, 54, 50, 93, 94, 60, 55},
		Pad:       300,
		Broadcast: BroadcastWithAddress,
		ClockXID:  true,
		NamesFile: true,

		// bootp_timeout_handler: doubled up to 2 s, fifteen times where nobody answers [tried]. After a REQUEST it waits 5 s.
		Discover:   retry.Every(250*time.Millisecond, 1, 2, 4, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8),
		Request:    retry.Every(time.Second, 5),
		Proxy:      retry.Every(time.Second, 5), // it never asks there
		BootServer: retry.Every(time.Second, 5),
		FirstLease: true,

		TFTP:  TFTP{Options: "timeout 5 blksize 1468", Patience: retry.Every(time.Second, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5)},
		Lines: ubootLines(),
		Texts: ubootTexts(),
	}
}

// ubootLines is what it printed on the serial console of a real boot.
func ubootLines() Lines {
	return Lines{
		Start:   []string{"BOOTP broadcast 1"},
		Lease:   []string{"DHCP client bound to address {ip}"},
		Loading: []string{"TFTP from server {server}", "Filename '{file}'."},
		Loaded:  []string{"Bytes transferred = {size}"},
	}
}

// ubootTexts is what it prints where a try comes to nothing (net/net.c, net/tftp.c).
func ubootTexts() map[Reason]string {
	const again, refused = "Retry time exceeded; starting again", "TFTP error; Not retrying..."
	return map[Reason]string{
		NoOffer:       again,
		NoAck:         again,
		NoFile:        "*** ERROR: `serverip' not set",
		OpenTimeout:   "Retry count exceeded; starting again",
		ReadTimeout:   "Retry count exceeded; starting again",
		NotFound:      refused,
		AccessDenied:  refused,
		IllegalOp:     refused,
		ServerError:   refused,
		NotExecutable: "Loading image failed",
	}
}

// ubootARM64 calls itself ARM64 for U-Boot (option 93) where it asks for its script.
func ubootARM64() Profile {
	p := uboot("arm64", 11, 0xaa64)
	p.Tries[0].Class, p.Tries[0].Arch = "U-Boot.armv8", 22
	p.Configs = []string{"default-arm"}
	return p
}

// ubootARM642025 is 2025.01, whose standard boot gets an address first, and then looks with another for a UEFI program that
// the lease names (boot/bootmeth_efi.c; its class has the architecture in hexadecimal). A script it does not look for.
func ubootARM642025() Profile {
	p := ubootARM64()
	p.Name += "@2025.01"
	p.Citation = "testdata/captures uboot-arm64-2025; U-Boot boot/bootmeth_efi.c, net/bootp.c"
	p.Tries = []Try{{Class: "U-Boot.armv8", Arch: 22, AddressOnly: true}, {}}
	p.Class = "PXEClient:Arch:0000b:UNDI:003000"
	p.NamesFile = false
	return p
}

func ubootARM() Profile {
	p := uboot("arm", 10, 0x1c2)
	p.Tries[0].Class, p.Tries[0].Arch = "U-Boot.armv7", 21
	p.Configs = []string{"default-arm"}
	return p
}

func ubootRISCV64() Profile {
	p := uboot("riscv64", 27, 0x5064)
	p.Configs = []string{"default-riscv"}
	p.Tries[0].Class, p.Tries[0].NoArch = "U-Boot", true
	return p
}

// ubootX86 is the 32-bit build, which says all the same that it is x64.
func ubootX86() Profile {
	p := uboot("x86", 7, 0x14c)
	p.Params = []byte{1, 3, 6, 12, 13, 17}
	p.Configs = []string{"default-x86-qemu-qemu-x86", "default-x86-qemu", "default-x86"}
	p.Tries[0].Class, p.Tries[0].NoArch = "U-Boot", true
	p.TFTP.Options = "timeout 5 tsize 0 blksize 1468"
	return p
}
