package observe

import (
	"bytes"
	"encoding/binary"
	"net/netip"
)

const (
	serverPort = 67
	pxePort    = 4011 // PXE 2.1, 2.2.3

	bootRequest = 1
	bootReply   = 2

	fixedLen = 236 // RFC 951: op to file
	cookie   = 0x63825363
)

// Option codes (RFC 2132, RFC 4578).
const (
	optRouter      = 3
	optVendor      = 43
	optRequestedIP = 50
	optOverload    = 52
	optMessageType = 53
	optServer      = 54
	optClass       = 60
	optBootFile    = 67
	optUserClass   = 77
	optArch        = 93
	optUUID        = 97
)

// A bootp is a DHCP packet as far as facts need it.
type bootp struct {
	op                     byte
	xid                    uint32
	ciaddr, yiaddr, siaddr netip.Addr
	giaddr                 netip.Addr
	chaddr                 [6]byte
	sname, file            string
	options                map[byte][]byte
}

// parseBOOTP reads a packet. An option that comes twice is one long option (RFC 3396); with option 52 the
// fields sname and file hold options and no names (RFC 2132, 9.3).
func parseBOOTP(b []byte) (*bootp, bool) {
	if len(b) < fixedLen+4 || binary.BigEndian.Uint32(b[fixedLen:]) != cookie || b[2] != 6 {
		return nil, false
	}
	p := &bootp{
		op: b[0], xid: binary.BigEndian.Uint32(b[4:]), chaddr: [6]byte(b[28:]),
		ciaddr: addr4(b[12:]), yiaddr: addr4(b[16:]), siaddr: addr4(b[20:]), giaddr: addr4(b[24:]),
		options: map[byte][]byte{},
	}
	sname, file := b[44:108], b[108:fixedLen]
	p.read(b[fixedLen+4:])
	overload := byte(0)
	if v := p.options[optOverload]; len(v) == 1 {
		overload = v[0]
	}
	if overload&1 != 0 {
		p.read(file)
	} else {
		p.file = text(file)
	}
	if overload&2 != 0 {
		p.read(sname)
	} else {
		p.sname = text(sname)
	}
	return p, true
}

func (p *bootp) read(b []byte) {
	each(b, func(code byte, value []byte) {
		// The capacity is cut so that a second part does not grow into the packet.
		p.options[code] = append(p.options[code][:len(p.options[code]):len(p.options[code])], value...)
	})
}

// each walks over type, length, value; 0 is padding and 255 the end, for DHCP options and for those
// inside option 43.
func each(b []byte, f func(code byte, value []byte)) {
	for len(b) > 0 && b[0] != 255 {
		if b[0] == 0 {
			b = b[1:]
			continue
		}
		if len(b) < 2 || len(b) < 2+int(b[1]) {
			return
		}
		f(b[0], b[2:2+int(b[1])])
		b = b[2+int(b[1]):]
	}
}

func addr4(b []byte) netip.Addr { return netip.AddrFrom4([4]byte(b)) }

// text is a field up to its NUL.
func text(b []byte) string {
	if i := bytes.IndexByte(b, 0); i >= 0 {
		b = b[:i]
	}
	return string(b)
}

// messageType is option 53, 0 if there is none.
func (p *bootp) messageType() byte {
	if v := p.options[optMessageType]; len(v) == 1 {
		return v[0]
	}
	return 0
}

// bootFile is the name a client would ask for: the field's, else option 67's.
func (p *bootp) bootFile() string {
	if p.file != "" {
		return p.file
	}
	return text(p.options[optBootFile])
}

// option4 is an option that holds an address, as text.
func (p *bootp) option4(code byte) string {
	if v := p.options[code]; len(v) == 4 {
		return addr4(v).String()
	}
	return ""
}
