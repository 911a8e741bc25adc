package dnsmasq

import (
	"encoding/binary"
	"errors"
	"net/netip"
	"strings"

	"github.com/bootrig/bootrig/server/config/optname"
	"github.com/bootrig/bootrig/server/policy"
)

// A valueKind is what dnsmasq takes the value of an option for, by its looks.
type valueKind int

const (
	textValue valueKind = iota
	hexValue
	numberValue
	addrValue
)

// A value is one of dhcp-option or dhcp-match.
type value struct {
	kind    valueKind
	bytes   policy.Pattern
	encoded bool // it is in a form of its own: no address or text in it is to be changed
}

var (
	errAddr   = errors.New("not an IPv4 address")
	errLong43 = errors.New("the value is too long for an option")
)

// looks are what the characters of a value allow it to be (option.c, parse_dhcp_opt). Quoted ones
// allow nothing but a text.
type looks struct {
	addr, hex, dec bool
	digit          bool
	dots, groups   int
	width          byte // b, s or i behind a number: 1, 2 or 4 bytes
}

func look(s string, match bool) looks {
	l := looks{addr: true, hex: true, dec: true, groups: 1}
	for i := range len(s) {
		switch c := s[i]; {
		case c == ',', c == ' ':
			l.dec, l.hex = false, false
		case c == ':':
			l.groups++
			l.dec, l.addr = false, false
		case c == '/':
			l.dec, l.hex = false, false
			l.addr = l.addr && i > 0 // a path begins with it
		case c == '.':
			l.dec, l.hex = false, false
			l.dots++
		case c == '-':
			l.hex, l.addr = false, false
		case c >= '0' && c <= '9':
			l.digit = true
		default:
			l.addr = false
			if i == len(s)-1 && l.dec && (c == 'b' || c == 's' || c == 'i') {
				l.width = c
			} else {
				l.dec = false
			}
			if !strings.ContainsRune("abcdefABCDEF", rune(c)) && (c != '*' || !match) {
				l.hex = false
			}
		}
	}
	l.dec, l.addr = l.dec && l.digit, l.addr && l.digit
	return l
}

// parseValue reads a value for an option that is known to be of a type.
func parseValue(t text, of optname.Type, match bool) (value, error) {
	l := look(t.bare(), match)
	if l.width != 0 {
		t = t[:len(t)-1] // even where it turns out not to be a number
	}
	switch {
	case of.Addrs:
		if !l.addr || l.dots == 0 {
			return value{}, errAddr
		}
		l.hex, l.dec = false, false
	case of.Name:
		l.addr, l.hex, l.dec = false, false, false
	}
	switch {
	case of.Time && l.digit:
		return value{kind: numberValue, bytes: policy.Pattern{Bytes: seconds(t.String())}}, nil
	case l.hex && l.groups > 1:
		p, err := hexGroups(t.String(), l.groups)
		return value{kind: hexValue, bytes: p}, err
	case l.dec:
		b, err := decimal(t.String(), l.width, of)
		return value{kind: numberValue, bytes: policy.Pattern{Bytes: b}}, err
	case l.addr:
		b, err := addresses(t)
		return value{addrValue, policy.Pattern{Bytes: b}, strings.Contains(t.bare(), "/")}, err
	}
	return value{kind: textValue, bytes: policy.Pattern{Bytes: []byte(t.String())}}, nil
}

// hexGroups reads as many bytes as there are groups. Where a group is empty, a byte is missing at the end, and
// dnsmasq has a zero there.
func hexGroups(s string, groups int) (policy.Pattern, error) {
	p, err := policy.ParsePattern(s, false)
	if err != nil && hexBytes(s) {
		err = nil
	}
	return p.Cut(groups), err
}

// decimal makes as many bytes of a number as its option has, or it needs, or its suffix says.
func decimal(s string, width byte, of optname.Type) ([]byte, error) {
	n := signed(s)
	size := 1
	switch {
	case width == 'b':
	case width == 's':
		size = 2
	case width == 'i':
		size = 4
	case of.Internal:
		return nil, errLong43 // option.c counts a flag into the length there
	case of.Size > 0:
		size = of.Size
	case n > 0xffff || n < 0:
		size = 4
	case n > 0xff:
		size = 2
	}
	b := binary.BigEndian.AppendUint32(nil, uint32(n))
	return b[4-size:], nil
}

// addresses reads addresses, or networks such as 10.0.0.0/8 as static routes have them.
func addresses(t text) ([]byte, error) {
	var b []byte
	for _, f := range t.fields() {
		s, bits, network := strings.Cut(f.String(), "/")
		addr, err := netip.ParseAddr(s)
		if err != nil || !addr.Is4() {
			return nil, errAddr
		}
		raw := addr.AsSlice()
		if network {
			n := number(bits)
			b = append(b, byte(n))
			raw = raw[:min(max((n+7)/8, 0), 4)]
		}
		b = append(b, raw...)
	}
	return b, nil
}

// seconds reads 90, 45m, 12h, 2d or 1w.
func seconds(s string) []byte {
	factor := map[byte]int{'m': 60, 'h': 3600, 'd': 86400, 'w': 604800}[s[len(s)-1]|0x20]
	return binary.BigEndian.AppendUint32(nil, uint32(number(s)*max(factor, 1)))
}
