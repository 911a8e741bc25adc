package ways_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/content/iso9660/isotest"
	"github.com/bootrig/bootrig/server/media/mediatest"
	"github.com/bootrig/bootrig/server/media/ways"
)

// Each medium with each set of programs. Where no machine could boot it, what is told is the error.
func TestEachKindOfMachineHasAWay(t *testing.T) {
	for name, c := range map[string]struct {
		layout string
		make   func(testing.TB, string) string
		debian bool // with its programs
		want   []string
	}{
		"its own menu goes first, and UEFI machines get one of ours": {"debian-netboot-12", release, true, []string{
			"BIOS: pxelinux.0: pxelinux.0 of debian-netboot-12, with its own menu",
			"x64 machines that boot by PXE: bootrig/x64/grubx64.efi: grubnetx64.efi of DEBIAN, with a menu",
			"x64 machines that boot by HTTP: http://{server}/bootrig/x64/boot.img, signed: a disk image with shimx64.efi and grubx64.efi of DEBIAN and a menu",
		}},
		"without programs BIOS machines boot all the same": {"debian-netboot-12", release, false, []string{
			"BIOS: pxelinux.0: pxelinux.0 of debian-netboot-12, with its own menu",
			"warning: x64 UEFI machines that boot by PXE get nothing: debian-installer/amd64/grubx64.efi of debian-netboot-12: a PE program whose optional header of 0 bytes is neither PE32 nor PE32+; or they need ipxe.efi (install ipxe), or linuxx64.efi.stub (install systemd-boot-efi); --programs names a directory that has it",
			"warning: x64 UEFI machines that boot by HTTP get nothing: debian-installer/amd64/grubx64.efi of debian-netboot-12: a PE program whose optional header of 0 bytes is neither PE32 nor PE32+; or they need ipxe.efi (install ipxe), or linuxx64.efi.stub (install systemd-boot-efi); --programs names a directory that has it",
		}},
		"GRUB does not find the menu of Ubuntu's tree, which lies elsewhere than it looks": {"ubuntu-server-netboot-24.04.4", release, true, []string{
			"BIOS: amd64/pxelinux.0: pxelinux.0 of ubuntu-server-netboot-24.04.4, with its own menu",
			"x64 machines that boot by PXE: bootrig/x64/grubx64.efi: grubnetx64.efi of DEBIAN, with a menu",
			"x64 machines that boot by HTTP: http://{server}/bootrig/x64/boot.img, signed: a disk image with shimx64.efi and grubx64.efi of DEBIAN and a menu",
		}},
		"a live server fetches its whole image": {"ubuntu-server-24.04.3", iso, true, []string{
			"BIOS: bootrig/bios/pxelinux.0: pxelinux.0 of DEBIAN, with a menu",
			"x64 machines that boot by PXE: bootrig/x64/grubx64.efi: grubnetx64.efi of DEBIAN, with a menu",
			"x64 machines that boot by HTTP: http://{server}/bootrig/x64/boot.img, signed: a disk image with shimx64.efi and grubx64.efi of DEBIAN and a menu",
		}},
		"a live server that was unpacked has no image to fetch": {"ubuntu-server-24.04.3", release, true, []string{
			"ubuntu-server-24.04.3: no machine could boot it",
			"ubuntu-server-24.04.3: Ubuntu Server 24.04.3 wants its image as one file: serve the .iso as it was downloaded, not what is in it",
		}},
		"Xen by the pxelinux of its medium": {"xcp-ng-8.3.0", iso, true, []string{
			"BIOS: bootrig/bios/pxelinux.0: pxelinux.0 of xcp-ng-8.3.0.iso, with a menu",
			"warning: x64 UEFI machines that boot by PXE get nothing: gcdx64.efi of DEBIAN lacks one of the modules gzio linux multiboot2 tftp",
			"warning: x64 UEFI machines that boot by HTTP get nothing: gcdx64.efi of DEBIAN lacks one of the modules gzio linux multiboot2 fat",
		}},
		"Xen by the pxelinux of its medium, with no other programs": {"xenserver-7.6", release, false, []string{
			"BIOS: bootrig/bios/pxelinux.0: pxelinux.0 of xenserver-7.6, with a menu",
			"warning: x64 UEFI machines that boot by PXE get nothing: EFI/xenserver/grubx64.efi of xenserver-7.6: a PE program whose optional header of 0 bytes is neither PE32 nor PE32+",
			"warning: x64 UEFI machines that boot by HTTP get nothing: they need shimx64.efi (install shim-signed); --programs names a directory that has it",
		}},
		"Xen that only UEFI machines can start, with a GRUB that cannot": {"xenserver-9", iso, true, []string{
			"xenserver-9: no machine could boot it",
			"xenserver-9: x64 UEFI machines that boot by PXE get nothing: gcdx64.efi of DEBIAN lacks one of the modules linux xen_boot tftp",
			"xenserver-9: x64 UEFI machines that boot by HTTP get nothing: gcdx64.efi of DEBIAN lacks one of the modules linux xen_boot fat",
		}},
		"Fedora": {"redhat-fedora-41", iso, true, []string{
			"BIOS: bootrig/bios/pxelinux.0: pxelinux.0 of DEBIAN, with a menu",
			"x64 machines that boot by PXE: bootrig/x64/grubx64.efi: grubnetx64.efi of DEBIAN, with a menu",
			"x64 machines that boot by HTTP: http://{server}/bootrig/x64/boot.img, signed: a disk image with shimx64.efi and grubx64.efi of DEBIAN and a menu",
		}},
		"Proxmox, whose initrd takes the image": {"proxmox-ve-8.2", iso, true, []string{
			"BIOS: bootrig/bios/pxelinux.0: pxelinux.0 of DEBIAN, with a menu",
			"x64 machines that boot by PXE: bootrig/x64/grubx64.efi: grubnetx64.efi of DEBIAN, with a menu",
			"x64 machines that boot by HTTP: http://{server}/bootrig/x64/boot.img, signed: a disk image with shimx64.efi and grubx64.efi of DEBIAN and a menu",
		}},
		"Proxmox that was unpacked": {"proxmox-ve-8.2", release, true, []string{
			"proxmox-ve-8.2: no machine could boot it",
			"proxmox-ve-8.2: Proxmox VE 8.2 wants its image as one file: serve the .iso as it was downloaded, not what is in it",
		}},
		"VMware's own loader for each firmware": {"esxi-8.0U3", iso, true, []string{
			"x64 machines that boot by PXE: bootrig/x64/snponly.efi then http://{server}/bootrig/x64/autoexec.ipxe: snponly.efi of DEBIAN, with a menu",
			"x64 machines that boot by HTTP: http://{server}/bootrig/x64/snponly.efi then http://{server}/bootrig/x64/autoexec.ipxe: snponly.efi of DEBIAN, with a menu",
			"warning: BIOS machines get nothing: the mboot.c32 of VMware starts by a pxelinux of SYSLINUX 3 or 4, and pxelinux/usr/lib/PXELINUX/pxelinux.0 of DEBIAN is a newer one: name a directory that has such a one, and its menu.c32, with --programs",
		}},
		"Windows without wimboot": {"windows-pe", iso, true, []string{
			"windows-pe: no machine could boot it",
			"windows-pe: BIOS machines get nothing: they need wimboot (take wimboot of https://github.com/ipxe/wimboot/releases); --programs names a directory that has it",
			"windows-pe: x64 UEFI machines that boot by PXE get nothing: they need wimboot (take wimboot of https://github.com/ipxe/wimboot/releases); --programs names a directory that has it",
			"windows-pe: x64 UEFI machines that boot by HTTP get nothing: they need wimboot (take wimboot of https://github.com/ipxe/wimboot/releases); --programs names a directory that has it",
		}},
		"what firmware starts by itself needs no other program": {"netboot-xyz-2.0", release, false, []string{
			"BIOS: netboot.xyz-undionly.kpxe: netboot.xyz-undionly.kpxe of netboot-xyz-2.0, with its own menu",
			"x64 machines that boot by PXE: netboot.xyz-snp.efi: netboot.xyz-snp.efi of netboot-xyz-2.0, by itself",
			"x64 machines that boot by HTTP: http://{server}/netboot.xyz-snp.efi: netboot.xyz-snp.efi of netboot-xyz-2.0, by itself",
			"ARM64 machines that boot by PXE: netboot.xyz-arm64.efi: netboot.xyz-arm64.efi of netboot-xyz-2.0, by itself",
			"ARM64 machines that boot by HTTP: http://{server}/netboot.xyz-arm64.efi: netboot.xyz-arm64.efi of netboot-xyz-2.0, by itself",
			"warning: IA32 UEFI machines that boot by PXE get nothing: they need grubia32.efi (install grub-efi-ia32-bin), or ipxe.efi for i386, or linuxia32.efi.stub (unpack Debian's systemd-boot-efi of i386); --programs names a directory that has it",
			"warning: IA32 UEFI machines that boot by HTTP get nothing: they need ipxe.efi for i386, or linuxia32.efi.stub (unpack Debian's systemd-boot-efi of i386), or shimx64.efi for i386; --programs names a directory that has it",
		}},
		"Alpine": {"alpine-netboot-3.20.3", release, true, []string{
			"BIOS: bootrig/bios/pxelinux.0: pxelinux.0 of DEBIAN, with a menu",
			"x64 machines that boot by PXE: bootrig/x64/grubx64.efi: grubnetx64.efi of DEBIAN, with a menu",
			"x64 machines that boot by HTTP: http://{server}/bootrig/x64/boot.img, signed: a disk image with shimx64.efi and grubx64.efi of DEBIAN and a menu",
		}},
		"an installer that looks for its CD": {"debian-iso-12.5.0", iso, true, []string{
			"debian-iso-12.5.0: no machine could boot it",
			"debian-iso-12.5.0.iso: Debian 12.5.0 installer ISO cannot be booted from the network: the initrd of this image looks for the CD it came from, and finds none on a machine that booted from the network. Take the netboot.tar.gz of Debian 12.5.0 Bookworm (package debian-installer-VERSION-netboot-CPU, or a mirror's dists/SUITE/main/installer-CPU/current/images/netboot/): its initrd fetches the same packages",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			o := options()
			if c.debian {
				o = options(debian(t))
			}
			path := c.make(t, c.layout)
			var got string
			s, err := ways.Open(config.Media{Paths: []string{path}, Rule: c.layout}, o)
			if err != nil {
				got = err.Error()
			} else {
				defer s.Close()
				got = told(s)
			}
			if diff := cmp.Diff(c.want, strings.Split(strings.TrimSpace(neutral(got, path)), "\n")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TFTP waits for each block, so BIOS machines are given iPXE where that would take long.
func TestLargeFilesAreHadOverHTTP(t *testing.T) {
	large := isotest.Make(t, "pad size=64M sparse\n"+mediatest.List(t, "proxmox-ve-8.2"), "-R", "-J")
	s := open(t, config.Media{Paths: []string{large}}, options(debian(t)))
	if diff := cmp.Diff("BIOS: bootrig/bios/undionly.kpxe then http://{server}/bootrig/bios/autoexec.ipxe: undionly.kpxe of DEBIAN, with a menu", strings.Split(neutral(told(s), large), "\n")[0]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// What starts most is taken, and who loses by that is told.
func TestSecureBootIsNotLostSilently(t *testing.T) {
	var o = options(debian(t), programs(t, "wimboot <- wimboot-x86_64\n"))
	s := open(t, config.Media{Paths: []string{iso(t, "redhat-fedora-41"), iso(t, "windows-pe")}}, o)
	want := "warning: x64 UEFI machines that boot by HTTP with Secure Boot start nothing:"
	if got := told(s); !strings.Contains(got, want) {
		t.Errorf("%s\nlacks %s", got, want)
	}
}
