package dnsmasq

import (
	"strings"

	"github.com/bootrig/bootrig/server/config/optname"
	"github.com/bootrig/bootrig/server/lease"
	"github.com/bootrig/bootrig/server/proxydhcp"
	"github.com/bootrig/bootrig/wire/pxe"
)

// An optionSpec is what dhcp-option and dhcp-match say (option.c, parse_dhcp_opt).
type optionSpec struct {
	tags       []string
	code       int
	class      text // of vendor:CLASS; nil without
	encap      bool // encap:N
	of         byte // N
	identified bool // vi-encap:ENTERPRISE
	enterprise uint32
	v6         bool
	value      value
}

// optionSpec reads words until one is an option, and its value behind it.
func (r *reader) optionSpec(line text, match bool) (spec optionSpec, ok bool) {
	var of optname.Type
	head, rest, more, ok := r.optionWords(line, match, &spec, &of)
	if !ok || !more {
		return spec, ok
	}
	if spec.v6 {
		if ok = value6(rest, spec.code, of); !ok {
			r.wrong("%s: %q: not IPv6 addresses", head, rest)
		}
		return spec, ok
	}
	v, err := parseValue(rest, of, match)
	if err == nil && !match && spec.class == nil && !spec.encap && !spec.identified {
		v, err = v.encode(spec.code, rest)
	}
	if err == nil && len(v.bytes.Bytes) > spec.longest() {
		err = errLong43
	}
	if err != nil {
		r.wrong("%s: %q: %v", head, rest, err)
		return spec, false
	}
	spec.value = v
	return spec, true
}

// optionWords reads the words before the value: the last of them is head, and the value is in rest if there is
// more.
func (r *reader) optionWords(line text, match bool, spec *optionSpec, of *optname.Type) (head, rest text, more, ok bool) {
	head, rest, more = line.cut()
	for ; ; head, rest, more = rest.cut() {
		done, err := spec.word(head, match, of)
		if err != "" {
			if len(head) == 0 {
				head = line
			}
			r.wrong("%s: %s", head, err)
			return head, rest, more, false
		}
		if done {
			return head, rest, more, true
		}
		if !more {
			r.wrong("%s: there is no option number and no option:NAME", line)
			return head, rest, more, false
		}
	}
}

// longest is how many bytes a value may have, in an option or in another that holds it.
func (spec *optionSpec) longest() int {
	switch {
	case spec.identified:
		return 250
	case spec.class != nil || spec.encap:
		return 253
	}
	return 255
}

// word takes one word in; done is true for the last before the value.
func (spec *optionSpec) word(head text, match bool, of *optname.Type) (done bool, mistake string) {
	bare := head.bare()
	after := func(prefix string) string { return strings.TrimPrefix(bare, prefix) }
	switch {
	case bare == "":
		return true, "an option's number or option:NAME is missing; there are options up to 255"
	case strings.Trim(bare, "0123456789") == "":
		if spec.code = number(bare); spec.code < 0 || spec.code > 255 {
			return true, "there are options up to 255"
		}
		if spec.class == nil && !spec.encap && !spec.identified {
			_, *of = optname.Of(spec.code)
		}
		return true, ""
	case strings.HasPrefix(bare, "option:"):
		code, t, known := optname.Find(after("option:"))
		if !known || t.Internal && !match {
			return true, "dnsmasq knows no such option; `dnsmasq --help dhcp` lists them"
		}
		spec.code, *of = code, t
		return true, ""
	case strings.HasPrefix(bare, "option6:"):
		if spec.v6 = true; spec.class != nil || spec.encap {
			return true, "dnsmasq puts no IPv6 option into vendor: or encap:"
		}
		if code, t := named6(after("option6:")); code < 0 || t.Internal && !match {
			return true, "dnsmasq knows no such option; `dnsmasq --help dhcp6` lists them"
		} else {
			spec.code, *of = code, t
		}
		return true, ""
	case strings.HasPrefix(bare, "vendor:"):
		if spec.class = head[len("vendor:"):]; spec.encap || match {
			return true, "vendor: does not go with encap:, and not into dhcp-match"
		}
	case strings.HasPrefix(bare, "encap:"):
		if spec.encap, spec.of = true, byte(number(after("encap:"))); spec.class != nil || match {
			return true, "encap: does not go with vendor:, and not into dhcp-match"
		}
	case strings.HasPrefix(bare, "vi-encap:"):
		spec.identified, spec.enterprise = true, uint32(number(after("vi-encap:")))
		return match, ""
	default:
		return false, spec.tag(head)
	}
	return false, ""
}

// tag takes "tag:x", "set:x", "net:x" or x.
func (spec *optionSpec) tag(head text) (mistake string) {
	tag, wanted := head.wanted()
	if !wanted {
		tag, _ = head.prefix("set:")
	}
	if strings.Trim(tag.String(), "!#") == "" {
		return "the tag has no name"
	}
	spec.tags = append(spec.tags, tag.String())
	return ""
}

// dhcpOption reads what a DHCP server sends. Only sub-options for a vendor class reach the answers
// of a proxy, forced or not (rfc2131.c, dhcp_reply).
func (r *reader) dhcpOption(line text) { r.sentOption(line, lease.Option{}) }

func (r *reader) dhcpOptionForce(line text) { r.sentOption(line, lease.Option{Force: true}) }

// dhcpOptionPXE reads what PXE clients alone are told, by a proxy too.
func (r *reader) dhcpOptionPXE(line text) { r.sentOption(line, lease.Option{PXE: true}) }

func (r *reader) sentOption(line text, of lease.Option) {
	spec, ok := r.optionSpec(line, false)
	switch {
	case !ok:
		return
	case spec.v6:
		r.unused(notOurs, r.reading+" with option6:")
		return
	case spec.class == nil && of.PXE:
		r.leaseOption(spec, of)
		return
	case spec.class == nil:
		r.unused(leases, "dhcp-option")
		r.leaseOption(spec, of)
		return
	case of.PXE:
		r.wrong("dhcp-option-pxe=%s: dnsmasq has no parts of option 43 here; write dhcp-option=%s", line, line)
		return
	case spec.value.bytes.Any != nil:
		r.wrong("dhcp-option=%s: a byte must not be *", line)
		return
	}
	r.cfg.DHCP.SubOptions = append(r.cfg.DHCP.SubOptions, proxydhcp.SubOption{
		Class:     spec.class.String(),
		Any:       spec.class.String() == "",
		SubOption: pxe.SubOption{Code: byte(spec.code), Value: spec.value.bytes.Bytes},
		Force:     of.Force,
		Tags:      spec.tags,
		Rule:      r.rule,
	})
}
