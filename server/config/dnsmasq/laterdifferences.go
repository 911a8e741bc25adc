package dnsmasq

// laterDifferences are about what came with dnsmasq 2.91 and 2.92, or was seen while that was compared.
func laterDifferences() []Difference {
	return []Difference{
		{
			ID: "proxy-range-set", Since: "2.91",
			Dnsmasq:  "a proxy whose dhcp-range gives a tag (set:) hangs for ever when its second PXE client asks",
			Bootrig:  "it answers on",
			Why:      "nobody means that",
			Evidence: "dnsmasq dhcp-common.c, option_filter, which makes a list of tags its own end; scenarios/conformance, tag-range.conf",
		},
		{
			ID: "relay-alone", Before: "2.91",
			Dnsmasq:  "what a relay takes is answered by nobody else here",
			Bootrig:  "who has a dhcp-range for that network answers too: a proxy beside a relay",
			Why:      "so does dnsmasq from 2.91 on, and machines get an address from afar and their boot file here",
			Evidence: "dnsmasq's CHANGELOG, version 2.91; scenarios/conformance, beside_test.go",
		},
		{
			ID: "relay-hops", Since: "2.91",
			Dnsmasq:  "beside a relay, who came over more than 20 others is told one hop more",
			Bootrig:  "the hops are those of the request",
			Why:      "RFC 2131, section 4.3.1, table 3",
			Evidence: "dnsmasq rfc2131.c, relay_upstream4; scenarios/conformance, relay_test.go",
			Unseen:   "it depends on what a request went through",
		},
		{
			ID:       "chaddr-rest",
			Dnsmasq:  "all 16 bytes of chaddr are repeated",
			Bootrig:  "as many as hlen says",
			Why:      "the others are no address (RFC 951, section 3)",
			Evidence: "dnsmasq rfc2131.c, dhcp_reply; scenarios/conformance, relay_test.go",
			Unseen:   "it depends on what a client sends",
		},
		{
			ID: "split-relay-twice", Since: "2.92",
			Dnsmasq:  "of several dhcp-split-relay lines for a network only the last marks what it relays (option 82), so the other servers do not know the network",
			Bootrig:  "each does",
			Why:      "who names two servers wants answers of both",
			Evidence: "dnsmasq rfc2131.c, relay_upstream4, which makes room once; scenarios/conformance, relay_test.go",
			Unseen:   "it depends on the addresses of the host's interfaces",
		},
		{
			ID: "pxe-option-own", Since: "2.91",
			Dnsmasq:  "a dhcp-option-pxe for an option that a proxy's answer has by itself is in it a second time",
			Bootrig:  "the answer's own counts",
			Why:      "clients put the two together (RFC 3396), and neither is what was meant",
			Evidence: "dnsmasq rfc2131.c, dhcp_reply; scenarios/conformance, pxe-options-own.conf",
			Unseen:   "such a line is left out, and nothing is missing for it",
		},
		{
			ID: "pxe-option-room", Since: "2.91",
			Dnsmasq:  "dhcp-option-pxe lines that do not fit a proxy's answer go into the field of the server's name, as far as they fit there",
			Bootrig:  "they are left out",
			Why:      "firmware reads the server's name there",
			Evidence: "dnsmasq rfc2131.c, free_space; scenarios/conformance, pxe-options-long.conf",
			Unseen:   "how much fits depends on the client's option 57",
		},
		{
			ID: "pxe-option-inside", Since: "2.91",
			Dnsmasq:  "with a lease a sub-option of dhcp-option-pxe is told to every client, but to none of architecture 1",
			Bootrig:  "it is told to PXE clients",
			Why:      "so says dnsmasq's manual",
			Evidence: "dnsmasq rfc2131.c, do_options, which compares with 1 and means -1; scenarios/conformance, pxe-options-inside.conf",
			Unseen:   "it depends on what clients ask for",
		},
	}
}
