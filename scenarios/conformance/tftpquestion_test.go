package conformance

import "strings"

// A tftpQuestion is one packet to port 69. A probe ends behind the OACK; one that is put at once comes behind the
// transfer before it, with no other in between.
type tftpQuestion struct {
	name, packet  string
	probe, atOnce bool
}

// tftpNames are asked for in octet mode without options.
var tftpNames = []string{
	// Those of server/tftpd/testdata/captures/dnsmasq290-tftp-decisions.txt.
	"version.info", "/version.info", "ROOT/version.info", "//version.info", "/ROOT/version.info", `\version.info`, `..\version.info`,
	"dir/../version.info", "ROOT/../etc/hostname", "/etc/hostname", "VERSION.INFO", "dir", "nosuch", "", "version.info\xff", "./version.info",
	// Slashes, dots and case.
	"dir/version.info", `dir\version.info`, `ROOT\version.info`, `\dir\sub\x`, "dir//sub///x", "dir/./sub/./x", "dir/sub/x/", "version.info/", "version.info/.",
	"version.info/x", "dir/", "/", ".", "..", "/..", "./..", "dir/..", "...", "..x", "x..", "../..", "../../etc/passwd", "/../etc/passwd", `..\..\etc\passwd`,
	"ROOT", "ROOT/", "ROOT//version.info", "ROOT/./version.info", "ROOTx/version.info", "Version.Info", "UPPER.txt", "upper.txt", "BOTH", "Both", "both",
	// Odd bytes.
	"a b", "a b ", " a b", "version.info ", "version.info\xff\xff", "\xff", "caf\xc3\xa9", "caf\xc3\xa9\xff", "caf\xe9", "a\tb", "a\nb", "*", "version.inf?", "%2e%2e/x", "nosuch\xff",
	// Links.
	"link", "deep", "linkdir", "linkdir/sub/x", "absolute", "up", "dangling", "dangling-out", "out", "out-dir/passwd", "loop", "link/", "common",
	// What is no file for everybody.
	"secret", "private", "private/x", "socket", "huge-missing", "empty",
	// Sizes at the edges of blocks.
	"size1", "size511", "size512", "size513", "size1023", "size1024", "size1025", "size1468", "size1469", "size3000",
	// Long names.
	strings.Repeat("x", 255), strings.Repeat("x", 256), strings.Repeat("a/", 200) + "x", "192.168.9.101/version.info", "52-54-00-00-00-09/version.info",
	"ROOT/192.168.9.101/version.info",
}

// tftpOptions are asked of version.info, or of the file behind a ":", written with a blank for a NUL and
// _ for a blank, - for an empty value.
var tftpOptions = []string{
	"tsize 0", "TSIZE 0 blksize 65464", "blksize 1468 windowsize 4", "blksize 1", "blksize 0", "timeout 0", "timeout 300", "foo bar", "foo bar tsize 0", "multicast - tsize 0",
	"tsize 0 blksize 1408", "blksize 1432 tsize 0", "tsize 0 blksize 1468 windowsize 4", "blksize 512 windowsize 4", "blksize 1024 tsize 0", "timeout 5 tsize 0 blksize 1468",
	"blksize 8", "blksize 7", "blksize 511", "blksize 512", "blksize 513", "blksize 568", "blksize 569", "blksize 1467", "blksize 1468", "blksize 1469", "blksize 65464", "blksize 65465",
	"blksize 65536", "blksize 2147483647", "blksize 2147483648", "blksize 4294967297", "blksize 99999999999", "blksize -1", "blksize -512", "blksize +512", "blksize _512", "blksize 512_",
	"blksize 512x", "blksize 0512", "blksize 0x200", "blksize big", "blksize 5.5", "blksize -", "blksize - tsize 0", "blksize 600 blksize 700", "BlkSize 600", "blksize 600 BLKSIZE 8",
	"tsize 1", "tsize 99", "tsize -1", "tsize x", "tsize -", "tsize 0 tsize 0", "tsize", "blksize", "- tsize 0", "tsize 0 - blksize 600",
	"timeout 1", "timeout 255", "timeout 256", "timeout -1", "timeout x", "timeout 3 timeout 4", "windowsize 1", "windowsize 0", "windowsize 16", "windowsize 65535", "windowsize 65536",
	"windowsize 4 windowsize 2", "windowsize x", "foo - tsize 0", "foo", "multicast -", "rollover 0 tsize 0", "utimeout 100 tsize 0", "blksize 16 tsize 0 timeout 2 windowsize 3 foo bar",
	"size512:tsize 0", "size512:blksize 256", "size3000:blksize 1000", "size3000:blksize 1000 windowsize 2", "size1468:blksize 1468", "size1469:blksize 1468 tsize 0",
	"empty:tsize 0", "empty:blksize 600", "dir:tsize 0", "dir:blksize 600", "nosuch:tsize 0", "secret:tsize 0", "out:tsize 0", "link:tsize 0", "huge:tsize 0",
}

// tftpPackets are modes, and what is no read request.
var tftpPackets = []tftpQuestion{
	{name: "mode NETASCII", packet: "\x00\x01version.info\x00netascii\x00"},
	{name: "mode NetAscii", packet: "\x00\x01version.info\x00NetAscii\x00"},
	{name: "mode OCTET", packet: "\x00\x01version.info\x00OCTET\x00"},
	{name: "mode mail", packet: "\x00\x01version.info\x00mail\x00"},
	{name: "mode binary", packet: "\x00\x01version.info\x00binary\x00"},
	{name: "mode image", packet: "\x00\x01version.info\x00image\x00"},
	{name: "no mode", packet: "\x00\x01version.info\x00\x00"},
	{name: "netascii, lines at the edge of a block", packet: "\x00\x01lines\x00netascii\x00"},
	{name: "netascii, lines, short blocks", packet: "\x00\x01lines\x00netascii\x00blksize\x0017\x00"},
	{name: "netascii, carriage returns", packet: "\x00\x01cr\x00netascii\x00"},
	{name: "netascii, all options", packet: "\x00\x01version.info\x00netascii\x00tsize\x000\x00blksize\x00100\x00windowsize\x004\x00"},
	{name: "netascii, a full block", packet: "\x00\x01size512\x00netascii\x00"},
	{name: "netascii, empty", packet: "\x00\x01empty\x00netascii\x00tsize\x000\x00"},
	{name: "nothing", packet: ""},
	{name: "one byte", packet: "\x00"},
	{name: "an opcode alone", packet: "\x00\x01"},
	{name: "a name without an end", packet: "\x00\x01version.info"},
	{name: "a name alone", packet: "\x00\x01version.info\x00"},
	{name: "a mode without an end", packet: "\x00\x01version.info\x00octet"},
	{name: "an option without an end", packet: "\x00\x01version.info\x00octet\x00blksize"},
	{name: "a value without an end", packet: "\x00\x01version.info\x00octet\x00blksize\x00512"},
	{name: "zeros behind the end", packet: "\x00\x01version.info\x00octet\x00\x00\x00\x00\x00"},
	{name: "zeros behind an option", packet: "\x00\x01version.info\x00octet\x00tsize\x000\x00\x00\x00\x00"},
	{name: "a write request", packet: "\x00\x02version.info\x00octet\x00"},
	{name: "a write request with options", packet: "\x00\x02new\x00octet\x00tsize\x0010\x00"},
	{name: "DATA", packet: "\x00\x03\x00\x01abc"},
	{name: "ACK 0", packet: "\x00\x04\x00\x00"},
	{name: "ACK 1", packet: "\x00\x04\x00\x01"},
	{name: "ERROR", packet: "\x00\x05\x00\x00no\x00"},
	{name: "ERROR cut short", packet: "\x00\x05"},
	{name: "OACK", packet: "\x00\x06tsize\x000\x00"},
	{name: "opcode 0", packet: "\x00\x00version.info\x00octet\x00"},
	{name: "opcode 7", packet: "\x00\x07version.info\x00octet\x00"},
	{name: "opcode 256", packet: "\x01\x00version.info\x00octet\x00"},
	{name: "opcode 257", packet: "\x01\x01version.info\x00octet\x00"},
}

// tftpAtOnce are two transfers without options, one upon the other: from 2.92 on dnsmasq keeps blocks.
var tftpAtOnce = []tftpQuestion{
	{name: "a file", packet: "\x00\x01size511\x00octet\x00"},
	{name: "a file upon another", packet: "\x00\x01size1\x00octet\x00", atOnce: true},
}

// tftpQuestionsOf are all that a version is asked.
func tftpQuestionsOf(version string) []tftpQuestion {
	if version < keepsBlocks {
		return tftpQuestions()
	}
	return append(tftpQuestions(), tftpAtOnce...)
}

// tftpQuestions are those of all versions.
func tftpQuestions() []tftpQuestion {
	all := append([]tftpQuestion(nil), tftpPackets...)
	for _, name := range tftpNames {
		all = append(all, tftpQuestion{name: "name " + name, packet: "\x00\x01" + name + "\x00octet\x00"})
	}
	for _, words := range tftpOptions {
		file, options, given := strings.Cut(words, ":")
		if !given {
			file, options = "version.info", words
		}
		packet := "\x00\x01" + file + "\x00octet\x00"
		for word := range strings.FieldsSeq(options) {
			if word == "-" {
				word = ""
			}
			packet += strings.ReplaceAll(word, "_", " ") + "\x00"
		}
		all = append(all, tftpQuestion{name: "options " + words, packet: packet, probe: file == "huge"})
	}
	return all
}
