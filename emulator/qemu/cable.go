package qemu

import (
	"fmt"

	"github.com/digitalocean/go-qemu/qmp"
)

// SetLink plugs the cable in, or pulls it: the card tells its driver so.
func (g *Guest) SetLink(up bool) error {
	if _, err := g.domain.Run(qmp.Command{Execute: "set_link", Args: map[string]any{"name": "n0", "up": up}}); err != nil {
		return fmt.Errorf("link: %w", err)
	}
	return nil
}
