package runner

import (
	"path/filepath"
	"slices"

	"github.com/bootrig/bootrig/emulator/qemu"
	"github.com/bootrig/bootrig/scenarios/runner/content"
	"github.com/bootrig/bootrig/scenarios/runner/script"
)

// firmwareDir is what is below the cache for firmware of other versions than this host's.
const firmwareDir = "firmware"

// FirmwareDir is where firmware of other versions than this host's is unpacked.
func FirmwareDir() (string, error) {
	cache, err := content.CacheDir()
	return filepath.Join(cache, firmwareDir), err
}

// sets is FirmwareDir for a plan.
func (p *plan) sets() (string, error) {
	cache, err := p.cache()
	return p.here(filepath.Join(cache, firmwareDir)), err
}

// exchange gives guests another version of the firmware they have.
func (p *plan) exchange(firmware string) {
	for i := range p.Guests {
		if qemu.StandsIn(firmware, p.Guests[i].Firmware) {
			p.Guests[i].Firmware = firmware
		}
	}
	p.Steps = slices.DeleteFunc(p.Steps, func(s script.Step) bool {
		_, golden := s.Statement.(script.Golden)
		return golden
	})
}

// locate finds the files that firmware is read from, beside the scenario.
func (p *plan) locate() {
	for i := range p.Guests {
		g := &p.Guests[i]
		if path, ok := qemu.FirmwareFile(g.Firmware); ok {
			if !filepath.IsAbs(path) {
				path = filepath.Join(p.req.Dir, path)
			}
			g.Firmware = "file:" + p.here(path)
		}
	}
}
