package scenarios

import (
	"fmt"

	"github.com/bootrig/bootrig/internal/machine"
	"github.com/bootrig/bootrig/server"
	"github.com/bootrig/bootrig/server/config/dnsmasq"
	"github.com/bootrig/bootrig/server/proxydhcp"
)

// ownServer is our server as a machine, for the simulated world.
func (b *bench) ownServer() (machine.Machine, func(port uint16) bool, error) {
	cfg := server.Config{
		Links:  []proxydhcp.Link{{Name: "eth0", Index: 0, Prefix: b.serverPrefix()}},
		Events: b.facts,
	}
	if name := b.plan.Server.Config; name != "" {
		data, _ := b.file.File(name)
		settings, err := dnsmasq.Parse(name, data)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", b.file.Name, err)
		}
		cfg.Settings = *settings
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
