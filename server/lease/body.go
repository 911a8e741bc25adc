package lease

import (
	"slices"

	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/wire/pxe"
)

// A body is the options of an answer, in the order they were put in. When they are more than room, they go
// on in the header's fields of file and server name, where those are free, and option 52 says so (RFC 2132,
// section 9.3; rfc2131.c, free_space).
type body struct {
	main  []byte
	room  int // bytes left in main
	kept  int // of these, for what is put in later
	file  field
	sname field
	at    int     // of option 52's value in main; 0: there is none
	says  []extra // what main says
	sent  map[uint8]bool
	lacks []uint8 // options that did not fit
}

// A field of the header may hold options instead of a name.
type field struct {
	free bool
	b    []byte
	says []extra
	size int
}

const overload = 3 // bytes of option 52

// open lets options go into the fields that hold no name. The room for option 52 is kept.
func (b *body) open(file, sname bool) {
	b.file, b.sname = field{free: file, size: pxe.FileField}, field{free: sname, size: serverField}
	if file || sname {
		b.room -= overload
	}
}

// put adds an option if it fits.
func (b *body) put(code uint8, value []byte) {
	option := encode(code, value)
	switch {
	case len(option) <= b.room-b.kept:
		b.main = append(b.main, option...)
		b.says = append(b.says, extra{code, value})
		b.room -= len(option)
	case !b.overflow(extra{code, value}):
		b.lacks = append(b.lacks, code)
		return
	}
	if b.sent == nil {
		b.sent = map[uint8]bool{}
	}
	b.sent[code] = true
}

// overflow puts an option into one of the fields.
func (b *body) overflow(option extra) bool {
	const inFile, inServer = 1, 2
	if !b.file.free && !b.sname.free {
		return false
	}
	if b.at == 0 {
		b.main = append(b.main, pxe.OptOverload, 1, 0)
		b.at = len(b.main) - 1
		b.room -= overload // once more: as dnsmasq counts
	}
	if b.file.free {
		b.main[b.at] |= inFile
		if b.file.put(option) {
			return true
		}
	}
	if b.sname.free {
		b.main[b.at] |= inServer
		return b.sname.put(option)
	}
	return false
}

func (f *field) put(option extra) bool {
	b := encode(option.code, option.value)
	if len(f.b)+len(b) > f.size-spare {
		return false
	}
	f.b = append(f.b, b...)
	f.says = append(f.says, option)
	return true
}

// options are what a client reads: main first, then the fields (RFC 2131, section 4.1), and those of one
// number put together (RFC 3396).
func (b *body) options() dhcpv4.Options {
	all := dhcpv4.Options{}
	for _, o := range slices.Concat(b.says, b.file.says, b.sname.says) {
		all[o.code] = append(all[o.code], o.value...)
	}
	if b.at != 0 {
		all[pxe.OptOverload] = b.main[b.at : b.at+1]
	}
	return all
}

// fields writes the options in file and server name into a header.
func (b *body) fields(header []byte) {
	const inFile, inServer, snameAt, fileAt = 1, 2, 44, 108
	if b.at == 0 {
		return
	}
	if b.main[b.at]&inFile != 0 {
		copy(header[fileAt:], append(b.file.b, pxe.OptEnd))
	}
	if b.main[b.at]&inServer != 0 {
		copy(header[snameAt:], append(b.sname.b, pxe.OptEnd))
	}
}

// nested are the values of the options that hold sub-options, which are whole in each; the last says that it
// is (rfc2131.c, do_encap_opts).
func nested(subs [][]byte) (values [][]byte) {
	const longest = 255
	var value []byte
	for _, sub := range subs {
		if len(value)+len(sub) > longest {
			values, value = append(values, value), nil
		}
		value = append(value, sub...)
	}
	if len(value) < longest {
		value = append(value, pxe.OptEnd)
	}
	return append(values, value)
}

// encode makes an option, in parts if it is longer than one can be (RFC 3396).
func encode(code uint8, value []byte) (b []byte) {
	const longest = 255
	for len(value) > longest {
		b = append(append(b, code, longest), value[:longest]...)
		value = value[longest:]
	}
	return append(append(b, code, byte(len(value))), value...)
}
