package ipxe

import (
	"strconv"
	"strings"
)

// A Setting is what ${block/name:type} names.
type Setting struct {
	Block string // "net0", "proxydhcp"; empty for all of them, in their order
	Name  string
	Tags  []byte // the DHCP option, and those within; nil for a setting that is none
	Type  string // empty: its own
}

// A kind is a named setting: the DHCP option that it is, if it is one, and its type.
type kind struct {
	tag byte
	typ string
}

// kinds are the settings whose type is not string, or that are DHCP options (settings.c and SETTING in other files).
func kinds() map[string]kind {
	return map[string]kind{
		"netmask": {1, "ipv4"}, "gateway": {3, "ipv4"}, "dns": {6, "ipv4"}, "hostname": {12, "string"}, "domain": {15, "string"},
		"root-path": {17, "string"}, "vendor-class": {60, "string"}, "dhcp-server": {54, "ipv4"}, "filename": {67, "string"},
		"user-class": {77, "string"}, "ip": {0, "ipv4"}, "next-server": {0, "ipv4"}, "mac": {0, "hex"}, "busid": {0, "hex"}, "uuid": {0, "uuid"},
	}
}

// ParseSetting reads what stands between ${ and }.
func ParseSetting(text string) Setting {
	var s Setting
	s.Name, s.Type, _ = strings.Cut(text, ":")
	if block, name, ok := strings.Cut(s.Name, "/"); ok {
		s.Block, s.Name = block, name
	}
	if k := kinds()[s.Name]; k.tag != 0 {
		s.Tags = []byte{k.tag}
	}
	if tags := parseTags(s.Name); tags != nil {
		s.Tags = tags
	}
	return s
}

// parseTags reads "43.8".
func parseTags(name string) (tags []byte) {
	for word := range strings.SplitSeq(name, ".") {
		n, err := strconv.ParseUint(word, 0, 8)
		if err != nil || n == 0 {
			return nil
		}
		tags = append(tags, byte(n))
	}
	return tags
}

// Key is the same for two names of one setting.
func (s Setting) Key() string {
	if s.Tags != nil {
		return "\x00" + string(s.Tags)
	}
	return s.Name
}

// A Value is a setting's bytes, and the type that it was stored with.
type Value struct {
	Raw  []byte
	Type string
}

// Text is a value as ${} shows it: by the type that is asked for, else its own, else that of its name, else string.
func (s Setting) Text(v Value) string {
	return Format(v.Raw, s.typeOf(v.Type))
}

// Store makes a value of a text, by the type that is asked for, else that of its name, else string.
func (s Setting) Store(text string) (Value, error) {
	typ := s.typeOf("")
	raw, err := ParseValue(text, typ)
	return Value{Raw: raw, Type: typ}, err
}

func (s Setting) typeOf(own string) string {
	for _, t := range []string{s.Type, own, kinds()[s.Name].typ} {
		if t != "" {
			return t
		}
	}
	return "string"
}
