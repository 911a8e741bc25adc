package menu

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func linux() Item {
	return Item{
		Label: "install", Title: "Install Ubuntu\n24.04", Kind: Linux, Kernel: "/casper/vmlinuz", Initrds: []string{"/casper/initrd", "/extra.cpio"},
		Args: "ip=dhcp ds=nocloud;s=http://192.168.9.2/seed/ ---",
	}
}

func xen() Item {
	return Item{
		Label: "xcp", Title: "Install XCP-ng 8.3", Kind: Multiboot, Starter: "mboot.c32", Kernel: "/boot/xen.gz", Args: "dom0_mem=max:8192M",
		Modules: []Module{{File: "/boot/vmlinuz", Args: "console=tty0 install"}, {File: "/install.img"}},
	}
}

func TestWhatPxelinuxReads(t *testing.T) {
	for name, c := range map[string]struct {
		Menu
		ui, want string
	}{
		"a menu where there is menu.c32": {Menu{Title: "two media", Items: []Item{linux(), xen()}, Seconds: 10}, "menu.c32", `UI menu.c32
MENU TITLE two media
DEFAULT install
TIMEOUT 100

LABEL install
  MENU LABEL Install Ubuntu 24.04
  LINUX /casper/vmlinuz
  INITRD /casper/initrd,/extra.cpio
  APPEND ip=dhcp ds=nocloud;s=http://192.168.9.2/seed/ ---

LABEL xcp
  MENU LABEL Install XCP-ng 8.3
  KERNEL mboot.c32
  APPEND /boot/xen.gz dom0_mem=max:8192M --- /boot/vmlinuz console=tty0 install --- /install.img

LABEL disk
  MENU LABEL Boot from the disk of this machine
  LOCALBOOT 0
`},
		"a prompt where there is none": {Menu{Title: "Xen", Items: []Item{{Label: "esxi", Title: "ESXi", Kind: Program, Kernel: "/mboot.c32", Args: "-c /boot.cfg"}}, Seconds: 5}, "", `SAY Xen
SAY   esxi: ESXi
SAY   disk: the disk of this machine
PROMPT 1
DEFAULT esxi
TIMEOUT 50

LABEL esxi
  MENU LABEL ESXi
  KERNEL /mboot.c32
  APPEND -c /boot.cfg

LABEL disk
  MENU LABEL Boot from the disk of this machine
  LOCALBOOT 0
`},
	} {
		if diff := cmp.Diff(c.want, c.Pxelinux(c.ui)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestWhatIPXEReads(t *testing.T) {
	windows := Item{Label: "pe", Title: "PE || shell ${x}", Kind: Windows, Starter: "wimboot", Initrds: []string{"boot/BCD", "boot/boot.sdi", "sources/boot.wim"}}
	chain := Item{Label: "grub", Title: "GRUB", Kind: Program, Kernel: "grubx64.efi"}
	const want = `#!ipxe

:start
menu all kinds
item install Install Ubuntu 24.04
item xcp Install XCP-ng 8.3
item pe PE | | shell $ {x}
item grub GRUB
item disk Boot from the disk of this machine
choose --timeout 10000 --default install chosen && goto ${chosen} || goto disk

:install
imgfree
kernel /casper/vmlinuz initrd=initrd initrd=extra.cpio ip=dhcp ds=nocloud;s=http://192.168.9.2/seed/ --- || goto failed
initrd --name initrd /casper/initrd || goto failed
initrd --name extra.cpio /extra.cpio || goto failed
boot || goto failed

:xcp
imgfree
kernel /boot/xen.gz dom0_mem=max:8192M || goto failed
module /boot/vmlinuz console=tty0 install || goto failed
module /install.img || goto failed
boot || goto failed

:pe
imgfree
kernel wimboot || goto failed
initrd --name bcd boot/BCD || goto failed
initrd --name boot.sdi boot/boot.sdi || goto failed
initrd --name boot.wim sources/boot.wim || goto failed
boot || goto failed

:grub
imgfree
kernel grubx64.efi || goto failed
boot || goto failed

:failed
echo It did not start. Press a key for the menu.
prompt
goto start

:disk
iseq ${platform} pcbios && sanboot --no-describe --drive 0x80 ||
exit
`
	m := Menu{Title: "all kinds", Items: []Item{linux(), xen(), windows, chain}, Seconds: 10}
	if diff := cmp.Diff(want, m.IPXE()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWhatGRUBReads(t *testing.T) {
	const want = `# it's GRUB
set timeout=10
set default=0

menuentry 'Install Ubuntu 24.04' --id install {
	linux /casper/vmlinuz ip=dhcp 'ds=nocloud;s=http://192.168.9.2/seed/' ---
	initrd /casper/initrd /extra.cpio
}

menuentry 'Install XCP-ng 8.3' --id xcp {
	multiboot2 /boot/xen.gz dom0_mem=max:8192M
	module2 /boot/vmlinuz console=tty0 install
	module2 /install.img
}

menuentry 'Install XCP-ng 8.3' --id xs9 {
	xen_hypervisor /boot/xen.efi dom0_mem=max:8192M
	xen_module /boot/vmlinuz console=tty0 install
	xen_module /install.img
}

menuentry 'it'\''s a "program"; $x' --id own {
	chainloader /EFI/own.efi
}

menuentry 'Boot from the disk of this machine' --id disk {
	exit
}
`
	xs9 := xen()
	xs9.Label, xs9.Kind, xs9.Kernel = "xs9", Hypervisor, "/boot/xen.efi"
	own := Item{Label: "own", Title: `it's a "program"; $x`, Kind: Program, Kernel: "/EFI/own.efi"}
	m := Menu{Title: "it's GRUB", Items: []Item{linux(), xen(), xs9, own}, Seconds: 10}
	if diff := cmp.Diff(want, m.GRUB()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestBootCfgOfADiscIsForTheNetwork(t *testing.T) {
	const disc = "bootstate=0\r\ntitle=Loading ESXi installer\r\nprefix=\r\nkernel=/b.b00\r\nkernelopt=runweasel cdromBoot\r\nmodules=/jumpstrt.gz --- /useropts.gz---/k.b00\r\nbuild=8.0\r\n"
	const want = "bootstate=0\ntitle=Loading ESXi installer\nprefix=http://192.168.9.2/esxi/\nkernel=b.b00\nkernelopt=runweasel ks=http://192.168.9.2/ks.cfg\n" +
		"modules=jumpstrt.gz --- useropts.gz --- k.b00\nbuild=8.0\n"
	if diff := cmp.Diff(want, BootCfg(disc, "http://192.168.9.2/esxi/", "ks=http://192.168.9.2/ks.cfg")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := BootCfg("kernelopt=cdromBoot runweasel", "p", "runweasel ks=x"); got != "kernelopt=runweasel ks=x\nprefix=p\n" {
		t.Errorf("an option that the disc has too: %q", got)
	}
	if got := BootCfg("modules=/a", "p", "ks=x"); got != "modules=a\nprefix=p\nkernelopt=ks=x\n" {
		t.Errorf("without a kernel: %q", got)
	}
}

func TestNoItemHasALabelOfTheMenuItself(t *testing.T) {
	script := Menu{Items: []Item{linux()}}.IPXE()
	for text := range strings.Lines(script) {
		label, ok := strings.CutPrefix(strings.TrimSpace(text), ":")
		if ok && label != linux().Label && !Reserved()[label] {
			t.Errorf("%s is not reserved", label)
		}
	}
}
