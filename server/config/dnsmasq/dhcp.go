package dnsmasq

import (
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/bootrig/bootrig/internal/pxe"
	"github.com/bootrig/bootrig/server/proxydhcp"
)

// dhcpRange reads [tag:T,...][set:T,]START,END or static or proxy[,NETMASK[,BROADCAST]][,TIME].
func (r *reader) dhcpRange(value text) {
	network := proxydhcp.Range{Rule: r.rule}
	rest, ok := r.rangeTags(&network, value)
	if !ok {
		return
	}
	fields := rest.fields()
	addr, err := netip.ParseAddr(fields[0].String())
	switch {
	case err != nil:
		r.wrong("dhcp-range=%s: %q is not an IP address", value, fields[0])
		return
	case !addr.Is4():
		r.unused(notOurs, "dhcp-range="+addr.String())
		return
	case len(fields) < 2:
		r.wrong("dhcp-range=%s: its end is missing: dhcp-range=%s,END gives addresses, dhcp-range=%s,proxy stands beside the server that does", value, addr, addr)
		return
	case fields[1].String() != "proxy":
		r.leaseRange(value, addr, fields[1:], network.Tags, network.Set)
		return
	}
	network.Addr = addr
	fields = fields[2:]
	if len(fields) > 0 && strings.Contains(fields[0].String(), ".") {
		network.Bits = r.netmask(fields[0])
		fields = fields[1:]
		if len(fields) > 0 && strings.Contains(fields[0].String(), ".") {
			fields = fields[1:] // the broadcast address, which only leases carry
		}
	}
	if len(fields) > 0 {
		r.notice("a proxy gives no leases: %q is not used", fields[0])
	}
	r.cfg.DHCP.Ranges = append(r.cfg.DHCP.Ranges, network)
}

// rangeTags reads the words before the address: a word with a letter that no address has is a tag,
// to be wanted with "tag:", and else to be given (option.c).
func (r *reader) rangeTags(network *proxydhcp.Range, line text) (rest text, ok bool) {
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

func (r *reader) netmask(f text) int {
	mask, err := netip.ParseAddr(f.String())
	if err != nil || !mask.Is4() {
		r.wrong("%q is not a netmask", f)
		return 0
	}
	ones, bits := net.IPMask(mask.AsSlice()).Size()
	if bits == 0 || ones == 0 {
		r.wrong("%s is not a netmask of one network", f)
	}
	return ones
}

// dhcpBoot reads FILE[,SERVERNAME[,ADDRESS]]. The name is for leases; a proxy sends none (rfc2131.c).
func (r *reader) dhcpBoot(value text) {
	tags, value, ok := r.wants(value)
	if !ok {
		return
	}
	fields := value.fields()
	if len(fields[0]) == 0 {
		r.wrong("dhcp-boot=%s: the file is missing", value)
		return
	}
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
	arch, known := archOf(fields[0].String())
	if !known {
		r.wrong("pxe-service: unknown architecture %q; one of %s, or a number", fields[0], strings.Join(pxe.DnsmasqArchNames(), ", "))
		return
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

func archOf(name string) (pxe.Arch, bool) {
	if arch, ok := pxe.ParseArchName(name); ok {
		return arch, true
	}
	n, err := strconv.ParseUint(name, 10, 16)
	return pxe.Arch(n), err == nil
}

// basename reads a file, or the number of a boot server type. Files get types of their own, counted
// over all architectures (option.c, boottype).
func (r *reader) basename(s *proxydhcp.Service, name string) {
	if n, err := strconv.ParseUint(name, 10, 64); err == nil {
		if n > 65535 {
			r.wrong("pxe-service: boot server type %s is above 65535", name)
		}
		s.Type = uint16(n)
		return
	}
	if name == "" {
		r.wrong("pxe-service: the basename is missing; leave the comma out for local boot")
		return
	}
	s.Type, s.File = uint16(pxe.TypeFirstPrivate+r.services), name
	r.services++
}

// pxePrompt reads [tag:T,]TEXT[,SECONDS].
func (r *reader) pxePrompt(value text) {
	tags, value, ok := r.wants(value)
	if !ok {
		return
	}
	fields := value.fields()
	prompt := pxe.Prompt{Text: fields[0].String(), Seconds: pxe.NoTimeout}
	if len(fields) > 1 {
		n, err := strconv.ParseUint(fields[1].String(), 10, 8)
		if err != nil || len(fields) > 2 {
			r.wrong("pxe-prompt=%s: the seconds must be a number from 0 to 255; a text with a comma goes between double quotes", value)
			return
		}
		prompt.Seconds = byte(n)
	}
	r.cfg.DHCP.SubOptions = append(r.cfg.DHCP.SubOptions, proxydhcp.Prompt(prompt, tags, r.rule))
}

// dhcpReplyDelay reads [tag:T,]SECONDS.
func (r *reader) dhcpReplyDelay(value text) {
	tags, value, ok := r.wants(value)
	if !ok {
		return
	}
	n, err := strconv.ParseUint(value.String(), 10, 16)
	if err != nil {
		r.wrong("dhcp-reply-delay=%s: not a number of seconds", value)
		return
	}
	r.cfg.DHCP.Delays = append(r.cfg.DHCP.Delays, proxydhcp.Delay{Wait: time.Duration(n) * time.Second, Tags: tags, Rule: r.rule})
}
