package policy

import (
	"bytes"
	"errors"
	"slices"
	"strconv"
	"strings"
)

// A Pattern is bytes of which some may be anything: "52:54:00:*:*:*".
type Pattern struct {
	Type  int // of the hardware, before a dash: "1-52:54:..."; 0: any
	Bytes []byte
	Any   []bool // nil: all bytes count
}

// MaxHardware is the longest hardware address, the chaddr field of BOOTP.
const MaxHardware = 16

var errHex = errors.New("not bytes in hexadecimal, such as 52:54:00:*:*:*")

// ParsePattern reads bytes as dnsmasq does (util.c, parse_hex): in groups between colons, dashes or
// blanks, `*` for any byte. The first group is a hardware type if a dash follows it and typed is set,
// so 52-54-00-12-34-56 has the type 0x52 and five bytes, there and here.
func ParsePattern(s string, typed bool) (Pattern, error) {
	var p Pattern
	typeRead := !typed
	for s != "" {
		end := strings.IndexAny(s+":", ":- ")
		group, dash := s[:end], strings.HasPrefix(s[end:], "-")
		s = s[min(end+1, len(s)):]
		switch n, err := strconv.ParseUint(group, 16, 16); {
		case group == "":
		case group == "*":
			p.add(0, true)
		case dash && !typeRead && len(p.Bytes) == 0:
			if err != nil {
				return p, errHex
			}
			p.Type, typeRead = int(n), true
		default:
			if !p.group(group) {
				return p, errHex
			}
		}
	}
	if len(p.Bytes) == 0 {
		return p, errHex
	}
	return p, nil
}

// group reads "aabb" as two bytes, and "abc" as 0xab and 0xc.
func (p *Pattern) group(s string) bool {
	for len(s) > 0 {
		n := min(2, len(s))
		b, err := strconv.ParseUint(s[:n], 16, 8)
		if err != nil {
			return false
		}
		p.add(byte(b), false)
		s = s[n:]
	}
	return true
}

func (p *Pattern) add(b byte, wild bool) {
	if wild && p.Any == nil {
		p.Any = make([]bool, len(p.Bytes), len(p.Bytes)+1)
	}
	p.Bytes = append(p.Bytes, b)
	if p.Any != nil {
		p.Any = append(p.Any, wild)
	}
}

// Cut is the pattern of n bytes: the first ones, or zeros behind it. A * that is cut off is as if it had not
// been there.
func (p Pattern) Cut(n int) Pattern {
	p.Bytes = append(slices.Clip(p.Bytes), make([]byte, n)...)[:n]
	if p.Any != nil {
		p.Any = append(slices.Clip(p.Any), make([]bool, n)...)[:n]
	}
	if !slices.Contains(p.Any, true) {
		p.Any = nil
	}
	return p
}

// Exact tells whether every byte counts.
func (p Pattern) Exact() bool { return p.Any == nil }

// Prefix tells whether data begins with the pattern.
func (p Pattern) Prefix(data []byte) bool {
	if len(data) < len(p.Bytes) {
		return false
	}
	if p.Any == nil {
		return bytes.HasPrefix(data, p.Bytes)
	}
	for i, b := range p.Bytes {
		if !p.Any[i] && data[i] != b {
			return false
		}
	}
	return true
}

// Hardware tells whether the pattern is that of a whole hardware address.
func (p Pattern) Hardware(kind int, addr []byte) bool {
	return len(addr) == len(p.Bytes) && (p.Type == 0 || p.Type == kind) && p.Prefix(addr)
}

// fixed is how many bytes count.
func (p Pattern) fixed() int {
	n := len(p.Bytes)
	for _, wild := range p.Any {
		if wild {
			n--
		}
	}
	return n
}
