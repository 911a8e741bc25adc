package rom

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"net/netip"
	"strings"
)

// A Reply is a DHCP packet from a server, as a ROM reads it. The witness reads packets with its own eyes:
// no code here is shared with a server.
type Reply struct {
	XID                    uint32
	YIAddr, SIAddr, CIAddr netip.Addr
	CHAddr                 [6]byte
	SName, file            string
	Type                   byte           // option 53, 0 for BOOTP
	From                   netip.AddrPort // who sent it
	size                   int
	answersTo              string // how its reader is called in option 60
	runsOn                 bool   // its reader goes on behind option 67
	options                []byte
}

const headerLen = 240 // BOOTP and the magic cookie

var errNotReply = errors.New("not a BOOTP reply")

// ParseReply reads a reply. It keeps a copy of the options, so payload may be reused.
func ParseReply(payload []byte) (*Reply, error) {
	if len(payload) < headerLen || payload[0] != 2 || binary.BigEndian.Uint32(payload[236:]) != 0x63825363 {
		return nil, errNotReply
	}
	r := &Reply{
		XID:    binary.BigEndian.Uint32(payload[4:]),
		CIAddr: addr4(payload[12:16]),
		YIAddr: addr4(payload[16:20]),
		SIAddr: addr4(payload[20:24]),
		CHAddr: [6]byte(payload[28:34]),
		size:   len(payload),
	}
	r.options = append(r.options, payload[headerLen:]...)
	sname, file := payload[44:108], payload[108:236]
	overload := byte(0)
	if o := r.Option(52); len(o) == 1 {
		overload = o[0]
	}
	// RFC 2132 section 9.3: the two fields then hold more options, file first.
	if overload&1 != 0 {
		r.options, file = joinOptions(r.options, file), nil
	}
	if overload&2 != 0 {
		r.options, sname = joinOptions(r.options, sname), nil
	}
	r.SName, r.file = cstring(sname), cstring(file)
	if t := r.Option(53); len(t) == 1 {
		r.Type = t[0]
	}
	return r, nil
}

// Option is the value of an option, its parts joined when it is split (RFC 3396).
func (r *Reply) Option(code byte) []byte { return tlv(r.options, code) }

// Addr is the first address of an option.
func (r *Reply) Addr(code byte) netip.Addr {
	if o := r.Option(code); len(o) >= 4 {
		return addr4(o[:4])
	}
	return netip.IPv4Unspecified()
}

// File is the boot file: the header field if it is not empty, else option 67 (iPXE
// src/net/dhcppkt.c, dhcppkt_fetch).
func (r *Reply) File() string {
	if r.file != "" {
		return r.file
	}
	if r.runsOn {
		return cstring(runOn(r.options, 67))
	}
	return cstring(r.Option(67))
}

// PXEClient says that the sender speaks PXE: its option 60 begins with PXEClient, or as the reader is called.
func (r *Reply) PXEClient() bool {
	return strings.HasPrefix(string(r.Option(60)), cmp.Or(r.answersTo, "PXEClient"))
}

// HTTPClient says that the sender speaks UEFI HTTP boot.
func (r *Reply) HTTPClient() bool { return strings.HasPrefix(string(r.Option(60)), "HTTPClient") }

// PXE is a sub-option of option 43.
func (r *Reply) PXE(code byte) []byte { return tlv(r.Option(43), code) }

// ServerID is option 54; PseudoID falls back to siaddr, then to the sender (iPXE dhcp_deliver).
func (r *Reply) ServerID() netip.Addr { return r.Addr(54) }

// PseudoID is how iPXE knows a server that forgot option 54.
func (r *Reply) PseudoID() netip.Addr {
	for _, a := range []netip.Addr{r.ServerID(), r.SIAddr} {
		if a.IsValid() && !a.IsUnspecified() {
			return a
		}
	}
	return r.From.Addr()
}

// eb is a sub-option of iPXE's option 175, as a signed byte.
func (r *Reply) eb(code byte) int8 {
	if o := tlv(r.Option(175), code); len(o) == 1 {
		return int8(o[0])
	}
	return 0
}

func addr4(b []byte) netip.Addr { return netip.AddrFrom4([4]byte(b)) }

func cstring(b []byte) string {
	s, _, _ := strings.Cut(string(b), "\x00")
	return s
}

// tlv finds a code among options; a repeated code is joined.
func tlv(options []byte, code byte) []byte {
	var value []byte
	for o := options; len(o) > 0 && o[0] != 255; {
		if o[0] == 0 {
			o = o[1:]
			continue
		}
		if len(o) < 2 || len(o) < 2+int(o[1]) {
			break
		}
		if v := o[2 : 2+int(o[1])]; o[0] == code {
			if value == nil {
				value = v[:len(v):len(v)] // a later append must copy
			} else {
				value = append(value, v...)
			}
		}
		o = o[2+int(o[1]):]
	}
	return value
}

// runOn is an option with all that stands behind it.
func runOn(options []byte, code byte) []byte {
	value := tlv(options, code)
	if at := bytes.Index(options, append([]byte{code, byte(len(value))}, value...)); value != nil && at >= 0 {
		return options[at+2:]
	}
	return value
}

// joinOptions puts more behind options, in place of its end mark.
func joinOptions(options, more []byte) []byte {
	o := options
	for len(o) > 0 && o[0] != 255 {
		n := 1
		if o[0] != 0 {
			if len(o) < 2 || len(o) < 2+int(o[1]) {
				break
			}
			n = 2 + int(o[1])
		}
		o = o[n:]
	}
	return append(options[:len(options)-len(o)], more...)
}
