package dnsmasq

import (
	"strconv"
	"strings"

	"github.com/bootrig/bootrig/server/policy"
)

// dhcpMAC reads set:T,[TYPE-]aa:bb:*:*:*:*.
func (r *reader) dhcpMAC(value text) {
	tag, rest, ok := r.gives(value)
	if !ok {
		return
	}
	if pattern, ok := r.hardware(rest.String()); ok {
		r.policy().MACs = append(r.policy().MACs, policy.MAC{Tag: tag, Pattern: pattern, Rule: r.rule})
	}
}

// hardware reads the pattern of a hardware address. None is that of machines that have none, such as those on
// InfiniBand (RFC 4390), and what is longer than one is cut (util.c, parse_hex).
func (r *reader) hardware(s string) (policy.Pattern, bool) {
	if kind, rest, typed := strings.Cut(s, "-"); strings.Trim(s, ":- ") == "" || typed && plainHex(kind) && strings.Trim(rest, ":- ") == "" {
		r.notice("%q is the hardware address of machines that have none", s)
		number, _ := strconv.ParseUint(kind, 16, 16)
		return policy.Pattern{Type: int(number)}, true
	}
	pattern, err := policy.ParsePattern(s, true)
	if err != nil {
		r.wrong("%s: %v", s, err)
		return pattern, false
	}
	if len(pattern.Bytes) > policy.MaxHardware {
		r.notice("%s: no hardware address has more than %d bytes, so dnsmasq leaves the rest out", s, policy.MaxHardware)
		pattern = pattern.Cut(policy.MaxHardware)
	}
	if len(pattern.Bytes) == 5 && pattern.Type != 0 && strings.Count(s, "-") == 5 {
		r.notice("%s: dnsmasq takes what stands before the first dash for the hardware type; write the address with colons", s)
	}
	return pattern, true
}

func (r *reader) policy() *policy.Policy { return &r.cfg.DHCP.Policy }

func (r *reader) dhcpVendorClass(value text)  { r.class(policy.VendorClass, value) }
func (r *reader) dhcpUserClass(value text)    { r.class(policy.UserClass, value) }
func (r *reader) dhcpCircuitID(value text)    { r.class(policy.CircuitID, value) }
func (r *reader) dhcpRemoteID(value text)     { r.class(policy.RemoteID, value) }
func (r *reader) dhcpSubscriberID(value text) { r.class(policy.SubscriberID, value) }

// class reads set:T,TEXT, and for vendor classes set:T,enterprise:N,TEXT, whose number only DHCPv6
// knows. What relays add may be written as bytes.
func (r *reader) class(place policy.Place, value text) {
	tag, rest, ok := r.gives(value)
	if !ok {
		return
	}
	head, after, more := rest.cut()
	if _, enterprise := head.prefix("enterprise:"); more && enterprise && place == policy.VendorClass {
		rest = after
	} else if more {
		r.since("2.91", r.reading+" with a comma in its text")
	}
	match := policy.Class{Place: place, Tag: tag, Text: []byte(rest.String()), Rule: r.rule}
	relays := place != policy.VendorClass && place != policy.UserClass
	if bare := rest.bare(); relays && strings.Contains(bare, ":") && plainHex(strings.ReplaceAll(bare, ":", "")) {
		if p, err := policy.ParsePattern(bare, false); err == nil {
			match.Text = p.Bytes
		}
	}
	r.policy().Classes = append(r.policy().Classes, match)
}

// dhcpNameMatch reads set:T,NAME or set:T,BEGINNING*.
func (r *reader) dhcpNameMatch(value text) {
	tag, rest, ok := r.gives(value)
	if ok && len(rest) == 0 {
		r.wrong("dhcp-name-match=%s: the name is missing", value)
	} else if ok {
		name, wild := strings.CutSuffix(rest.String(), "*")
		r.policy().Names = append(r.policy().Names, policy.Name{Tag: tag, Name: name, Wild: wild, Rule: r.rule})
	}
}

// dhcpIgnore reads tag:T[,tag:T]; without "tag:" too.
func (r *reader) dhcpIgnore(value text) {
	ignore := policy.Ignore{Rule: r.rule}
	for _, f := range value.fields() {
		tag, _ := f.wanted()
		if strings.Trim(tag.String(), "!#") == "" {
			r.wrong("dhcp-ignore=%s: a tag has no name", value)
			return
		}
		ignore.Wants = append(ignore.Wants, tag.String())
	}
	r.policy().Ignores = append(r.policy().Ignores, ignore)
}

func (r *reader) dhcpIgnoreClientID(text) { r.policy().IgnoreClientID = true }

// tagIf reads set:T,... and tag:T,... in any order.
func (r *reader) tagIf(value text) {
	implication := policy.Implication{Rule: r.rule}
	for _, f := range value.fields() {
		set, sets := f.prefix("set:")
		tag, wants := f.prefix("tag:")
		switch {
		case sets && len(set) > 0:
			implication.Sets = append(implication.Sets, set.String())
		case wants && strings.Trim(tag.String(), "!#") != "":
			implication.Wants = append(implication.Wants, tag.String())
		default:
			r.wrong("tag-if=%s: %q is neither set:TAG nor tag:TAG", value, f)
			return
		}
	}
	if len(implication.Sets) == 0 {
		r.wrong("tag-if=%s: it gives no tag: set:TAG is missing", value)
		return
	}
	r.policy().Implications = append(r.policy().Implications, implication)
}

// dhcpMatch reads set:T,OPTION[,VALUE], where OPTION is a number, option:NAME or vi-encap:ENTERPRISE.
func (r *reader) dhcpMatch(value text) {
	spec, ok := r.optionSpec(value, true)
	switch {
	case !ok:
		return
	case len(spec.tags) != 1:
		r.wrong("dhcp-match=%s: exactly one tag and one option are expected: set:TAG,OPTION[,VALUE]", value)
		return
	case spec.v6:
		r.unused(notOurs, "dhcp-match with option6:")
		return
	}
	match := policy.Option{Tag: spec.tags[0], Code: uint8(spec.code), Rule: r.rule,
		Enterprise: spec.enterprise, Encap: spec.identified, Value: spec.value.bytes}
	switch {
	case len(spec.value.bytes.Bytes) == 0:
	case spec.value.kind == hexValue:
		match.Form = policy.Prefix
	case spec.value.kind == textValue:
		match.Form = policy.Part
	default:
		match.Form = policy.Element
	}
	r.policy().Options = append(r.policy().Options, match)
}

// signed reads a number as C's atoi does: digits behind at most one sign, up to what is no digit.
func signed(s string) int {
	digits := strings.TrimPrefix(s, "-")
	end := len(digits) - len(strings.TrimLeft(digits, "0123456789"))
	n, _ := atoi(digits[:end])
	if digits != s {
		n = -n
	}
	return n
}

// number reads a decimal number, and of what is none takes what C's atoi would.
func number(s string) int {
	end := 0
	for end < len(s) && s[end] >= '0' && s[end] <= '9' {
		end++
	}
	n, err := strconv.ParseInt(s[:end], 10, 64)
	if err != nil && end > 0 {
		return -1
	}
	return int(n)
}
