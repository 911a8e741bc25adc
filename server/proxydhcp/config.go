package proxydhcp

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/bootrig/bootrig/internal/pxe"
)

// Config is what a site wants. Every entry carries the Rule it came from: "dnsmasq.conf:4".
type Config struct {
	Ranges   []Range
	Boot     []Boot    // the last that fits a client wins, as in dnsmasq
	Services []Service // in the order of the menu
	Prompt   *Prompt
	Vendors  []string // what option 60 may begin with, and what the answer repeats; empty: PXEClient
}

// A Range is a network whose clients are ours to answer. Without Bits it takes the mask of the link.
type Range struct {
	Addr netip.Addr
	Bits int // 0: the link's
	Rule string
}

// A Boot is a file for all clients, or for those of some architectures.
type Boot struct {
	File   string
	Server netip.Addr // the TFTP server; zero: ourselves
	Archs  []pxe.Arch // empty: all
	Rule   string
}

// A Service is one line of the boot menu.
type Service struct {
	Arch   pxe.Arch
	Text   string
	Type   uint16     // pxe.TypeLocalBoot, a registered type, or from pxe.TypeFirstPrivate up for a File
	File   string     // "pxelinux" becomes "pxelinux.0", the layer; a name with a dot is taken as it is
	Server netip.Addr // of a File, the TFTP server; of a numbered Type, the boot server; zero: see FileOf and menu
	Rule   string
}

// A Prompt is the line above the menu. Seconds is pxe.NoTimeout for "wait for a key".
type Prompt struct {
	Text    string
	Seconds byte
	Rule    string
}

// Limits that make the smallest menu fit one option 43, which old ROMs do not put together from parts.
const (
	maxMenuText   = 120
	maxPromptText = 100
)

// Check finds what no client could make sense of, each mistake with its rule.
func (c *Config) Check() []error {
	var mistakes []error
	wrong := func(rule, format string, args ...any) {
		mistakes = append(mistakes, fmt.Errorf("%s: %s", rule, fmt.Sprintf(format, args...)))
	}
	file := func(rule, name string) {
		if len(name) >= pxe.FileField {
			wrong(rule, "the boot file name has %d bytes, a DHCP packet has room for %d", len(name), pxe.FileField-1)
		}
	}
	for _, r := range c.Ranges {
		if !r.Addr.Is4() || r.Bits < 0 || r.Bits > 32 {
			wrong(r.Rule, "%s is no IPv4 network", r)
		}
	}
	for _, b := range c.Boot {
		file(b.Rule, b.File)
	}
	for _, s := range c.Services {
		file(s.Rule, s.FileFor(0))
		if len(s.Text) > maxMenuText {
			wrong(s.Rule, "the menu text has %d bytes, more than %d do not fit", len(s.Text), maxMenuText)
		}
	}
	if p := c.Prompt; p != nil && len(p.Text) > maxPromptText {
		wrong(p.Rule, "the prompt has %d bytes, more than %d do not fit", len(p.Text), maxPromptText)
	}
	return mistakes
}

// FileFor is the file of a boot item in a layer: "pxelinux" in layer 0 is "pxelinux.0" (dnsmasq,
// rfc2131.c; PXE 2.1 asks for layer 0 first). It is "" for a service without a file.
func (s Service) FileFor(layer uint16) string {
	if s.File == "" || strings.Contains(s.File, ".") {
		return s.File
	}
	return s.File + "." + strconv.Itoa(int(layer))
}

// String is the network as it was written: "192.168.9.0", or "192.168.9.0/24".
func (r Range) String() string {
	if r.Bits == 0 {
		return r.Addr.String()
	}
	return netip.PrefixFrom(r.Addr, r.Bits).String()
}

// network is the range's network as seen from a link.
func (r Range) network(link Link) netip.Prefix {
	bits := r.Bits
	if bits == 0 {
		bits = link.Prefix.Bits()
	}
	return netip.PrefixFrom(r.Addr, bits).Masked()
}

// On tells whether the range is the network of link.
func (r Range) On(link Link) bool { return r.network(link).Contains(link.Prefix.Addr()) }

// OnAny tells whether the range is the network of one of the links.
func (r Range) OnAny(links []Link) bool { return slices.ContainsFunc(links, r.On) }

// boot is the file for an architecture.
func (c *Config) boot(arch pxe.Arch) (Boot, bool) {
	for i := len(c.Boot) - 1; i >= 0; i-- {
		b := c.Boot[i]
		if len(b.Archs) == 0 || slices.Contains(b.Archs, arch) {
			return b, true
		}
	}
	return Boot{}, false
}

// services are the menu's lines for an architecture.
func (c *Config) services(arch pxe.Arch) []Service {
	var fit []Service
	for _, s := range c.Services {
		if s.Arch == arch {
			fit = append(fit, s)
		}
	}
	return fit
}

// vendor is the class to repeat to a client that sent option 60 as class; "" is a client not ours.
func (c *Config) vendor(class string) string {
	if len(c.Vendors) == 0 && strings.HasPrefix(class, pxe.PXEClient) {
		return pxe.PXEClient
	}
	for _, v := range c.Vendors {
		if strings.HasPrefix(class, v) {
			return v
		}
	}
	return ""
}
