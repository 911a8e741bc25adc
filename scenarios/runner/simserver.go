package runner

import (
	"fmt"
	"net"
	"net/netip"

	"github.com/bootrig/bootrig/server"
	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/config/dnsmasq"
	"github.com/bootrig/bootrig/server/proxydhcp"
	"github.com/bootrig/bootrig/wire/machine"
)

// ownServer is our server as a machine, for the simulated world.
func (b *lab) ownServer() (machine.Machine, func(port uint16) bool, error) {
	cfg := server.Config{
		Events: b.facts,
		Learn:  func(link int, addr netip.Addr, mac net.HardwareAddr) { b.serverCards[link].Learn(addr, mac) },
	}
	for i, at := range b.serverLans() {
		cfg.Links = append(cfg.Links, proxydhcp.Link{Name: fmt.Sprint("eth", i), Index: i, Prefix: b.serverPrefix(at)})
	}
	var err error
	if cfg.Settings, err = b.settings(cfg.Links); err != nil {
		return nil, nil, err
	}
	if form := b.plan.Server.Offer; form != "" {
		cfg.Settings.DHCP.Offers = []proxydhcp.Offer{{Form: proxydhcp.Form(form), Rule: "offer=" + form}}
	}
	for _, tree := range b.trees {
		if tree.As == cfg.Settings.TFTP.Root {
			cfg.Tree = tree.Served()
		}
	}
	s, err := server.New(cfg)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", b.file.Name, err)
	}
	return s.Machine(), s.Listens, nil
}

// settings are what the server under test is told, as far as it is ours.
func (b *lab) settings(links []proxydhcp.Link) (config.Config, error) {
	var read *config.Config
	var err error
	switch name := b.plan.Server.Config; {
	case b.req.Host.Dir != "":
		return config.Directory(b.req.Host.Dir, links)
	case b.req.Host.Conf != "":
		read, err = dnsmasq.Load(b.req.Host.Conf)
	case name != "":
		data, _ := b.file.File(name)
		if read, err = dnsmasq.Parse(name, data); err != nil {
			err = fmt.Errorf("%s: %w", b.file.Name, err)
		}
	default:
		return config.Config{}, nil
	}
	if err != nil {
		return config.Config{}, err
	}
	return *read, nil
}
