package dnsmasq

import (
	"net/netip"
	"strings"
	"time"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/proxydhcp"
	"github.com/bootrig/bootrig/wire/pxe"
)

// dhcpRange reads [tag:T,...][set:T,]START,END or static or proxy[,NETMASK[,BROADCAST]][,TIME].
func (r *reader) dhcpRange(value text) {
	network := dhcp.Network{Rule: r.rule}
	rest, ok := r.rangeTags(&network, value)
	if !ok {
		return
	}
	fields := rest.fields()
	addr, ok := ip(fields[0].bare())
	switch {
	case !ok:
		r.wrong("dhcp-range=%s: %q is not an IP address", value, fields[0])
		return
	case len(fields) < 2:
		r.wrong("dhcp-range=%s: its end is missing: dhcp-range=%s,END gives addresses, dhcp-range=%s,proxy stands beside the server that does", value, addr, addr)
		return
	case !addr.Is4():
		r.range6(value, addr, fields[1:])
		return
	case fields[1].bare() != "proxy":
		r.leaseRange(value, addr, fields[1:], network.Tags, network.Set)
		return
	}
	tail, ok := r.rangeTail(value, fields[2:])
	if !ok {
		return
	}
	if tail.time != 0 {
		r.notice("a proxy gives no leases: %q is not used", fields[len(fields)-1])
	}
	network.Addr, network.Bits = addr, tail.bits
	r.cfg.DHCP.Networks = append(r.cfg.DHCP.Networks, network)
}

// rangeTags reads the words before the address: a word with a letter that no address has is a tag,
// to be wanted with "tag:", and else to be given (option.c).
func (r *reader) rangeTags(network *dhcp.Network, line text) (rest text, ok bool) {
	rest = line
	for {
		head, after, more := rest.cut()
		if !more || strings.Trim(head.bare(), " .:abcdefABCDEF0123456789") == "" {
			return rest, true
		}
		tag, wanted := head.wanted()
		name, _ := head.prefix("set:")
		switch {
		case wanted && len(tag) > 0:
			network.Tags = append(network.Tags, tag.String())
		case wanted:
		case network.Set != "":
			r.wrong("dhcp-range=%s: a range gives one tag only", line)
			return nil, false
		default:
			network.Set = name.String()
		}
		rest = after
	}
}

// dhcpBoot reads FILE[,SERVERNAME[,ADDRESS]]. The name is for leases; a proxy sends none (rfc2131.c).
func (r *reader) dhcpBoot(value text) {
	tags, value, ok := r.wants(value)
	if !ok {
		return
	}
	fields := value.fields()
	if len(fields) > 3 {
		r.wrong("dhcp-boot=%s: more than FILE,SERVERNAME,ADDRESS", value)
		return
	}
	i := len(r.cfg.DHCP.Boot)
	boot := proxydhcp.Boot{File: fields[0].String(), Tags: tags, Rule: r.rule}
	if len(fields) > 1 {
		boot.Name = fields[1].String()
	}
	r.cfg.DHCP.Boot = append(r.cfg.DHCP.Boot, boot)
	if len(fields) > 2 {
		r.server(fields[2], func(addr netip.Addr) { r.cfg.DHCP.Boot[i].Server = addr })
	}
}

// pxeVendor reads the vendor classes that are answered; they replace PXEClient (option.c).
func (r *reader) pxeVendor(value text) {
	for _, f := range value.fields() {
		if len(f) == 0 {
			r.wrong("dhcp-pxe-vendor=%s: a vendor class is missing", value)
			return
		}
		r.cfg.DHCP.Vendors = append(r.cfg.DHCP.Vendors, f.String())
	}
}

// pxeService reads CSA,TEXT[,BASENAME or TYPE[,SERVER]].
func (r *reader) pxeService(value text) {
	tags, value, ok := r.wants(value)
	fields := value.fields()
	switch {
	case !ok:
		return
	case len(fields) < 2:
		r.wrong("pxe-service=%s: the menu text is missing: CSA,TEXT[,BASENAME or TYPE[,SERVER]]", value)
		return
	case len(fields) > 4:
		r.wrong("pxe-service=%s: more than CSA,TEXT,BASENAME,SERVER; a text with a comma goes between double quotes", value)
		return
	}
	arch, known := archOf(fields[0])
	if !known {
		r.wrong("pxe-service: unknown architecture %q; one of %s, or a number", fields[0], strings.Join(pxe.DnsmasqArchNames(), ", "))
		return
	}
	if n, number := atoi(fields[0].String()); number && n != int(arch) {
		r.notice("architecture %s is no number of 16 bits: what counts of it is %d", fields[0], uint16(arch))
	}
	service := proxydhcp.Service{Arch: arch, Text: fields[1].String(), Tags: tags, Rule: r.rule}
	if len(fields) > 2 {
		r.basename(&service, fields[2].String())
	}
	i := len(r.cfg.DHCP.Services)
	r.cfg.DHCP.Services = append(r.cfg.DHCP.Services, service)
	if len(fields) > 3 {
		name := fields[3].String()
		if _, err := netip.ParseAddr(name); err == nil {
			name = ""
		}
		r.server(fields[3], func(addr netip.Addr) {
			r.cfg.DHCP.Services[i].Server, r.cfg.DHCP.Services[i].Name = addr, name
		})
	}
}

// archOf reads a name, or a number; none at all is 0.
func archOf(name text) (pxe.Arch, bool) {
	if arch, ok := pxe.ParseArchName(name.bare()); ok {
		return arch, true
	}
	n, ok := atoi(name.String())
	return pxe.Arch(n), ok
}

// basename reads a file, or the number of a boot server type: of it 16 bits count, and none at all is 0, local
// boot. Files get types of their own, counted over all architectures (option.c, boottype).
func (r *reader) basename(s *proxydhcp.Service, name string) {
	if n, ok := atoi(name); ok {
		s.Type = uint16(n)
		return
	}
	s.Type, s.File = uint16(pxe.TypeFirstPrivate+r.services), name
	r.services++
}

// pxePrompt reads [tag:T,]TEXT[,SECONDS]. Without seconds, or with what is no number, it waits for ever, and of
// a number a byte is sent.
func (r *reader) pxePrompt(value text) {
	tags, value, ok := r.wants(value)
	if !ok {
		return
	}
	head, rest, more := value.cut()
	prompt := pxe.Prompt{Text: head.String(), Seconds: pxe.NoTimeout}
	switch n, ok := atoi(rest.String()); {
	case more && ok:
		prompt.Seconds = byte(n)
		if n > 255 {
			r.notice("pxe-prompt=%s: the seconds go to 255, so dnsmasq sends %d", value, prompt.Seconds)
		}
	case more:
		r.notice("pxe-prompt=%s: %q is no number of seconds, so the prompt waits for a key; a text with a comma goes between double quotes", value, rest)
	}
	r.cfg.DHCP.SubOptions = append(r.cfg.DHCP.SubOptions, proxydhcp.Prompt(prompt, tags, r.rule))
}

// dhcpReplyDelay reads [tag:T,]SECONDS.
func (r *reader) dhcpReplyDelay(value text) {
	tags, value, ok := r.wants(value)
	if !ok {
		return
	}
	n, ok := atoi(value.String())
	if !ok {
		r.wrong("dhcp-reply-delay=%s: not a number of seconds", value)
		return
	}
	r.cfg.DHCP.Delays = append(r.cfg.DHCP.Delays, proxydhcp.Delay{Wait: time.Duration(n) * time.Second, Tags: tags, Rule: r.rule})
}
