package mutants

const (
	transfer = "server/tftpd/transfer.go"
	options  = "server/tftpd/options.go"
	blocks   = "server/tftpd/blocks.go"
)

// transfers are defects of TFTP.
var transfers = []mutant{
	{"tsize is one byte too many", options,
		"tsize = offer(name, int(size))",
		"tsize = offer(name, int(size)+1)"},
	{"tsize is missing", options,
		"tsize = offer(name, int(size))",
		"_ = size"},
	{"blksize is ignored", options,
		`case name == "blksize" && c.NoBlocksize:`,
		`case name == "blksize" && !c.NoBlocksize:`},
	{"blksize is more than was asked for", options,
		"t.block = min(max(int(n), 1), maxBlock)",
		"t.block = maxBlock"},
	{"windowsize is more than was asked for", options,
		"t.window = min(int(n), c.MaxWindow)",
		"t.window = c.MaxWindow"},
	{"windowsize is ignored", options,
		`case name == "windowsize" && n >= 1`,
		`case name == "windowsize" && n < 1`},
	{"the window is one block longer than agreed", transfer,
		"t.next, t.edge = t.acked+1, t.acked+uint64(t.terms.window)",
		"t.next, t.edge = t.acked+1, t.acked+uint64(t.terms.window)+1"},
	{"an OACK says what was not asked", options,
		"t.oack = append(t.oack, o...)\n\t}",
		"t.oack = append(t.oack, o...)\n\t}\n\tt.oack = append(t.oack, Option{\"windowsize\", \"4\"})"},
	{"an OACK names the options in another order", options,
		"[][]Option{blksize, tsize, timeout, windowsize}",
		"[][]Option{timeout, windowsize, tsize, blksize}"},
	{"an OACK is not waited to be acknowledged", transfer,
		"t.phase, t.sendOACK = negotiating, true",
		"t.sendOACK = true"},
	{"the empty last block is missing", transfer,
		"if n < t.terms.block {",
		"if n < t.terms.block || int64(t.next)*int64(n) == t.file.Size {"},
	{"an ACK that comes twice is answered twice (the Sorcerer's Apprentice)", transfer,
		"if ahead == 0 || ahead > t.sent-t.acked {",
		"if ahead == 0 {\n\t\tt.next = t.acked + 1\n\t}\n\tif ahead == 0 || ahead > t.sent-t.acked {"},
	{"blocks are read from the wrong place behind the first ones", blocks,
		"return copy(b[:want], o.ahead[at-o.from:]), nil",
		"return copy(b[:want], o.ahead), nil"},
	{"the last block is not cut", blocks,
		"want := min(int64(len(b)), max(o.file.Size-at, 0))",
		"want := int64(len(b))"},
	{"a file that is missing is an error without its code", "server/tftpd/end.go",
		"t.refuse(event.Miss, codeNotFound,",
		"t.refuse(event.Miss, codeUndefined,"},
	{"a file cannot be read that became shorter, and nobody is told", transfer,
		"t.refuse(event.TFTPError, codeUndefined, fmt.Sprintf(\"cannot read %s: %v\", t.name, err))\n\t\treturn t.Next()",
		"return machine.Datagram{}, false"},
}
