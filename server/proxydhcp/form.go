package proxydhcp

import (
	"slices"

	"github.com/bootrig/bootrig/server/policy"
	"github.com/bootrig/bootrig/wire/pxe"
)

// A Form is how much an OFFER says already. Port 4011 answers in full whatever the form is.
type Form string

const (
	// Automatic is dnsmasq's choice: BIOS machines and those with a boot file are told in the OFFER,
	// UEFI machines with a menu on port 4011. OVMF and iPXE boot with it (captures A and B).
	Automatic Form = ""
	// Direct says all in the OFFER: 43={6:8} beside a file sends OVMF and iPXE to TFTP without asking
	// port 4011 (captures F1 and F2).
	Direct Form = "direct"
	// Redirect says nothing in the OFFER but who to ask on port 4011: no option 43, no file. Some UEFI
	// firmware ignores every other form (pixiecore, dhcp.go).
	Redirect Form = "redirect"
)

// An Offer chooses the Form for some clients. The last that fits counts, as for Boot.
type Offer struct {
	Form  Form
	Archs []pxe.Arch // empty: all
	Tags  policy.Wants
	Rule  string
}

func (c *Config) offer(client *client, arch pxe.Arch) Offer {
	chosen := policy.Best(c.Offers, func(o *Offer) (policy.Wants, bool) {
		return o.Tags, len(o.Archs) == 0 || slices.Contains(o.Archs, arch)
	}, client.tags)
	if chosen == nil {
		return Offer{}
	}
	return *chosen
}
