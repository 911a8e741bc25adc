package lint

// A Rule is one thing that Check looks for.
type Rule struct {
	ID       string
	What     string // what is found
	Why      string // what goes wrong then
	Evidence string
}

// Rules are all of them. The first is found by server/config/dnsmasq, which alone sees what was written.
func Rules() []Rule {
	return []Rule{
		{"server-zero", "0.0.0.0 as the server of a boot file", "it is as if there were none: dnsmasq sends BIOS machines siaddr 0, bootrig its own address", "dnsmasq rfc2131.c, pxe_opts; scenarios/conformance, server-zero.conf"},
		{"boot-file", "a boot file that is missing, empty, no file or not readable", "clients that are told to fetch it get an error", "dnsmasq tftp.c, check_tftp_fileperm; pxelinux takes an empty file for a missing one"},
		{"tftp-links", "a boot file, or a file that pxelinux is sent to, behind a link that leaves the root", "clients that are told to fetch it get an error, with dnsmasq they get the file", intended("tftp-links").Evidence},
		{"ldlinux", "a pxelinux 5 or 6 without its ldlinux.c32", "pxelinux stops with Failed to load ldlinux.c32", "syslinux, core/elflink/load_env32.c"},
		{"c32-library", "a module without a library that it needs", "pxelinux stops with Failed to load COM32 file", "syslinux, com32/lib/sys/module/elf_module.c; protocol of a real boot: menu.c32 asks for libutil.c32"},
		{"syslinux-mix", "modules of another syslinux than pxelinux", "they are refused, or they hang", "a COM32R module under pxelinux 6, an ELF module under pxelinux 4; scenarios/broken/old-mboot.txtar"},
		{"pxelinux-config", "a pxelinux without any configuration", "it stops with Unable to locate configuration file", "syslinux, core/fs/pxe/pxe.c, pxe_open_config"},
		{"pxelinux-default", "a DEFAULT, UI, ONTIMEOUT or ONERROR that names no label and no file, or none at all", "pxelinux stops at its boot: prompt", "syslinux, com32/elflink/ldlinux/ldlinux.c, load_kernel"},
		{"pxelinux-file", "a kernel, initial RAM disk, module or configuration that pxelinux is sent to and would not get", "the entry does not boot", "scenarios/broken/no-initrd.txtar"},
		{"pxelinux-absolute", "an absolute name in the configuration of a pxelinux that is in a directory", "pxelinux puts its own directory before it all the same", "syslinux, core/fs/pxe/pxe.c, get_prefix"},
		{"mboot-dashes", "mboot.c32 with words, but without ---", "it loads its kernel alone, and Xen finds no dom0", "syslinux, com32/mboot/mboot.c, get_modules"},
		{"kernel-short", "a Linux kernel that is shorter than its header says", "the machine resets when it starts", "Documentation/arch/x86/boot.rst, syssize; scenarios/broken/short-kernel.txtar"},
		{"kernel-none", "a file that is started as a kernel and is none", "the loader says that it is no kernel: Booting kernel failed: Invalid argument", "syslinux, com32/lib/syslinux/load_linux.c, tried with the real one; scenarios/broken/page-for-kernel.txtar"},
		{"initrd-none", "a page, a pointer or a kernel in the place of an initial RAM disk", "the kernel starts, and finds no root file system", "Documentation/driver-api/early-userspace/buffer-format.rst"},
		{"machine-name", "a file for one machine that no machine asks for by this name", "it gets the configuration of all others", "syslinux, core/fs/pxe/pxe.c, pxe_open_config; grub, grub-core/net/bootp.c, grub_net_search_config_file"},
		{"shim-second", "a shim without the loader that it loads, or with one for other machines", "it stops, with a box that says that it could not load it", "shim, shim.c, start_image; github.com/ipxe/shim for the name"},
		{"grub-house", "a GRUB that does not know its server, beside a DHCP server that is not ours", "it asks the siaddr of the lease for its grub.cfg, and stops at grub>", "seen with Debian's signed GRUB, with every form of a proxy's offer"},
		{"grub-config", "a GRUB without the grub.cfg that it asks for", "it stops at its grub> prompt", "grub, grub-core/kern/main.c, grub_set_prefix_and_root; grub-core/net/bootp.c"},
		{"grub-file", "a kernel, initial RAM disk or configuration that a grub.cfg names and GRUB would not get", "the entry does not boot", "grub, grub-core/loader"},
		{"esxi-file", "a kernel or a module that a boot.cfg of ESXi names and its loader would not get", "it stops, with Error 15 (Not found)", "esx-boot, mboot/config.c and load.c"},
		{"backslash", "backslashes in the name of a boot file", "programs that cut their own name at the last slash look for their files elsewhere", "shim, netboot.c; server/content/name.go"},
		{"nbp-underscore", "a pxelinux with an underscore in its name", "pxelinux puts the name up to there before every file it asks for", "syslinux, core/fs/pxe/pxe.c, get_prefix"},
		{"wrong-arch", "a program of one architecture that clients of another are told to boot", "the firmware refuses it: not a valid image, or it hangs", "capture B: OVMF refuses pxelinux.0"},
		{"left-out", "a usual kind of machine that is offered nothing", "it goes on to its next way to boot; where that is meant, all is well", "the server's own decisions"},
		{"unused-program", "a boot program in the tree for machines that are offered nothing", "they get nothing, and could boot", "bootrig serve of a Debian tree, which has a shim beside pxelinux"},
		{"uri-http", "a URI to a network that is served, while this server serves no HTTP", "if the URI's host is this one, nobody answers there", "the founding note serves its files by HTTP; server/httpd"},
		{"uri-file", "a URI to our own HTTP server, which has no such file", "the machine gets 404", "server/httpd"},
		{"http-name", "a file for UEFI HTTP boot with a name that says no kind", "the firmware does not start it: Could not retrieve NBP file size from HTTP server", "EDK2, HttpBootSupport.c, HttpBootCheckImageType; tried with OVMF"},
		{"http-offer", "a lease for UEFI HTTP boot without option 60", "the firmware waits for another offer", "UEFI 2.10, section 24.7.3.1; tried with OVMF, which dnsmasq without a forced option 60 does not boot either"},
		{"grub-http", "a GRUB without HTTP inside, for UEFI HTTP boot", "it stops at its grub> prompt", "tried with Debian's signed GRUB behind its shim, with OVMF"},
		{"script-never", "a script of an entry that no iPXE is offered", "iPXE finds nothing to boot", "an iPXE that UEFI HTTP boot has loaded asks as PXEClient of architecture 7"},
		{"option-67", "an option 67 that dhcp-boot stands in the place of", "it is never sent", "dnsmasq rfc2131.c, do_options; server/lease/options.go"},
		{"tftp-off", "a root that is not served", "clients that are told to fetch files here get no answer", "dnsmasq option.c, enable-tftp"},
		{"unique-root", "roots by MAC address for a network that may be behind a router", "its clients get the common root", "dnsmasq tftp.c, tftp_request, which asks the ARP table"},
		{"pi-menu", "menus for PCs and Raspberry Pis on one network, neither told apart", "PCs boot their disk, or Pis get nothing", "rpi-eeprom, boot modes; server/proxydhcp/raspberry.go"},
		{"ipxe-file", "a file that a script of iPXE fetches from us and would not get", "the script stops, or goes to its error", "ipxe, src/usr/imgmgmt.c"},
		{"ipxe-next-server", "a script that asks ${next-server}, beside a DHCP server that is not ours", "it names the other server, where nothing is", "tried: next-server was the house's, proxydhcp/next-server ours"},
		{"ipxe-loop", "an iPXE that is told to load iPXE", "it loads itself again and again", "fetched every 18.7 s for ever when tried with undionly.kpxe"},
		{"ipxe-menu", "an iPXE for UEFI that gets a menu", "it shows nothing and hangs", "ipxe/ipxe#1537"},
		{"tag-unset", "a tag that a line asks for and nothing sets", "the line is for nobody, or with ! for everybody", "dnsmasq dhcp-common.c, match_netid"},
		{"tag-never", "a line that wants a tag and its absence, or a tag-if that wants a tag of a later one", "it is for nobody", "dnsmasq dhcp-common.c, match_netid and run_tag_if"},
		{"tag-unused", "a tag that is given and no line asks for", "the line changes nothing", "dnsmasq dhcp-common.c, match_netid"},
		{"hidden", "a line that others take the place of: boot file, prompt, form of offers, option, delay, host, match, menu line of UEFI clients", "it is never used", "dnsmasq rfc2131.c, find_boot and pxe_uefi_workaround"},
		{"ignored", "a line for clients that dhcp-ignore leaves alone", "it is for nobody", "dnsmasq rfc2131.c, dhcp_reply"},
		{"ignores-all", "a dhcp-ignore that all clients meet", "nobody is answered", "dnsmasq rfc2131.c, dhcp_reply; scenarios/conformance, ignore-all.conf"},
		{"ranges-overlap", "two networks that have addresses in common, for the same clients", "only the first is asked for those", "dnsmasq rfc2131.c, dhcp_reply"},
		{"two-servers", "a range of addresses for the network of a dhcp-relay", "clients are offered addresses by us and by the relay's server, and take either", "dnsmasq dhcp.c, dhcp_packet; scenarios/conformance, beside_test.go"},
		{"shared-in-vain", "a shared-network for which there is no dhcp-range with a netmask", "nobody gets an address of it", "dnsmasq dhcp.c, complete_context; scenarios/conformance, shared-no-mask.conf"},
		{"no-such-arch", "a menu line for an architecture that no client has", "nobody sees it", "IANA, Processor Architecture Types"},
		{"single-quotes", "a value between single quotes", "dnsmasq knows double quotes only, so the single ones are part of the value", "dnsmasq option.c, read_file; capture A, frame 2"},
	}
}
