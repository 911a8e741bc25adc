package ipxe

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// ErrUnsupported is for a type that there is none of, or that cannot be stored.
var ErrUnsupported = errors.New("operation not supported")

// ErrInvalid is for a text that is no value of its type.
var ErrInvalid = errors.New("invalid argument")

// Format shows bytes as a type does. What a type cannot show is nothing.
func Format(raw []byte, typ string) string {
	if len(raw) == 0 {
		return ""
	}
	switch typ {
	case "string":
		text, _, _ := strings.Cut(string(raw), "\x00")
		return text
	case "uristring":
		text, _, _ := strings.Cut(string(raw), "\x00")
		return escape(text)
	case "ipv4":
		if len(raw) < 4 {
			return ""
		}
		return netip.AddrFrom4([4]byte(raw[:4])).String()
	case "hex":
		return hexed(raw, ":")
	case "hexhyp":
		return hexed(raw, "-")
	case "hexraw":
		return hexed(raw, "")
	case "base64":
		return base64.StdEncoding.EncodeToString(raw)
	case "uuid":
		return formatUUID(raw)
	}
	return formatNumber(raw, typ)
}

func hexed(raw []byte, between string) string {
	words := make([]string, len(raw))
	for i, b := range raw {
		words[i] = hex.EncodeToString([]byte{b})
	}
	return strings.Join(words, between)
}

// escape is a string as a part of a URI: iPXE leaves letters, digits and -_.!~*'(), and a few others
// (uri.c, is_unreserved_uri_char and uristring's own "," and "+").
func escape(text string) string {
	var b strings.Builder
	for i := range len(text) {
		c := text[i]
		if c > ' ' && c < 127 && !strings.ContainsRune("#%/:<>?@[\\]^`{|}\"", rune(c)) {
			b.WriteByte(c)
			continue
		}
		fmt.Fprintf(&b, "%%%02X", c)
	}
	return b.String()
}

// formatUUID shows one as it is written: raw, its first three fields are little-endian.
func formatUUID(raw []byte) string {
	if len(raw) != 16 {
		return ""
	}
	raw = slices.Clone(raw)
	slices.Reverse(raw[:4])
	slices.Reverse(raw[4:6])
	slices.Reverse(raw[6:8])
	text := hex.EncodeToString(raw)
	return text[:8] + "-" + text[8:12] + "-" + text[12:16] + "-" + text[16:20] + "-" + text[20:]
}

// formatNumber shows up to 32 bits, whatever the type's own width: signed in decimal, unsigned in hexadecimal.
func formatNumber(raw []byte, typ string) string {
	signed, bits := intType(typ)
	if bits == 0 || len(raw) > 4 {
		return ""
	}
	var n uint32
	for _, b := range raw {
		n = n<<8 | uint32(b)
	}
	if !signed {
		return fmt.Sprintf("%#x", n)
	}
	shift := 32 - 8*len(raw)
	return strconv.FormatInt(int64(int32(n<<shift)>>shift), 10)
}

// intType takes "uint16" apart; bits 0: it is no number.
func intType(typ string) (signed bool, bits int) {
	rest, unsigned := strings.CutPrefix(typ, "u")
	switch rest {
	case "int8":
		bits = 8
	case "int16":
		bits = 16
	case "int32":
		bits = 32
	}
	return !unsigned, bits
}

// Number is the value of a setting that inc may add to; false for a string.
func Number(v Value) (int64, bool) {
	signed, bits := intType(v.Type)
	if bits == 0 {
		return 0, false
	}
	n, err := strconv.ParseInt(formatNumber(v.Raw, map[bool]string{true: "int32", false: "uint32"}[signed]), 0, 64)
	return n, err == nil
}

// ParseValue makes bytes of a text. An empty one is no value: it deletes the setting.
func ParseValue(text, typ string) ([]byte, error) {
	if text == "" {
		return nil, nil
	}
	switch typ {
	case "string":
		return []byte(text), nil
	case "uristring":
		return []byte(unescape(text)), nil
	case "ipv4":
		a, err := netip.ParseAddr(text)
		if err != nil || !a.Is4() {
			return nil, ErrInvalid
		}
		return a.AsSlice(), nil
	case "hex", "hexhyp", "hexraw":
		raw, err := hex.DecodeString(strings.NewReplacer(":", "", "-", "").Replace(text))
		if err != nil {
			return nil, ErrInvalid
		}
		return raw, nil
	case "base64":
		raw, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return nil, ErrInvalid
		}
		return raw, nil
	}
	return parseNumber(text, typ)
}

func parseNumber(text, typ string) ([]byte, error) {
	_, bits := intType(typ)
	if bits == 0 {
		return nil, ErrUnsupported
	}
	n, err := strconv.ParseInt(text, 0, 64)
	if err != nil {
		return nil, ErrInvalid
	}
	var raw []byte
	for shift := bits - 8; shift >= 0; shift -= 8 {
		raw = append(raw, byte(n>>shift))
	}
	return raw, nil
}
