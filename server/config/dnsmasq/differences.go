package dnsmasq

import "slices"

// A Difference is one behaviour in which bootrig means not to be dnsmasq.
type Difference struct {
	ID       string
	Dnsmasq  string // what dnsmasq does
	Bootrig  string // what bootrig does
	Why      string
	Evidence string
	// Since is the first version of dnsmasq that does so, and Before the first that does not any more; "": as far
	// as we know, that is from 2.90 to 2.93, all do.
	Since, Before string
	// Unseen is why a configuration does not tell whether this will come about. "": server/lint finds the
	// lines that make it, and `bootrig check` tells of them in these words.
	Unseen string
	// Golden is what differs in golden traces.
	Golden []Mask
}

// In tells whether a version of dnsmasq, such as 2.90, does so.
func (d Difference) In(version string) bool {
	return version >= d.Since && (d.Before == "" || version < d.Before)
}

// Versions are those that do so, in words: "" are all.
func (d Difference) Versions() string {
	switch {
	case d.Since != "":
		return " from " + d.Since + " on"
	case d.Before != "":
		return " before " + d.Before
	}
	return ""
}

// A Mask is one attribute of one kind of fact in golden traces, and what it is with each server. An option of
// TFTP is an attribute; one that is not there is "".
type Mask struct{ Kind, Attr, Dnsmasq, Bootrig string }

// Differences are all of them: the one table of what is meant. The comparisons with dnsmasq's packets, live
// (scenarios/conformance) and captured, and with its golden traces (scenarios) allow these and no others.
func Differences() []Difference {
	return append([]Difference{
		{
			ID:       "siaddr",
			Dnsmasq:  "an offer to a BIOS client has siaddr 0, unless dhcp-boot names a server",
			Bootrig:  "siaddr is always the TFTP server, ourselves by default",
			Why:      "iPXE drops a proxy offer with a file and siaddr 0",
			Evidence: "ipxe/ipxe#954; captures A and C, frame 2",
			Golden:   []Mask{{"offer", "siaddr", "0.0.0.0", "{server}"}},
		},
		{
			ID:       "server-name",
			Dnsmasq:  "with port=0 the name of a TFTP server is not found, and siaddr is 0; else of several addresses each takes its turn",
			Bootrig:  "it is found in hosts files and host-record lines; of several addresses the first counts",
			Why:      "who names a server means its address",
			Evidence: "dnsmasq rfc2131.c, a_record_from_hosts asks a cache that is there for DNS only; scenarios/conformance, server-named.conf and names-no-dns.txtar",
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
			Bootrig:  "where there is no menu it gets one with the text Raspberry Pi Boot, known by its machine id (option 97) or the maker in its MAC address",
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
			Dnsmasq:  "an answer from port 4011 goes to ciaddr at the request's source port, one to a boot item on port 67 to ciaddr at port 68",
			Bootrig:  "it goes to the request's source address and port",
			Why:      "it is the only address a client is sure to listen on",
			Evidence: "dnsmasq dhcp.c, dhcp_packet",
			Unseen:   "it shows where a request's source is not its ciaddr, which is the client's or a router's doing",
		},
		{
			ID:       "no-address-yet",
			Dnsmasq:  "an answer on port 4011 to a client without any address is sent to 0.0.0.0, so to nobody",
			Bootrig:  "it is broadcast to the request's source port",
			Why:      "the client waits for it",
			Evidence: "dnsmasq dhcp.c, dhcp_packet; scenarios/conformance, odd_test.go",
			Unseen:   "it depends on the client, and is the same whatever is configured",
		},
		{
			ID:       "discovery-group",
			Dnsmasq:  "it never hears what is sent to the discovery group 224.0.1.2",
			Bootrig:  "it joins the group, and a boot item asked there is answered as one asked of us",
			Why:      "PXE 2.1, section 2.2.3: boot servers may be discovered by multicast",
			Evidence: "dnsmasq dhcp.c, make_fd joins no group",
			Unseen:   "it depends on where the client asks, whatever is configured",
		},
		{
			ID:       "option-in-parts",
			Dnsmasq:  "of an option that a client sends in parts only the first counts",
			Bootrig:  "the parts are put together",
			Why:      "RFC 3396, section 7",
			Evidence: "dnsmasq rfc2131.c, option_find1",
			Unseen:   "it depends on how the client sends its options",
		},
		{
			ID:       "ended-lease",
			Dnsmasq:  "a lease is forgotten when it ends, and who asks for it then is ignored or refused",
			Bootrig:  "it is its client's to renew until somebody else gets the address",
			Why:      "a machine that was off for long has its address again, without a second try (RFC 2131, section 4.3.1)",
			Evidence: "dnsmasq lease.c, lease_prune; scenarios/conformance, ended_test.go",
			Unseen:   "it shows when a client comes back, in every configuration with leases",
		},
		{
			ID:       "boot-options-first",
			Dnsmasq:  "of more options than fit a lease's packet the last are left out, which are those that boot a PXE client: 60, 97 and 43",
			Bootrig:  "the room for them is kept, and others are left out",
			Why:      "the machine boots without a time server's name, but not without its menu",
			Evidence: "dnsmasq rfc2131.c, do_options",
			Unseen:   "how much fits depends on the client's option 57",
		},
		{
			ID:       "frame",
			Dnsmasq:  "a client that says so (option 57) is sent more than one frame holds, in fragments",
			Bootrig:  "never more than a frame",
			Why:      "EDK2 says the number with its bytes swapped, so more than a frame holds is not believed",
			Evidence: "capture B, frame 7",
			Unseen:   "it depends on the client's option 57",
		},
		{
			ID:       "bootp-cookie",
			Dnsmasq:  "a BOOTP client that begins its vendor area with something else than the cookie gets that back, and options behind it",
			Bootrig:  "the cookie that says so is before the options",
			Why:      "RFC 2132, section 2: options begin with it",
			Evidence: "dnsmasq rfc2131.c, clear_packet",
			Unseen:   "it depends on what a BOOTP client sends",
		},
		{
			ID:       "alias-source",
			Dnsmasq:  "what is answered by an alias of bridge-interface that has an address of its own comes from that address",
			Bootrig:  "it comes from the address that option 54 says, that of the interface",
			Why:      "a client that believes the sender goes on with an address that it was not told",
			Evidence: "dnsmasq dhcp.c, dhcp_packet, which leaves it to the kernel; scenarios/conformance, bridge_test.go",
			Unseen:   "it depends on the addresses of the host's interfaces",
		},
		{
			ID:       "shared-elsewhere",
			Dnsmasq:  "the second network that shared-network puts on one wire is given to clients of the host's other interfaces too",
			Bootrig:  "it is for the clients of that interface, or of that relay",
			Why:      "so says dnsmasq's manual, and elsewhere such an address reaches nobody",
			Evidence: "dnsmasq dhcp.c, complete_context, which does not look where the request came; scenarios/conformance, shared_test.go",
			Unseen:   "it depends on the interfaces of the host",
		},
		{
			ID:       "option-order",
			Dnsmasq:  "options in the order 53, 54, 60, 97, 43",
			Bootrig:  "a proxy's options are in ascending order; those of leases are in dnsmasq's",
			Why:      "no client reads meaning into the order (RFC 2131, section 4.1)",
			Evidence: "capture A, frame 2",
			Unseen:   "it shows in every answer, whatever is configured",
		},
	}, slices.Concat(laterDifferences(), tftpDifferences(), readingDifferences())...)
}
