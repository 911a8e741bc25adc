package proxydhcp

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/policy"
	"github.com/bootrig/bootrig/wire/pxe"
)

// Config is what a site wants. Every entry carries the Rule it came from: "dnsmasq.conf:4".
type Config struct {
	Policy     policy.Policy // who has which tags, and who is left alone
	Networks   []dhcp.Network
	Boot       []Boot    // the last that fits a client wins, those with tags before those without
	Services   []Service // in the order of the menu
	SubOptions []SubOption
	Offers     []Offer
	Delays     []Delay // the last that fits a client counts, as for Boot
	Shared     dhcp.SharedNetworks
	Ports      dhcp.Ports // zero: 67 and 68
	Vendors    []string   // what option 60 may begin with, and what the answer repeats; empty: PXEClient
}

// A Boot is a file for all clients, or for those of some architectures. Clients of UEFI HTTP boot are
// ours if a Boot names their architecture; its File is a URI then. In a URI OurAddress stands for itself.
type Boot struct {
	File     string
	Local    bool          // in place of a File: the machine goes on with its own disk, at once
	Script   string        // "": none; else what an iPXE that has the Features gets in place of File
	Features []pxe.Feature // empty: any iPXE
	Server   netip.Addr    // the TFTP server; zero: ourselves
	Name     string        // of the TFTP server, which leases carry
	Archs    []pxe.Arch    // empty: all
	Tags     policy.Wants
	Starts   string // what the file starts by itself, in words; "": that is not known
	Rule     string
}

// A Service is one line of the boot menu.
type Service struct {
	Arch   pxe.Arch
	Text   string
	Type   uint16     // pxe.TypeLocalBoot, a registered type, or from pxe.TypeFirstPrivate up for a File
	File   string     // "pxelinux" becomes "pxelinux.0", the layer; a name with a dot is taken as it is
	Server netip.Addr // of a File, the TFTP server; of a numbered Type, the boot server; zero: see FileFor and menu
	Name   string     // of the Server, if it was named; UEFI clients get it as sname
	Tags   policy.Wants
	Rule   string
}

// A SubOption is a part of option 43 that is said by the configuration: a prompt, or anything else. It
// takes the place of the one with its code that we would make. Of several the last that fits counts.
type SubOption struct {
	Class string // a part of the client's option 60; "": of one of Vendors
	Any   bool   // whatever option 60 the client has
	pxe.SubOption
	Force bool // leases carry it even for those who do not ask for option 43
	Tags  policy.Wants
	Rule  string
}

// A Delay makes an answer wait, for DHCP servers that should be first.
type Delay struct {
	Wait time.Duration
	Tags policy.Wants
	Rule string
}

// Prompt makes the sub-option of the line above the menu.
func Prompt(p pxe.Prompt, tags policy.Wants, rule string) SubOption {
	return SubOption{SubOption: pxe.SubOption{Code: pxe.SubMenuPrompt, Value: p.Bytes()}, Tags: tags, Rule: rule}
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
		if longest := ToOurselves(name, longestAddress); len(longest) >= pxe.FileField {
			wrong(rule, "the boot file name has %d bytes, a DHCP packet has room for %d", len(longest), pxe.FileField-1)
		}
	}
	for _, n := range c.Networks {
		if !n.Addr.Is4() || n.Bits < 0 || n.Bits > 32 {
			wrong(n.Rule, "%s is no IPv4 network", n)
		}
	}
	for _, b := range c.Boot {
		file(b.Rule, b.File)
		file(b.Rule, b.Script)
		if b.http() && !b.Local && !strings.HasPrefix(b.File, "http://") && !strings.HasPrefix(b.File, "https://") {
			wrong(b.Rule, "boot file %q: UEFI HTTP boot wants a URI, such as http://192.168.9.2/%s", b.File, strings.TrimLeft(b.File, "/"))
		}
	}
	for _, o := range c.Offers {
		if !slices.Contains([]Form{Automatic, Direct, Redirect}, o.Form) {
			wrong(o.Rule, "the form of an offer is %s or %s, not %q", Direct, Redirect, o.Form)
		}
	}
	for _, s := range c.Services {
		file(s.Rule, s.FileFor(0))
		if len(s.Text) > maxMenuText {
			wrong(s.Rule, "the menu text has %d bytes, more than %d do not fit", len(s.Text), maxMenuText)
		}
	}
	for _, o := range c.SubOptions {
		if n := len(o.Value) - 1; o.Code == pxe.SubMenuPrompt && n > maxPromptText {
			wrong(o.Rule, "the prompt has %d bytes, more than %d do not fit", n, maxPromptText)
		}
	}
	return mistakes
}

// http tells whether a Boot is for clients of UEFI HTTP boot.
func (b Boot) http() bool { return slices.ContainsFunc(b.Archs, pxe.Arch.HTTP) }

// FileFor is the file of a boot item in a layer: "pxelinux" in layer 0 is "pxelinux.0" (dnsmasq,
// rfc2131.c; PXE 2.1 asks for layer 0 first). It is "" for a service without a file.
func (s Service) FileFor(layer uint16) string {
	if s.File == "" || strings.Contains(s.File, ".") {
		return s.File
	}
	return s.File + "." + strconv.Itoa(int(layer))
}
