package dnsmasq

// tftpDifferences are those of the TFTP server. One is not seen in a single answer, and so not
// listed: with tftp-max=N dnsmasq lets N+1 transfers run at a time, bootrig N.
func tftpDifferences() []Difference {
	const (
		suite = "scenarios/conformance, tftp_test.go"
		asked = "it shows where a client asks so, whatever is configured"
	)
	return []Difference{
		{
			ID: "tftp-windowsize-timeout", Before: "2.92",
			Dnsmasq: "windowsize and timeout are ignored", Bootrig: "they are honoured (RFC 7440, RFC 2349)",
			Why: "EDK2 asks for windows of 4, and is faster with them", Evidence: "dnsmasq tftp.c, tftp_request; capture B",
			Unseen: asked, Golden: []Mask{{"oack", "windowsize", "", "4"}, {"oack", "timeout", "", "5"}},
		},
		{
			ID: "tftp-option-range", Since: "2.92",
			Dnsmasq: "a timeout or windowsize that is out of range or no number is cut to what is in it, and a timeout of 0 is 0; a window has 32 blocks at most", Bootrig: "such an option is left out; a window has 64 at most",
			Why: "a timeout is accepted as it was asked for or not at all (RFC 2349), and one of 0 sends everything twice", Evidence: "dnsmasq tftp.c, tftp_request; " + suite,
			Unseen: asked,
		},
		{
			ID: "tftp-window-ports", Since: "2.92",
			Dnsmasq: "with tftp-single-port windows are as large as elsewhere", Bootrig: "there a window has one frame, and with tftp-port-range no more than there are ports",
			Why: "who forges requests has to guess the port before a window is sent to his victim", Evidence: "server/tftpd, doc.go; " + suite,
			Unseen: asked,
		},
		{
			ID: "tftp-kept-block", Since: "2.92",
			Dnsmasq: "the first block of a transfer without options may be that of the transfer before it, and so a whole short file", Bootrig: "every transfer has its own file",
			Why: "nobody asked for the other", Evidence: "dnsmasq tftp.c, get_block, which knows a block it kept by the address of a transfer that is over; " + suite,
			Unseen: asked,
		},
		{
			ID: "tftp-refusal", Since: "2.92",
			Dnsmasq: "an ERROR 4 says of a write request, and of an empty name, that it is one", Bootrig: "it says what is unsupported in the words of 2.90",
			Why: "the code is what clients look at, and the log has the reason", Evidence: "dnsmasq tftp.c, tftp_request; " + suite,
			Unseen: asked,
		},
		{
			ID: "tftp-cut-short", Since: "2.92",
			Dnsmasq: "a request that ends in the middle of an option is answered as if the option were not there", Bootrig: "ERROR 4",
			Why: "every word of a request ends with a NUL (RFC 1350, RFC 2347), so the end of this one is lost", Evidence: "dnsmasq tftp.c, next; " + suite,
			Unseen: asked,
		},
		{
			ID: "tftp-no-request", Since: "2.92",
			Dnsmasq: "what is neither a request nor an ERROR is met with silence on port 69", Bootrig: "ERROR 4, as from 2.90",
			Why: "a client that goes on with a transfer which a new server does not know gives up at once", Evidence: "dnsmasq tftp.c, tftp_request; " + suite,
			Unseen: asked,
		},
		{
			ID:      "tftp-empty-value",
			Dnsmasq: "an option without a value hides those behind it", Bootrig: "the options behind it count",
			Why: "multicast has an empty value in a request (RFC 2090)", Evidence: "dnsmasq tftp.c, next; " + suite,
			Unseen: asked,
		},
		{
			ID:      "tftp-blksize-number",
			Dnsmasq: "a blksize that is no number is what C's atoi makes of it: 1 of a word, the largest of -1", Bootrig: "it is left out, a number too large is cut",
			Why: "a value that cannot be honoured is omitted (RFC 2347), and blocks of one byte help nobody", Evidence: "dnsmasq tftp.c, tftp_request; " + suite,
			Unseen: asked,
		},
		{
			ID:      "tftp-netascii-cr",
			Dnsmasq: "in netascii a carriage return is sent as it is", Bootrig: "it is followed by a NUL",
			Why: "RFC 764, which RFC 1350 refers to", Evidence: "dnsmasq tftp.c, get_block; " + suite,
			Unseen: asked,
		},
		{
			ID: "tftp-error-unanswered", Before: "2.92",
			Dnsmasq: "an ERROR to port 69 is answered with an ERROR", Bootrig: "silence",
			Why: "two servers would talk forever (RFC 1350, section 7)", Evidence: "dnsmasq tftp.c, tftp_request; " + suite,
			Unseen: asked,
		},
		{
			ID:      "tftp-no-such-name",
			Dnsmasq: "a file used as a directory, and a name too long for one, are ERROR 0", Bootrig: "they are not found: ERROR 1",
			Why: "pxelinux glues names together while it searches, and a miss is what it can go on from", Evidence: "dnsmasq tftp.c, check_tftp_fileperm; " + suite,
			Unseen: asked,
		},
		{
			ID: "tftp-dots", Before: "2.92",
			Dnsmasq: "/../ is refused, .. at the end is a directory that cannot be read, or missing", Bootrig: "both are refused with ERROR 2",
			Why: "a name that climbs has no business here", Evidence: "dnsmasq tftp.c, check_tftp_fileperm; " + suite,
			Unseen: asked,
		},
		{
			ID:      "tftp-links",
			Dnsmasq: "symbolic links are followed wherever they lead", Bootrig: "one that leaves the root is refused with ERROR 2, unless that is allowed",
			Why: "a forgotten link must not give away the host", Evidence: "dnsmasq tftp.c, check_tftp_fileperm; " + suite,
		},
		{
			ID:      "tftp-private",
			Dnsmasq: "run by root and not made to become somebody else, it serves a readable file in a directory that others may not enter", Bootrig: "it is refused with ERROR 2",
			Why: "what other users may not reach is not for everybody on the wire; a dnsmasq that has become nobody cannot reach it either", Evidence: "dnsmasq tftp.c, check_tftp_fileperm; " + suite,
			Unseen: "it is the modes of directories that decide, whatever is configured",
		},
		{
			ID:      "tftp-directory",
			Dnsmasq: "a request with options for a directory gets an OACK, and an ERROR when it was acknowledged", Bootrig: "the ERROR at once",
			Why: "PXELINUX hangs when an ERROR follows an OACK", Evidence: "tftp-go-team/hooktftp#12; " + suite,
			Unseen: asked,
		},
		{
			ID:      "tftp-garbage",
			Dnsmasq: "a name with bytes from 0x80 behind its end is not found", Bootrig: "without them it is, and the log tells",
			Why: "ROMs append what follows an unterminated option 67", Evidence: "netbootxyz/netboot.xyz#1198; " + suite,
			Unseen: asked,
		},
		{
			ID:      "tftp-large",
			Dnsmasq: "the tsize of a file of 4 GiB and more lacks its upper half", Bootrig: "it is whole",
			Why: "a client that believes it stops early", Evidence: "dnsmasq tftp.c, get_block; " + suite,
			Unseen: "no boot file is that large, and check looks at no others",
		},
	}
}
