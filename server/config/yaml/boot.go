package yaml

import (
	"net/netip"
	"time"

	"github.com/bootrig/bootrig/server/lease"
	"github.com/bootrig/bootrig/server/policy"
	"github.com/bootrig/bootrig/server/proxydhcp"
	"github.com/bootrig/bootrig/wire/pxe"
)

// boot is a file for some clients.
func boot() form[proxydhcp.Boot] {
	fields := append(program(),
		key("arch", "the architectures it is for; without it all, but for those that boot by HTTP", some(arch()), func(b *proxydhcp.Boot) *[]pxe.Arch { return &b.Archs }),
		tagged(func(b *proxydhcp.Boot) *policy.Wants { return &b.Tags }),
	)
	return booting(fields)
}

// booting is an entry with these keys. What goes with a file says nothing of a disk.
func booting(fields []field[proxydhcp.Boot]) form[proxydhcp.Boot] {
	return object[proxydhcp.Boot]{
		fields: fields,
		one:    []string{"file", "local"},
		either: [][]string{{"local", "script"}, {"local", "features"}, {"local", "server"}, {"local", "server-name"}},
		rule:   func(b *proxydhcp.Boot) *string { return &b.Rule },
	}.form()
}

// program is what is booted.
func program() []field[proxydhcp.Boot] {
	type T = proxydhcp.Boot
	return []field[T]{
		unless(func(b T) bool { return b.Local },
			key("file", "the boot file, below tftp's root; for UEFI HTTP boot a URI, in which {server} is our address", anyText(), func(b *T) *string { return &b.File })),
		key("local", "true: in place of a file the machine's own disk, which its firmware goes on with at once", yes(), func(b *T) *bool { return &b.Local }),
		key("script", "what an iPXE gets in place of the file, so that a file that is iPXE loads it once", text(), func(b *T) *string { return &b.Script }),
		key("features", "what an iPXE must have for the script; without it any iPXE gets it", some(feature()), func(b *T) *[]pxe.Feature { return &b.Features }),
		key("server", "the TFTP server; without it this one", address(), func(b *T) *netip.Addr { return &b.Server }),
		key("server-name", "the TFTP server's name, which leases tell", text(), func(b *T) *string { return &b.Name }),
	}
}

// offer says how much an OFFER says.
func offer() form[proxydhcp.Offer] {
	type T = proxydhcp.Offer
	return object[T]{
		fields: []field[T]{
			must(key("form", "direct: all of it; redirect: only to ask on port 4011, which some UEFI firmware wants; automatic: what dnsmasq would say", offerForm(), func(o *T) *proxydhcp.Form { return &o.Form })),
			key("arch", "the architectures it is for; without it all", some(arch()), func(o *T) *[]pxe.Arch { return &o.Archs }),
			tagged(func(o *T) *policy.Wants { return &o.Tags }),
		},
		rule: func(o *T) *string { return &o.Rule },
	}.form()
}

func offerForm() form[proxydhcp.Form] {
	return choice("form of an offer", map[string]proxydhcp.Form{
		"automatic": proxydhcp.Automatic, string(proxydhcp.Direct): proxydhcp.Direct, string(proxydhcp.Redirect): proxydhcp.Redirect,
	})
}

// delay makes answers wait.
func delay() form[proxydhcp.Delay] {
	type T = proxydhcp.Delay
	return object[T]{
		fields: []field[T]{
			must(key("wait", "how long, such as 2s", wait(), func(d *T) *time.Duration { return &d.Wait })),
			tagged(func(d *T) *policy.Wants { return &d.Tags }),
		},
		rule: func(d *T) *string { return &d.Rule },
	}.form()
}

// wait is a time that ends.
func wait() form[time.Duration] {
	f := duration(0, lease.Infinite)
	f.schema = schema{"type": "string", "pattern": "^[0-9]+(ms|[smhdw])$"}
	return f
}
