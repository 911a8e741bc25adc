package qemu

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/wire/event"
)

// told plays a console to a listener and gives the facts of some kinds.
func told(console string, kinds ...event.Kind) []string {
	var facts []string
	l := newListener("pc", event.Func(func(e event.Event) {
		for _, k := range kinds {
			if e.Kind == k {
				facts = append(facts, string(e.Kind)+" "+e.Text)
			}
		}
	}))
	var line screenLine
	for i := range len(console) {
		if text, done := line.write(console[i]); done {
			l.line(time.Time{}, text, line.width)
		}
	}
	text := line.end()
	l.line(time.Time{}, text, line.width)
	return facts
}

func TestCapturedConsoles(t *testing.T) {
	const ended = "error the BIOS has no device left to boot from"
	for file, want := range map[string][]string{
		"ipxe": nil,
		"nothing-to-boot": {
			"error iPXE: Nothing to boot: No such file or directory (ipxe.org/2d03e13b): no offer named a boot file with a server address (siaddr)", ended,
		},
		"file-missing": {
			"error iPXE: tftp://10.0.2.2/nosuch.0... No such file or directory (ipxe.org/2d12603b): the TFTP server has no such file", ended,
		},
		"ldlinux-missing": {"error pxelinux: failed to load ldlinux.c32: it must be reachable beside pxelinux.0 and of the same version"},
		"config-missing":  {"error pxelinux: no configuration found: neither pxelinux.cfg/default nor one for this machine"},
		"kernel-missing":  {"error pxelinux: nosuch: No such file or directory"},
		"initrd-missing":  {"error pxelinux: nosuch.gz: No such file or directory"},
		// pxelinux with SERIAL 0 115200, beside a SeaBIOS that copies the screen to the same port.
		"serial-directive":     {"error pxelinux: the kernel cannot be booted: Invalid argument"},
		"serial-and-console-0": {"error pxelinux: the kernel cannot be booted: Invalid argument"},
		"library-missing": {
			"error pxelinux: failed to load libcom32.c32: the library is neither beside the module nor below PATH",
			"error pxelinux: failed to load mboot.c32: missing, a library it needs is missing, or of another syslinux generation",
		},
		"mboot-other-generation": {"error pxelinux: failed to load mboot.c32: missing, a library it needs is missing, or of another syslinux generation"},
		"module-missing":         {"error mboot.c32: cannot load /install.img"},
		"initrd-truncated": {
			"cmdline BOOT_IMAGE=linux initrd=initrd.gz console=ttyS0",
			"error Linux: the initrd cannot be unpacked (read error): truncated or not an initrd",
			"error Linux: its first program cannot be run: /init (error -2)",
			"error Linux panic: No working init found.  Try passing init= option to kernel. See Linux Documentation/admin-guide/init.rst for guidance.",
		},
		"xen": {
			"cmdline dom0_max_vcpus=2 dom0_mem=1024M,max:1024M com1=115200,8n1 console=com1,vga",
			"cmdline xencons=hvc console=hvc0 console=tty0",
		},
		"xen-memory": {
			"cmdline dom0_max_vcpus=2 dom0_mem=1024M,max:1024M com1=115200,8n1 console=com1,vga",
			"error Xen panic: Not enough RAM for DOM0 reservation",
		},
	} {
		t.Run(file, func(t *testing.T) {
			console, err := os.ReadFile(filepath.Join("testdata", file+".serial"))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, told(string(console), event.Cmdline, event.Error)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestKnownTexts(t *testing.T) {
	const boot0001 = `BdsDxe: failed to load Boot0001 "UEFI PXEv4 (MAC:525400123456)" from PciRoot(0x0)/Pci(0x4,0x0)/MAC(525400123456,0x1)/IPv4(0.0.0.0,0x0,DHCP,0.0.0.0,0.0.0.0,0.0.0.0)`
	for name, c := range map[string]struct {
		console string
		want    []string
	}{
		"a ROM's number and text are kept, with what to look at": {
			"PXE-E53: No boot filename received\r\n",
			[]string{"error PXE-E53: No boot filename received: no offer named a boot file for this machine"},
		},
		"EDK2 indents its own (OVMF 2022.11 whose port 4011 is dead)": {
			"  PXE-E16: No valid offer received.\r\n",
			[]string{"error PXE-E16: No valid offer received.: no offer names a boot file, or a proxy does not answer on port 4011"},
		},
		"EDK2 fails to load after each attempt: that is no news (OVMF 2022.11 without the file)": {
			"  PXE-E23: Client received TFTP error from server.\r\n" + boot0001 + ": Not Found\r\n",
			[]string{"error PXE-E23: Client received TFTP error from server.: the TFTP server refuses the file: most often it has none of that name"},
		},
		"but it is behind a file that came whole (OVMF 2022.11 with bootrig.0)": {
			"  NBP file downloaded successfully.\r\n" + boot0001 + ": Not Found\r\n",
			[]string{"error BdsDxe: failed to load Boot0001: Not Found: what was fetched is no program for this firmware"},
		},
		"Secure Boot is another cause (OVMF 2022.11 with iPXE)": {
			"  NBP file downloaded successfully.\r\n" + boot0001 + ": Access Denied\r\n",
			[]string{"error BdsDxe: failed to load Boot0001: Access Denied: Secure Boot does not let it run"},
		},
		"the next attempt starts anew": {
			"  NBP file downloaded successfully.\r\n>>Start PXE over IPv6.\r\n" + boot0001 + ": Not Found\r\n", nil,
		},
		"leaving the ROM is no failure": {"PXE-M0F: Exiting Intel Boot Agent.\r\n", nil},
		"an error that wraps at 80 columns is read whole": {
			"Could not start download of a file with a rather long name: Error (http://ipxe.o\r\nrg/4c126035)\r\n",
			[]string{"error iPXE: Could not start download of a file with a rather long name: Error (ipxe.org/4c126035): nobody answers TFTP at that server"},
		},
		"the statistics of a card are no failure": {"  [RXE: 1 x \"Operation not supported (http://ipxe.org/3c086003)\"]\r\n", nil},
		"a card without a cable is one":           {"  [Link status: Down (http://ipxe.org/38086101)]\r\n", []string{"error iPXE: no link (ipxe.org/38086101): the cable is out"}},
		"an error number we do not know is still an error": {
			"Strange (http://ipxe.org/7f000001)\r\n", []string{"error iPXE: Strange (ipxe.org/7f000001)"},
		},
		"the same failure is told once": {"Failed to load ldlinux.c32\r\nFailed to load ldlinux.c32\r\n", []string{
			"error pxelinux: failed to load ldlinux.c32: it must be reachable beside pxelinux.0 and of the same version",
		}},
		"a panic without root is about the initrd": { // captured: the 32-bit U-Boot's ramdisk of 4 KiB
			"[    1.775541] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)\r\n" +
				"[    1.782154] ---[ end Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0) ]---\r\n",
			[]string{"error Linux panic: VFS: Unable to mount root fs on unknown-block(0,0): no usable initrd came with the kernel"},
		},
		"Xen's panic is the line below its heading": {
			"(XEN) \r\n(XEN) ****************************************\r\n(XEN) Panic on CPU 0:\r\n(XEN) Not enough RAM for domain 0 allocation\r\n(XEN) ****************************************\r\n",
			[]string{"error Xen panic: Not enough RAM for domain 0 allocation"},
		},
		"the kernel's second telling of its command line is not counted": {
			"[    0.000000] Command line: a b\r\n[    0.100000] Kernel command line: a b\r\n", []string{"cmdline a b"},
		},
		"Xen with time stamps":          {"(XEN) [2026-11-23 19:16:20] Command line: x=1\r\n", []string{"cmdline x=1"}},
		"a user's words are no symptom": {"I said: Failed to load ldlinux.c32\r\n", nil},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, told(c.console, event.Cmdline, event.Error)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestEveryConsoleLineIsAFact(t *testing.T) {
	want := []string{"console one", "console  two", "console boot:"}
	if diff := cmp.Diff(want, told("one\r\n\r\n two \r\nboot: ", event.Console)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
