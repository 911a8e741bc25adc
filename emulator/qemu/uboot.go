package qemu

import "runtime"

// U-Boot, which boots over the network by itself where there is no disk: it fetches boot.scr.uimg, a script, and else
// starts the file of the lease as a UEFI program. It hears no proxy.
const ubootSet = "u-boot-qemu"

// uboot is U-Boot in the file of its package, which QEMU takes with a flag.
func uboot(arch string, p platform, at places, flag, image string) firmware {
	path := at.root(ubootSet) + "/usr/lib/u-boot/" + image
	return firmware{
		name: "uboot-" + arch, platform: p, nic: "virtio-net-pci", card: ",romfile=",
		args:  []string{flag, path},
		files: []file{{[]string{path}, at.from(ubootSet)}}, set: ubootSet,
	}
}

// ubootX86 has a driver for the cards of PCs.
func ubootX86(at places) firmware {
	f := uboot("x86", pc(), at, "-bios", "qemu-x86/u-boot.rom")
	f.nic = "e1000"
	return f
}

func uboots(at places) []firmware {
	return []firmware{
		ubootX86(at),
		uboot("arm64", virt("cortex-a57"), at, "-bios", "qemu_arm64/u-boot.bin"),
		uboot("arm", virt32(), at, "-bios", "qemu_arm/u-boot.bin"),
		uboot("riscv64", riscv64(), at, "-kernel", "qemu-riscv64_smode/u-boot.bin"), // behind QEMU's own OpenSBI
	}
}

// riscv64 is the board of ARM's name with another processor.
func riscv64() platform {
	return platform{
		board: "virt", binary: "qemu-system-riscv64", machine: []string{"-machine", "virt"},
		foreign: runtime.GOARCH != "riscv64", from: "qemu-system-misc",
	}
}
