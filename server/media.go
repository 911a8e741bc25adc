package server

import (
	"fmt"

	"github.com/bootrig/bootrig/server/media"
	"github.com/bootrig/bootrig/server/media/ways"
)

// openMedia looks into the media of the configuration, if there are any, and has them say what else is served.
func (p *plan) openMedia(o ways.Options) error {
	m := p.given.Media
	if len(m.Paths) == 0 {
		return nil
	}
	if p.given.TFTP.Enabled {
		return fmt.Errorf("%s: TFTP serves the media, so not %s too: say that among the paths of the media, and it is laid over them", m.Rule, p.given.TFTP.Root)
	}
	o.HTTP, o.Leases = p.given.HTTP, len(p.given.Leases.Ranges) > 0
	if o.Families == nil {
		o.Families = media.Embedded()
	}
	served, err := ways.Open(m, o)
	if err != nil {
		return err
	}
	p.media, p.given = served, served.Settings(p.given)
	if p.tree == nil {
		p.tree = served.Tree()
	}
	return nil
}
