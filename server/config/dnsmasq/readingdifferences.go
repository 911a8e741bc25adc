package dnsmasq

// readingDifferences are about which files are accepted. No packet shows them: testdata/accept does.
func readingDifferences() []Difference {
	const suite = "testdata/accept, judged by dnsmasq --test"
	all := []Difference{
		{
			ID: "read-new-in-2.91", Before: "2.91",
			Dnsmasq: "what later versions brought is refused: dhcp-option-pxe, do-0x20-encode and no-0x20-encode, a comma in the text of a class", Bootrig: "it is accepted, and said to be of which version",
			Why: "who comes from a newer dnsmasq brings such files", Evidence: "dnsmasq's CHANGELOG; " + suite,
		},
		{
			ID: "read-new-in-2.92", Before: "2.92",
			Dnsmasq: "what later versions brought is refused: dhcp-split-relay, leasequery, log-malloc, a trust-anchor without its key", Bootrig: "it is accepted, and said to be of which version",
			Why: "who comes from a newer dnsmasq brings such files", Evidence: "dnsmasq's CHANGELOG; " + suite,
		},
		{
			ID: "read-long-line", Since: "2.91",
			Dnsmasq: "a line may have any length", Bootrig: "1023 bytes",
			Why: "older versions cut longer ones in two", Evidence: "dnsmasq option.c, read_file; " + suite,
		},
		{
			ID: "read-host-names", Since: "2.91",
			Dnsmasq: "a dhcp-host with several names is refused", Bootrig: "the last counts, as in 2.90",
			Why: "files that were good stay so", Evidence: "dnsmasq option.c, one_opt; " + suite,
		},
		{
			ID: "read-dns-newer", Since: "2.91",
			Dnsmasq: "some values of umbrella, connmark-allowlist and interface-name that older ones take are refused", Bootrig: "they have no effect, and are accepted",
			Why: "DNS is not ours", Evidence: suite,
		},
		{
			ID:      "read-server-name",
			Dnsmasq: "in the place of a server's address any text is accepted, and looked up in the hosts files when it is needed", Bootrig: "it must be an address or a name that stands there",
			Why: "of what is found nowhere dnsmasq makes siaddr 0, and clients go astray", Evidence: "dnsmasq rfc2131.c, a_record_from_hosts; " + suite,
		},
		{
			ID:      "read-tag-mixup",
			Dnsmasq: "set: where a tag is asked for is a part of the file's name, tag: where one is given a part of the tag's", Bootrig: "both are refused, with the right word",
			Why: "such a line never does what it seems to say", Evidence: suite,
		},
		{
			ID:      "read-no-name",
			Dnsmasq: "a tag, a vendor class or the interface of tftp-root without a name is accepted, and dnsmasq dies of it at a request (SIGSEGV); behind ! it is a tag that nobody has", Bootrig: "it is refused",
			Why: "a missing word is a slip", Evidence: "dnsmasq dhcp-common.c, match_netid, which follows a null pointer; " + suite,
		},
		{
			ID:      "read-option-number",
			Dnsmasq: "an option may have any number, or none, which is 0; of it 8 bits are sent", Bootrig: "from 0 to 255",
			Why: "DHCP knows no others (RFC 2132, section 2)", Evidence: suite,
		},
		{
			ID:      "read-stray-byte",
			Dnsmasq: "* in bytes where it means nothing makes a byte, or all from there on, what memory holds, and an empty label ends a name of option 119 or 120 in the middle", Bootrig: "it is refused",
			Why: "nobody means that", Evidence: "dnsmasq util.c, parse_hex; " + suite,
		},
		{
			ID:      "read-netmask",
			Dnsmasq: "any four bytes are a netmask", Bootrig: "its bits stand together at the beginning",
			Why: "no network has another", Evidence: suite,
		},
		{
			ID:      "read-tftp-root",
			Dnsmasq: "enable-tftp without tftp-root serves every file of the host", Bootrig: "it is refused, and so is a tftp-mtu in which no packet fits",
			Why: "nobody means that", Evidence: "dnsmasq tftp.c, tftp_request; " + suite,
		},
		{
			ID:      "read-too-long",
			Dnsmasq: "of a boot file's name 127 bytes are sent, and a menu or a prompt too long for option 43 is cut or left out", Bootrig: "they are refused",
			Why: "the client would ask for another file, or show no menu", Evidence: suite,
		},
		{
			ID:      "read-command-line",
			Dnsmasq: "help, version and test are accepted in a file, and turn on what they should not", Bootrig: "they are unknown there",
			Why: "they belong on the command line", Evidence: "dnsmasq option.c, one_opt; " + suite,
		},
		{
			ID:      "read-cut-line",
			Dnsmasq: "a line ends at a NUL, and after 1024 bytes the next begins", Bootrig: "both are refused",
			Why: "the rest would be lost, or read as another option", Evidence: "dnsmasq option.c, read_file; " + suite,
		},
		{
			ID:      "read-watched-order",
			Dnsmasq: "the files of dhcp-hostsdir, dhcp-optsdir and hostsdir are read in the order the file system gives", Bootrig: "in the order of their names",
			Why: "which of two lines counts must not depend on the disk", Evidence: "dnsmasq inotify.c, set_dynamic_inotify; scenarios/conformance, testdata/tree",
		},
		{
			ID:      "read-watched-again",
			Dnsmasq: "what a file of dhcp-hostsdir or dhcp-optsdir has said counts until SIGHUP, also when the file says something else by then", Bootrig: "a file that changed counts as it is, and one that went counts until the next reading",
			Why: "who corrects a line does not mean the old one", Evidence: "dnsmasq(8), dhcp-hostsdir; tried with 2.90",
			Unseen: "it is about what happens later",
		},
		{
			ID:      "read-reload",
			Dnsmasq: "SIGHUP reads hosts, options and ethers again, and never the configuration file", Bootrig: "it reads all of them again, and a mistake leaves all as it was",
			Why: "who has edited the file means it", Evidence: "dnsmasq(8), NOTES",
			Unseen: "it is about what happens later",
		},
		{
			ID:      "read-special-file",
			Dnsmasq: "a configuration may be a device or a FIFO", Bootrig: "a regular file, or - for the standard input",
			Why: "the end of another may never come", Evidence: suite,
		},
		{
			ID: "read-dns",
			Dnsmasq: "some values of DNS options are refused by what they lead to: a server's name that cannot be looked up, an interface that is not there, " +
				"names that IDN forbids, CNAMEs that meet or go round, a resolv.conf without search, or Lua left out at its build",
			Bootrig: "the options have no effect, and of their values only the form is looked at",
			Why:     "that depends on the host and on the build, and DNS is not ours", Evidence: "dnsmasq option.c, one_opt and read_opts; " + suite,
		},
	}
	for i := range all {
		if all[i].Unseen == "" {
			all[i].Unseen = "it shows when the line is read: one that is refused says why"
		}
	}
	return all
}
