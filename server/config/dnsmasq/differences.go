package dnsmasq

// A Difference is one behaviour in which bootrig means not to be dnsmasq.
type Difference struct {
	ID       string
	Dnsmasq  string // what dnsmasq 2.90 does
	Bootrig  string // what bootrig does
	Why      string
	Evidence string
}

// Differences are all of them. The comparison with dnsmasq's captured packets allows these and no others.
func Differences() []Difference {
	return append([]Difference{
		{
			ID:       "siaddr",
			Dnsmasq:  "an offer to a BIOS client has siaddr 0, unless dhcp-boot names a server",
			Bootrig:  "siaddr is always the TFTP server, ourselves by default",
			Why:      "iPXE drops a proxy offer with a file and siaddr 0",
			Evidence: "ipxe/ipxe#954; captures A and C, frame 2",
		},
		{
			ID:       "boot-only",
			Dnsmasq:  "without a pxe-service or pxe-prompt line no PXE client is answered",
			Bootrig:  "dhcp-boot alone is enough",
			Why:      "who writes dhcp-boot wants machines to boot",
			Evidence: "dnsmasq option.c, enable_pxe",
		},
		{
			ID:       "nothing-to-boot",
			Dnsmasq:  "a client without boot file and menu gets an offer that tells it to boot the file that is not there",
			Bootrig:  "silence, recorded with its reason",
			Why:      "such an offer can only take the place of one that works",
			Evidence: "dnsmasq rfc2131.c, pxe_opts",
		},
		{
			ID:       "long-menu",
			Dnsmasq:  "a menu that does not fit one option 43 is sent in several, or not at all",
			Bootrig:  "the lines that do not fit are left out, from the end",
			Why:      "ROMs do not put option 43 together from parts",
			Evidence: "dnsmasq rfc2131.c, pxe_opts and do_encap_opts",
		},
		{
			ID:       "sub-option-twice",
			Dnsmasq:  "a prompt or dhcp-option=vendor:PXEClient is appended to the sub-options that are there, even to one of its number",
			Bootrig:  "what a line says replaces what would be made; of several lines the last that fits counts",
			Why:      "of two sub-options 6 or 10 iPXE takes the first and EDK2 the last",
			Evidence: "dnsmasq rfc2131.c, pxe_opts and do_encap_opts; scenarios/conformance, prompt-twice.conf",
		},
		{
			ID:       "raspberry-pi",
			Dnsmasq:  "a Raspberry Pi is a BIOS client like others",
			Bootrig:  "where there is no menu it gets one with the text Raspberry Pi Boot, known by the maker in its MAC address",
			Why:      "its boot loader takes no answer without that text",
			Evidence: "tinkerbell/smee, dhcp.go",
		},
		{
			ID:       "host-ignore",
			Dnsmasq:  "a proxy answers a machine whose dhcp-host line says ignore",
			Bootrig:  "silence, with that line as its rule",
			Why:      "who writes ignore means it",
			Evidence: "dnsmasq rfc2131.c, CONFIG_DISABLE is asked behind the proxy's answer; scenarios/conformance, host-ignored.conf",
		},
		{
			ID:       "reply-address",
			Dnsmasq:  "an answer from port 4011 goes to ciaddr at the request's source port",
			Bootrig:  "it goes to the request's source address and port",
			Why:      "it is the only address a client is sure to listen on",
			Evidence: "dnsmasq dhcp.c, dhcp_packet",
		},
		{
			ID:       "server-name",
			Dnsmasq:  "with port=0 the name of a boot server is never found, which makes siaddr 0; of several addresses each takes its turn",
			Bootrig:  "hosts files and host-record tell the address, the first of several",
			Why:      "who writes a name wants its address",
			Evidence: "scenarios/conformance, names-no-dns.txtar",
		},
		{
			ID:       "option-order",
			Dnsmasq:  "options in the order 53, 54, 60, 97, 43",
			Bootrig:  "options in ascending order",
			Why:      "no client reads meaning into the order (RFC 2131, section 4.1)",
			Evidence: "capture A, frame 2",
		},
	}, append(tftpDifferences(), readingDifferences()...)...)
}
