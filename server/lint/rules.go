package lint

// A Rule is one thing that Check looks for.
type Rule struct {
	ID       string
	What     string // what is found
	Why      string // what goes wrong then
	Evidence string
}

// Rules are all of them. The first two are found by server/config/dnsmasq, which knows its own language.
func Rules() []Rule {
	return []Rule{
		{"dnsmasq-silent", "a proxy range and a boot file, but no pxe-service or pxe-prompt", "dnsmasq answers no PXE client; bootrig does", "dnsmasq option.c, enable_pxe"},
		{"siaddr-zero", "a boot file for BIOS machines without a menu and without a server", "dnsmasq sends siaddr 0 with it, and iPXE drops that; bootrig sends its address", "ipxe/ipxe#954; captures A and C, frame 2"},
		{"boot-file", "a boot file that is missing, empty, no file, not readable, or behind a link that leaves the root", "clients that are told to fetch it get an error", "dnsmasq tftp.c, check_tftp_fileperm; pxelinux takes an empty file for a missing one"},
		{"ldlinux", "a pxelinux 5 or 6 without its ldlinux.c32", "pxelinux stops with Failed to load ldlinux.c32", "syslinux, core/elflink/load_env32.c"},
		{"nbp-underscore", "a pxelinux with an underscore in its name", "pxelinux puts the name up to there before every file it asks for", "syslinux, core/fs/pxe/pxe.c, get_prefix"},
		{"wrong-arch", "a program of one architecture that clients of another are told to boot", "the firmware refuses it: not a valid image, or it hangs", "capture B: OVMF refuses pxelinux.0"},
		{"ipxe-loop", "an iPXE that is told to load iPXE", "it loads itself again and again", "fetched every 18.7 s for ever when tried with undionly.kpxe"},
		{"ipxe-menu", "an iPXE for UEFI that gets a menu", "it shows nothing and hangs", "ipxe/ipxe#1537"},
		{"tag-unset", "a tag that a line asks for and nothing sets", "the line is for nobody, or with ! for everybody", "dnsmasq dhcp-common.c, match_netid"},
		{"tag-never", "a line that wants a tag and its absence", "it is for nobody", "dnsmasq dhcp-common.c, match_netid"},
		{"hidden", "a boot file, prompt, form of offers, delay or host that a later line takes the place of", "it is never used", "dnsmasq rfc2131.c, find_boot"},
		{"ranges-overlap", "two networks that have addresses in common, for the same clients", "only the first is asked for those", "dnsmasq rfc2131.c, dhcp_reply"},
		{"no-such-arch", "a menu line for an architecture that no client has", "nobody sees it", "IANA, Processor Architecture Types"},
		{"single-quotes", "a value between single quotes", "dnsmasq knows double quotes only, so the single ones are part of the value", "dnsmasq option.c, read_file; capture A, frame 2"},
	}
}
