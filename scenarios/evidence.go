package scenarios

import (
	"fmt"

	"github.com/bootrig/bootrig/emulator/rom"
	"github.com/bootrig/bootrig/scenarios/script"
)

// evidence says of which guests a run proves less than it seems to: a profile that was made from a
// specification is nobody's twin. Such a guest's trace may not be held against a real ROM's.
func evidence(req Request, file *script.File, plan *script.Plan) ([]string, error) {
	if req.World == QEMU {
		return nil, nil // real machines are their own evidence
	}
	var notes []string
	spec := map[string]bool{}
	for _, g := range plan.Guests {
		if p, err := rom.Lookup(g.Firmware); err == nil && p.Evidence == rom.Spec {
			spec[g.Name] = true
			notes = append(notes, fmt.Sprintf("%s is %s, made from %s: no capture of the real ROM stands behind it", g.Name, p.Name, p.Citation))
		}
	}
	for _, s := range plan.Steps {
		if g, ok := s.Statement.(script.Golden); ok && spec[g.Guest] {
			return nil, fmt.Errorf("%s:%d: golden: %s has a profile made from a specification, which equals no real ROM; compare with expect", file.Name, s.Line, g.Guest)
		}
	}
	return notes, nil
}
