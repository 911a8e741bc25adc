package explain

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/bootrig/bootrig/server/config/optname"
)

// said is the value of an option as a person reads it: as its number says, else as it looks.
func said(code uint8, value []byte) string {
	_, of := optname.Of(int(code))
	n := len(value)
	switch {
	case of.Addrs && n > 0 && n%4 == 0:
		return addresses(value)
	case of.Time && n == 4:
		return seconds(binary.BigEndian.Uint32(value))
	case of.Size > 0 && n == of.Size:
		return fmt.Sprint(number(value))
	case of.Name && printable(value):
		return text(value)
	}
	return readable(value)
}

func addresses(value []byte) string {
	var all []string
	for ; len(value) > 0; value = value[4:] {
		all = append(all, netip.AddrFrom4([4]byte(value[:4])).String())
	}
	return strings.Join(all, " ")
}

func seconds(n uint32) string {
	const infinite = 0xffffffff // RFC 2131 section 3.3
	if n == infinite {
		return "for ever"
	}
	return (time.Duration(n) * time.Second).String()
}

func number(value []byte) (n uint64) {
	for _, b := range value {
		n = n<<8 | uint64(b)
	}
	return n
}

// text is a value without the NUL that some end with.
func text(value []byte) string { return strings.TrimRight(string(value), "\x00") }

func printable(value []byte) bool {
	return !strings.ContainsFunc(text(value), func(r rune) bool { return r < ' ' || r > '~' })
}

// readable is a value as text if it may be one, else as an address or in hexadecimal.
func readable(value []byte) string {
	switch {
	case len(text(value)) >= 4 && printable(value):
		return text(value)
	case len(value) == 4:
		return addresses(value)
	}
	return fmt.Sprintf("% x", value)
}
