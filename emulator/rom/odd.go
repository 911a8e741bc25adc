package rom

import "slices"

// Odd lists firmware with a fault that people have met: the profile of its kind, and the one thing that is another.
// What they report is all the evidence there is.
func Odd() []Profile {
	return slices.Concat(oddUEFI(), oddBIOS())
}

func oddUEFI() []Profile {
	whole := odd(edk2X64(), "uefi-whole-offer", "garybowers/bootimus#77: an HP laptop that sees the OFFERs of house and proxy, and sends no REQUEST")
	whole.WholeOffer = true
	siaddr := odd(edk2X64(), "uefi-siaddr-only", "tianocore/edk2#8558: siaddr alone says where the files are, and option 54 does not stand in for it")
	siaddr.IDIsServer = false
	forgets := odd(edk2X64(), "uefi-forgets-proxy", "tianocore/edk2#6944: UDK2014 of Dell T130 and T430, whose boot programs find no packet of a proxy")
	forgets.ForgetsProxy = true
	menu := odd(edk2X64(), "uefi-menu-hangs", "dnsmasq rfc2131.c, pxe_uefi_workaround: UEFI whose code for menus is broken, so that dnsmasq sends no menu of one item")
	menu.Menu = MenuHangs
	named := odd(edk2X64(), "uefi-own-class", "dnsmasq(8), dhcp-pxe-vendor: firmware of a maker that has its name where others have PXEClient")
	named.Class, named.AnswersTo = "OEMClient:Arch:00007:UNDI:003000", "OEMClient"
	dark := odd(ipxeEFI(), "ipxe-efi-menu-hangs", "ipxe/ipxe#1537: iPXE for UEFI shows no menu of option 43, and waits for a key")
	dark.Menu = MenuHangs
	return []Profile{whole, siaddr, forgets, menu, named, dark}
}

func oddBIOS() []Profile {
	nameless := odd(intelUNDI(), "undi-no-uuid", "danderson/pixiecore#21: a card that sends no option 97")
	nameless.Options = slices.DeleteFunc(nameless.Options, func(code byte) bool { return code == 97 })
	short := odd(intelUNDI(), "undi-no-wrap", "raspberrypi/rpi-eeprom#720: block numbers that do not begin again behind 65535")
	short.TFTP.NoWrap = true
	runs := odd(intelUNDI(), "undi-name-runs-on", "netbootxyz/netboot.xyz#1198: the name in option 67 is read up to a zero byte, and the end mark 0xff is part of it")
	runs.RunsOn = true
	return []Profile{nameless, short, runs}
}

func odd(p Profile, name, citation string) Profile {
	p.Name, p.Evidence, p.Citation = name, Spec, citation
	return p
}
