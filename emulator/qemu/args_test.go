package qemu

import (
	"net"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestArgs(t *testing.T) {
	const machine = "-no-user-config -nodefaults -no-reboot -machine pc,graphics=off -accel tcg -m 512M -smp 1 -vga std -display none"
	const ovmf = " -drive if=pflash,unit=0,format=raw,readonly=on,file=/usr/share/OVMF/OVMF_CODE_4M.fd" +
		" -drive if=pflash,unit=1,format=raw,snapshot=on,file=/usr/share/OVMF/OVMF_VARS_4M.fd -device virtio-rng-pci"
	for name, c := range map[string]struct {
		spec Spec
		want string
	}{
		"the smallest machine is for a person with a TAP and a terminal": {
			Spec{},
			"-name guest " + machine + " -netdev tap,id=n0,ifname=tap0,script=no,downscript=no" +
				" -device e1000,netdev=n0,mac=52:54:00:12:34:56 -boot n -serial mon:stdio",
		},
		"a machine of a lab has inherited sockets": {
			Spec{Name: "pc", NetFD: 3, SerialFD: 4, MonitorFD: 5},
			"-name pc " + machine + " -netdev socket,id=n0,fd=3 -device e1000,netdev=n0,mac=52:54:00:12:34:56 -boot n" +
				" -add-fd fd=4,set=1 -chardev file,id=com1,path=/dev/fdset/1,append=on -serial chardev:com1 -chardev socket,id=qmp,fd=5 -mon chardev=qmp,mode=control",
		},
		"everything said": {
			Spec{
				Name: "pc", Firmware: "ipxe-bios", NIC: "virtio-net-pci", MAC: net.HardwareAddr{0x52, 0x54, 0, 1, 2, 3},
				UUID: "11111111-2222-3333-4444-555555555555", Memory: "2G", CPUs: 2, Accel: "kvm", NetFD: 3, SerialFD: 4, MonitorFD: 5,
				Extra: []string{"-rtc", "base=utc"},
			},
			"-name pc -no-user-config -nodefaults -no-reboot -machine pc,graphics=off -accel kvm -m 2G -smp 2 -vga std -display none" +
				" -uuid 11111111-2222-3333-4444-555555555555 -netdev socket,id=n0,fd=3 -device virtio-net-pci,netdev=n0,mac=52:54:00:01:02:03 -boot n" +
				" -add-fd fd=4,set=1 -chardev file,id=com1,path=/dev/fdset/1,append=on -serial chardev:com1 -chardev socket,id=qmp,fd=5 -mon chardev=qmp,mode=control -rtc base=utc",
		},
		"a serial, a disk, cards without a cable, and the firmware's own order": {
			Spec{Firmware: "ovmf-x64", Serial: "SN,42", Disk: "1G", Idle: []string{"e1000", "rtl8139"}, Default: true},
			"-name guest " + machine + " -smbios type=1,serial=SN,,42" + ovmf + " -netdev hubport,id=idle0,hubid=1 -device e1000,netdev=idle0,mac=52:54:00:ff:00:00" +
				" -netdev hubport,id=idle1,hubid=2 -device rtl8139,netdev=idle1,mac=52:54:00:ff:00:01 -netdev tap,id=n0,ifname=tap0,script=no,downscript=no" +
				" -device virtio-net-pci,netdev=n0,mac=52:54:00:12:34:56,romfile= -blockdev driver=null-co,node-name=d0,read-zeroes=on,size=1G" +
				" -device virtio-blk-pci,drive=d0 -serial mon:stdio",
		},
		"in its own order a BIOS has no switch": {
			Spec{Default: true},
			"-name guest " + machine + " -netdev tap,id=n0,ifname=tap0,script=no,downscript=no -device e1000,netdev=n0,mac=52:54:00:12:34:56 -serial mon:stdio",
		},
		"OVMF has EDK2's own PXE: no ROM in the card, and variables it can write": {
			Spec{Firmware: "ovmf-x64"},
			"-name guest " + machine + ovmf + " -netdev tap,id=n0,ifname=tap0,script=no,downscript=no" +
				" -device virtio-net-pci,netdev=n0,mac=52:54:00:12:34:56,romfile=,bootindex=1 -serial mon:stdio",
		},
		"OVMF that does not know PXE goes straight to HTTP boot": {
			Spec{Firmware: "ovmf-x64-http"},
			"-name guest " + machine + ovmf + " -fw_cfg name=opt/org.tianocore/IPv4PXESupport,string=no" +
				" -fw_cfg name=opt/org.tianocore/IPv6PXESupport,string=no -netdev tap,id=n0,ifname=tap0,script=no,downscript=no" +
				" -device virtio-net-pci,netdev=n0,mac=52:54:00:12:34:56,romfile=,bootindex=1 -serial mon:stdio",
		},
		"OVMF leaves PXE to the iPXE in the card's ROM": {
			Spec{Firmware: "ipxe-efi"},
			"-name guest " + machine + ovmf + " -netdev tap,id=n0,ifname=tap0,script=no,downscript=no" +
				" -device virtio-net-pci,netdev=n0,mac=52:54:00:12:34:56,bootindex=1 -serial mon:stdio",
		},
		"Secure Boot wants a chipset with SMM, and the keys of machines that are sold": {
			Spec{Firmware: "ovmf-x64-secure", Accel: "kvm"},
			"-name guest -no-user-config -nodefaults -no-reboot -machine q35,smm=on,graphics=off -global driver=cfi.pflash01,property=secure,value=on" +
				" -accel kvm -m 512M -smp 1 -vga std -display none -drive if=pflash,unit=0,format=raw,readonly=on,file=/usr/share/OVMF/OVMF_CODE_4M.ms.fd" +
				" -drive if=pflash,unit=1,format=raw,snapshot=on,file=/usr/share/OVMF/OVMF_VARS_4M.ms.fd -device virtio-rng-pci" +
				" -netdev tap,id=n0,ifname=tap0,script=no,downscript=no -device virtio-net-pci,netdev=n0,mac=52:54:00:12:34:56,romfile=,bootindex=1 -serial mon:stdio",
		},
		"an ARM machine has no BIOS, no VGA and, on another processor, no KVM": {
			Spec{Firmware: "aavmf-arm64", Accel: foreign("arm64")},
			"-name guest -no-user-config -nodefaults -no-reboot -machine virt -cpu cortex-a57 -device qemu-xhci -device usb-kbd -accel tcg -m 512M -smp 1 -display none" +
				" -drive if=pflash,unit=0,format=raw,readonly=on,file=/usr/share/AAVMF/AAVMF_CODE.fd" +
				" -drive if=pflash,unit=1,format=raw,snapshot=on,file=/usr/share/AAVMF/AAVMF_VARS.fd -device virtio-rng-pci" +
				" -netdev tap,id=n0,ifname=tap0,script=no,downscript=no -device virtio-net-pci,netdev=n0,mac=52:54:00:12:34:56,romfile=,bootindex=1 -serial mon:stdio",
		},
		"iPXE of another version is found by QEMU itself, which writes the card's PCI ID into the ROM": {
			Spec{Firmware: "ipxe-bios@2.0.0", Sets: "/sets", NIC: "virtio-net-pci"},
			"-name guest " + machine + " -L /sets/ipxe-qemu@2.0.0/usr/share/qemu/ -L /sets/ipxe-qemu@2.0.0/usr/lib/ipxe/qemu/" +
				" -netdev tap,id=n0,ifname=tap0,script=no,downscript=no -device virtio-net-pci,netdev=n0,mac=52:54:00:12:34:56 -boot n -serial mon:stdio",
		},
		"another BIOS has this host's iPXE": {
			Spec{Firmware: "seabios@1.17.0", Sets: "/sets"},
			"-name guest " + machine + " -L /sets/seabios@1.17.0/usr/share/seabios/ -netdev tap,id=n0,ifname=tap0,script=no,downscript=no" +
				" -device e1000,netdev=n0,mac=52:54:00:12:34:56 -boot n -serial mon:stdio",
		},
		"another iPXE for UEFI has this host's OVMF": {
			Spec{Firmware: "ipxe-efi@1.21.1", Sets: "/sets", NIC: "e1000"},
			"-name guest " + machine + ovmf + " -L /sets/ipxe-qemu@1.21.1/usr/share/qemu/ -L /sets/ipxe-qemu@1.21.1/usr/lib/ipxe/qemu/" +
				" -netdev tap,id=n0,ifname=tap0,script=no,downscript=no -device e1000,netdev=n0,mac=52:54:00:12:34:56,bootindex=1 -serial mon:stdio",
		},
		"another OVMF has variables of its own version": {
			Spec{Firmware: "ovmf@2025.02", Sets: "/sets"},
			"-name guest " + machine + strings.ReplaceAll(ovmf, "/usr", "/sets/ovmf@2025.02/usr") +
				" -netdev tap,id=n0,ifname=tap0,script=no,downscript=no -device virtio-net-pci,netdev=n0,mac=52:54:00:12:34:56,romfile=,bootindex=1 -serial mon:stdio",
		},
		"a comma in the name of a directory begins no option": {
			Spec{Firmware: "ovmf-x64@2025.02", Sets: "/a,b"},
			"-name guest " + machine + strings.ReplaceAll(ovmf, "/usr", "/a,,b/ovmf@2025.02/usr") +
				" -netdev tap,id=n0,ifname=tap0,script=no,downscript=no -device virtio-net-pci,netdev=n0,mac=52:54:00:12:34:56,romfile=,bootindex=1 -serial mon:stdio",
		},
		"newer AAVMF wants a processor that makes random numbers": {
			Spec{Firmware: "aavmf-arm64@2025.02", Sets: "/sets"},
			"-name guest -no-user-config -nodefaults -no-reboot -machine virt -cpu max,pauth-impdef=on -device qemu-xhci -device usb-kbd -accel tcg -m 512M -smp 1 -display none" +
				" -drive if=pflash,unit=0,format=raw,readonly=on,file=/sets/qemu-efi-aarch64@2025.02/usr/share/AAVMF/AAVMF_CODE.fd" +
				" -drive if=pflash,unit=1,format=raw,snapshot=on,file=/sets/qemu-efi-aarch64@2025.02/usr/share/AAVMF/AAVMF_VARS.fd -device virtio-rng-pci" +
				" -netdev tap,id=n0,ifname=tap0,script=no,downscript=no -device virtio-net-pci,netdev=n0,mac=52:54:00:12:34:56,romfile=,bootindex=1 -serial mon:stdio",
		},
		"IA32 is the x64 machine with Secure Boot's chipset": {
			Spec{Firmware: "ovmf-ia32@2025.02", Sets: "/sets"},
			"-name guest -no-user-config -nodefaults -no-reboot -machine q35,smm=on,graphics=off -global driver=cfi.pflash01,property=secure,value=on" +
				" -accel tcg -m 512M -smp 1 -vga std -display none -drive if=pflash,unit=0,format=raw,readonly=on,file=/sets/ovmf-ia32@2025.02/usr/share/OVMF/OVMF32_CODE_4M.secboot.fd" +
				" -drive if=pflash,unit=1,format=raw,snapshot=on,file=/sets/ovmf-ia32@2025.02/usr/share/OVMF/OVMF32_VARS_4M.fd -device virtio-rng-pci" +
				" -netdev tap,id=n0,ifname=tap0,script=no,downscript=no -device virtio-net-pci,netdev=n0,mac=52:54:00:12:34:56,romfile=,bootindex=1 -serial mon:stdio",
		},
		"ARM of 32 bits has no memory above 4 GiB": {
			Spec{Firmware: "aavmf-arm@2022.11", Sets: "/sets"},
			"-name guest -no-user-config -nodefaults -no-reboot -machine virt,highmem=off -cpu cortex-a15 -device qemu-xhci -device usb-kbd -accel tcg -m 512M -smp 1 -display none" +
				" -drive if=pflash,unit=0,format=raw,readonly=on,file=/sets/qemu-efi-arm@2022.11/usr/share/AAVMF/AAVMF32_CODE.fd" +
				" -drive if=pflash,unit=1,format=raw,snapshot=on,file=/sets/qemu-efi-arm@2022.11/usr/share/AAVMF/AAVMF32_VARS.fd -device virtio-rng-pci" +
				" -netdev tap,id=n0,ifname=tap0,script=no,downscript=no -device virtio-net-pci,netdev=n0,mac=52:54:00:12:34:56,romfile=,bootindex=1 -serial mon:stdio",
		},
		"a BIOS on the later board, which needs no mode of its own": {
			Spec{Machine: "q35", NIC: "vmxnet3"},
			"-name guest " + strings.Replace(machine, "-machine pc,", "-machine q35,", 1) +
				" -netdev tap,id=n0,ifname=tap0,script=no,downscript=no -device vmxnet3,netdev=n0,mac=52:54:00:12:34:56 -boot n -serial mon:stdio",
		},
		"a card whose ROM of QEMU's choice is for a BIOS": {
			Spec{Firmware: "ipxe-efi", NIC: "i82557c"},
			"-name guest " + machine + ovmf + " -netdev tap,id=n0,ifname=tap0,script=no,downscript=no" +
				" -device i82557c,netdev=n0,mac=52:54:00:12:34:56,bootindex=1,romfile=efi-eepro100.rom -serial mon:stdio",
		},
		"U-Boot of ARM64 is in the place of a BIOS": {
			Spec{Firmware: "uboot-arm64@2023.01", Sets: "/sets"},
			"-name guest -no-user-config -nodefaults -no-reboot -machine virt -cpu cortex-a57 -device qemu-xhci -device usb-kbd -accel tcg -m 512M -smp 1 -display none" +
				" -bios /sets/u-boot-qemu@2023.01/usr/lib/u-boot/qemu_arm64/u-boot.bin -netdev tap,id=n0,ifname=tap0,script=no,downscript=no" +
				" -device virtio-net-pci,netdev=n0,mac=52:54:00:12:34:56,romfile= -serial mon:stdio",
		},
		"U-Boot of riscv64 is what OpenSBI starts": {
			Spec{Firmware: "uboot-riscv64"},
			"-name guest -no-user-config -nodefaults -no-reboot -machine virt -accel tcg -m 512M -smp 1 -display none" +
				" -kernel /usr/lib/u-boot/qemu-riscv64_smode/u-boot.bin -netdev tap,id=n0,ifname=tap0,script=no,downscript=no" +
				" -device virtio-net-pci,netdev=n0,mac=52:54:00:12:34:56,romfile= -serial mon:stdio",
		},
		"a card on no PCI bus has no ROM": {
			Spec{Firmware: "ovmf-x64", NIC: "virtio-net-device"},
			"-name guest " + machine + ovmf + " -netdev tap,id=n0,ifname=tap0,script=no,downscript=no" +
				" -device virtio-net-device,netdev=n0,mac=52:54:00:12:34:56,bootindex=1 -serial mon:stdio",
		},
		"another network": {
			Spec{Netdev: "user,tftp=/srv,bootfile=x.0"},
			"-name guest " + machine + " -netdev user,id=n0,tftp=/srv,bootfile=x.0 -device e1000,netdev=n0,mac=52:54:00:12:34:56 -boot n -serial mon:stdio",
		},
		"a network without options": {
			Spec{Netdev: "user"},
			"-name guest " + machine + " -netdev user,id=n0 -device e1000,netdev=n0,mac=52:54:00:12:34:56 -boot n -serial mon:stdio",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(strings.Fields(c.want), Args(c.spec)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// foreign is kvm on a host whose processor is another than arch, and there must not count.
func foreign(arch string) string {
	if runtime.GOARCH == arch {
		return "tcg"
	}
	return "kvm"
}

func TestTheCommandNamesTheProcessorsQEMU(t *testing.T) {
	got, _, _ := strings.Cut(Command(Spec{Firmware: "aavmf-arm64-http"}), " ")
	if diff := cmp.Diff("qemu-system-aarch64", got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestCommandCanBePasted(t *testing.T) {
	got := Command(Spec{Name: "pc", NetFD: 3, SerialFD: 4, MonitorFD: 5, Extra: []string{"-append", "it's a test"}})
	want := "qemu-system-x86_64 -name pc -no-user-config -nodefaults -no-reboot -machine pc,graphics=off -accel tcg -m 512M -smp 1" +
		" -vga std -display none -netdev tap,id=n0,ifname=tap0,script=no,downscript=no -device e1000,netdev=n0,mac=52:54:00:12:34:56" +
		` -boot n -serial mon:stdio -append 'it'\''s a test'`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSpecsThatCannotBe(t *testing.T) {
	for name, c := range map[string]struct {
		spec Spec
		want string
	}{
		"a firmware that only scripts have": {Spec{Name: "pc", Firmware: "intel-undi"}, `firmware "intel-undi": no real machine has it here; real guests have ipxe-bios, ovmf-x64, ovmf-x64-http, ovmf-x64-secure, ovmf-x64-secure-http, aavmf-arm64, aavmf-arm64-http, ipxe-efi, seabios, ovmf-ia32, ovmf-ia32-http, aavmf-arm, aavmf-arm-http, uboot-x86, uboot-arm64, uboot-arm, uboot-riscv64`},
		"a version that is none":            {Spec{Name: "pc", Firmware: "ipxe-bios@new"}, `firmware "ipxe-bios@new": a version is numbers and dots, such as ipxe-bios@2.0.0`},
		"a version that climbs":             {Spec{Name: "pc", Firmware: "ovmf-x64@../x"}, `firmware "ovmf-x64@../x": a version is numbers and dots, such as ipxe-bios@2.0.0`},
		"a version that is not here":        {Spec{Name: "pc", Firmware: "seabios@1.17.0", Sets: "/nowhere"}, "no /nowhere/seabios@1.17.0/usr/share/seabios/bios-256k.bin here: `make firmware` fetches seabios 1.17.0, unless Debian has dropped it"},
		"a memory that is an option":        {Spec{Name: "pc", Memory: "-x"}, `"-x" cannot be a QEMU argument`},
		"a card with options":               {Spec{Name: "pc", NIC: "e1000,romfile="}, `"e1000,romfile=": a comma begins a QEMU option`},
		"a board it is not for":             {Spec{Name: "pc", Firmware: "ovmf-x64-secure", Machine: "pc"}, `machine "pc": firmware ovmf-x64-secure is for q35`},
		"a board there is none of":          {Spec{Name: "pc", Machine: "-x"}, `machine "-x": firmware ipxe-bios is for pc`},
		"a good one":                        {Spec{Name: "pc", Firmware: "ipxe-bios"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := ""
			if err := c.spec.check(); err != nil {
				got = err.Error()
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
