package yaml

import (
	"encoding/hex"
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"

	"github.com/bootrig/bootrig/server/lease"
)

// hexMark is before bytes that are no text, or that would mean something else: hex:52:54:00.
const hexMark = "hex:"

var (
	errEmpty = errors.New("empty: give it, or drop the key")
	errBytes = errors.New("not bytes in hexadecimal, such as hex:52:54:00")
)

// raw reads a text, or bytes behind hex:.
func raw(s string) ([]byte, error) {
	digits, marked := strings.CutPrefix(s, hexMark)
	if !marked {
		return []byte(s), nil
	}
	b, err := hex.DecodeString(strings.ReplaceAll(digits, ":", ""))
	if err != nil {
		return nil, errBytes
	}
	return b, nil
}

// hexed writes bytes as raw reads them.
func hexed(b []byte) string {
	var groups []string
	for _, c := range b {
		groups = append(groups, fmt.Sprintf("%02x", c))
	}
	return hexMark + strings.Join(groups, ":")
}

// plain writes a text as it is, unless it is no UTF-8 or taken for hex, or would mean something else.
func plain(s string, other bool) string {
	if other || !utf8.ValidString(s) || strings.HasPrefix(s, hexMark) {
		return hexed([]byte(s))
	}
	return s
}

// text is a text of one letter at least.
func text() form[string] {
	return word(schema{"type": "string", "minLength": 1}, "a text", func(s string) (string, error) {
		b, err := raw(s)
		if len(b) == 0 && err == nil {
			err = errEmpty
		}
		return string(b), err
	}, func(s string) string { return plain(s, false) })
}

// anyText is a text that may be empty.
func anyText() form[string] {
	return word(schema{"type": "string"}, "a text",
		func(s string) (string, error) { b, err := raw(s); return string(b), err },
		func(s string) string { return plain(s, false) })
}

// data is bytes of which some are a text.
func data() form[[]byte] {
	return word(schema{"type": "string", "minLength": 1}, "a text, or bytes such as hex:52:54:00", func(s string) ([]byte, error) {
		if s == "" {
			return nil, errEmpty // hex: alone says that nothing is meant
		}
		return raw(s)
	}, func(b []byte) string {
		unreadable := strings.ContainsFunc(string(b), func(c rune) bool { return c < ' ' || c > '~' })
		return plain(string(b), unreadable || len(b) < 2)
	})
}

// boolean is true or false.
func boolean() form[bool] {
	return form[bool]{
		schema: schema{"type": "boolean"},
		read: func(r *reader, n ast.Node) (bool, bool) {
			if b, ok := n.(*ast.BoolNode); ok {
				return b.Value, true
			}
			r.unexpected(n, "true or false")
			return false, false
		},
		print: func(b bool) out { return out{kind: isScalar, text: strconv.FormatBool(b)} },
	}
}

// yes is true, where false would be the same as nothing at all.
func yes() form[bool] {
	f := boolean()
	f.schema = schema{"const": true}
	f.read = func(r *reader, n ast.Node) (bool, bool) {
		v, ok := boolean().read(r, n)
		if ok && !v {
			r.wrong(n, "false is as if the key were not there: drop it")
		}
		return v, v
	}
	return f
}

// number is a whole number within limits.
func number[T ~int | ~uint8 | ~uint16 | ~uint32 | ~int64](low, high int64) form[T] {
	return form[T]{
		schema: schema{"type": "integer", "minimum": low, "maximum": high},
		read: func(r *reader, n ast.Node) (T, bool) {
			v, ok := int64(0), false
			if i, isNumber := n.(*ast.IntegerNode); isNumber {
				v, ok = integer(i)
			}
			if !ok || v < low || v > high {
				r.unexpected(n, fmt.Sprintf("a number from %d to %d", low, high))
				return 0, false
			}
			return T(v), true
		},
		print: func(v T) out { return out{kind: isScalar, text: strconv.FormatInt(int64(v), 10)} },
	}
}

// integer is the value of a number, if it is not beyond all limits.
func integer(n *ast.IntegerNode) (int64, bool) {
	switch v := n.Value.(type) {
	case int64:
		return v, true
	case uint64:
		return int64(v), v < 1<<62
	}
	return 0, false
}

const ipv4 = `^[0-9]{1,3}(\.[0-9]{1,3}){3}`

// address is an IPv4 address.
func address() form[netip.Addr] {
	return word(schema{"type": "string", "pattern": ipv4 + "$"}, "an IPv4 address", parseAddr, netip.Addr.String)
}

func parseAddr(s string) (netip.Addr, error) {
	addr, err := netip.ParseAddr(s)
	if err != nil || !addr.Is4() {
		return addr, errors.New("not an IPv4 address, such as 192.168.9.2")
	}
	return addr, nil
}

// askers is an address, or a network of them. One of IPv6 lets nobody in who is not let in without it: dnsmasq knows
// no other way to say that nobody is.
func askers() form[netip.Prefix] {
	return word(schema{"type": "string", "pattern": "^[0-9A-Fa-f.:]+(/[0-9]{1,3})?$"}, "an address, or a network such as 192.168.9.0/24", func(s string) (netip.Prefix, error) {
		if addr, err := netip.ParseAddr(s); err == nil && addr.Zone() == "" {
			return netip.PrefixFrom(addr, addr.BitLen()), nil
		}
		p, err := netip.ParsePrefix(s)
		if err != nil {
			return p, errors.New("neither an address nor a network, such as 192.168.9.0/24")
		}
		return p, nil
	}, func(p netip.Prefix) string {
		if p.IsSingleIP() {
			return p.Addr().String()
		}
		return p.String()
	})
}

// network is a network as it is written: ADDRESS/BITS, or the address alone, whose network is the link's.
func network() form[netNumber] {
	return word(schema{"type": "string", "pattern": ipv4 + "(/[0-9]{1,2})?$"}, "a network, such as 192.168.9.0/24", func(s string) (netNumber, error) {
		if !strings.Contains(s, "/") {
			addr, err := parseAddr(s)
			return netNumber{addr: addr}, err
		}
		p, err := netip.ParsePrefix(s)
		if err != nil || !p.Addr().Is4() || p.Bits() == 0 {
			return netNumber{}, errors.New("not an IPv4 network, such as 192.168.9.0/24")
		}
		return netNumber{p.Addr(), p.Bits()}, nil
	}, func(n netNumber) string {
		if n.bits == 0 {
			return n.addr.String()
		}
		return netip.PrefixFrom(n.addr, n.bits).String()
	})
}

// A netNumber is an address and the bits of its network; 0: those of the link.
type netNumber struct {
	addr netip.Addr
	bits int
}

// units are those of durations, the largest first.
func units() []unit {
	const day = 24 * time.Hour
	return []unit{{"w", 7 * day}, {"d", day}, {"h", time.Hour}, {"m", time.Minute}, {"s", time.Second}, {"ms", time.Millisecond}}
}

type unit struct {
	name string
	each time.Duration
}

// duration is a time, such as 90s, 45m, 12h, 2d or 1w, or infinite. None is shorter than shortest.
func duration(shortest, infinite time.Duration) form[time.Duration] {
	s := schema{"type": "string", "pattern": `^([0-9]+(ms|[smhdw])|infinite)$`}
	return word(s, "a time such as 12h or infinite", func(s string) (time.Duration, error) {
		if s == "infinite" {
			return infinite, nil
		}
		d, ok := parseDuration(s)
		switch {
		case !ok:
			return 0, errors.New("not a time such as 90s, 45m, 12h, 2d, 1w or infinite")
		case d < shortest:
			return 0, fmt.Errorf("too short: %s at least", printDuration(shortest))
		case d >= infinite:
			return 0, errors.New("too long: say infinite")
		}
		return d, nil
	}, func(d time.Duration) string {
		if d == infinite {
			return "infinite"
		}
		return printDuration(d)
	})
}

func parseDuration(s string) (time.Duration, bool) {
	digits := strings.TrimRight(s, "smhdw")
	n, err := strconv.ParseUint(digits, 10, 32)
	for _, u := range units() {
		if u.name == s[len(digits):] && err == nil && n <= uint64(lease.Infinite/u.each) {
			return time.Duration(n) * u.each, true
		}
	}
	return 0, false
}

func printDuration(d time.Duration) string {
	for _, u := range units() {
		if d%u.each == 0 && d != 0 {
			return strconv.FormatInt(int64(d/u.each), 10) + u.name
		}
	}
	return "0s"
}
