package proxydhcp

import (
	"net/netip"

	"github.com/bootrig/bootrig/internal/pxe"
)

// menu makes option 43 from the services of one architecture, in dnsmasq's order (rfc2131.c, pxe_opts;
// capture A, frame 2), and says how many of them it holds. Old ROMs do not put an option together from
// parts, so what does not fit 255 bytes is left out from the end.
func menu(cfg *Config, services []Service, self netip.Addr) (pxe.SubOptions, int) {
	for n := len(services); ; n-- {
		subs := menuOf(cfg, services[:n], self)
		if b, err := subs.Bytes(); n == 0 || err == nil && len(b) <= 255 {
			return subs, n
		}
	}
}

func menuOf(cfg *Config, services []Service, self netip.Addr) pxe.SubOptions {
	// Multicast discovery is not listened for, and broadcast only helps where no server is known.
	control := pxe.NoBroadcast | pxe.NoMulticast
	var items, servers []byte
	for _, s := range services {
		items = pxe.AppendMenuItem(items, pxe.MenuItem{Type: s.Type, Text: s.Text})
		server := s.Server
		if s.File != "" {
			server = self // the boot item is asked of us, whoever serves the file
		}
		switch {
		case server.IsValid():
			servers = pxe.AppendBootServers(servers, pxe.BootServers{Type: s.Type, Addrs: []netip.Addr{server}})
		case s.Type != pxe.TypeLocalBoot:
			control = pxe.NoMulticast
		}
	}
	if len(services) == 0 {
		control = pxe.UseFile
	}
	subs := pxe.SubOptions{{Code: pxe.SubDiscoveryControl, Value: []byte{byte(control)}}}
	if cfg.Prompt == nil {
		subs = append(subs, prompt(defaultPrompt(len(services))))
	}
	if servers != nil {
		subs = append(subs, pxe.SubOption{Code: pxe.SubBootServers, Value: servers})
	}
	if items != nil {
		subs = append(subs, pxe.SubOption{Code: pxe.SubBootMenu, Value: items})
	}
	if cfg.Prompt != nil {
		subs = append(subs, prompt(pxe.Prompt{Seconds: cfg.Prompt.Seconds, Text: cfg.Prompt.Text}))
	}
	return subs
}

// defaultPrompt waits for a key if there is a choice. Without any prompt iPXE would show the menu and
// wait for ever (pxemenu.c).
func defaultPrompt(items int) pxe.Prompt {
	if items > 1 {
		return pxe.Prompt{Seconds: pxe.NoTimeout, Text: "PXE"}
	}
	return pxe.Prompt{Text: "PXE"}
}

func prompt(p pxe.Prompt) pxe.SubOption {
	return pxe.SubOption{Code: pxe.SubMenuPrompt, Value: p.Bytes()}
}
