package runner

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/bootrig/bootrig/internal/textfile"
	"github.com/bootrig/bootrig/scenarios/runner/golden"
	"github.com/bootrig/bootrig/scenarios/runner/script"
)

// goldens are the names of the golden files that a run is compared with, and the guest of each.
func (p *plan) goldens() map[string]string {
	names := map[string]string{}
	for _, s := range p.Steps {
		if g, ok := s.Statement.(script.Golden); ok && p.req.serverKind() != "other" {
			names[g.For(p.req.serverKind())] = g.Guest
		}
	}
	return names
}

// readGolden reads the golden files: those of the archive, else those beside the scenario.
func (p *plan) readGolden() error {
	p.golden = map[string][]byte{}
	for name := range p.goldens() {
		if data, ok := p.file.File(name); ok {
			if p.req.Update {
				return mistake("%s: the golden file %s is part of the scenario: take it out there to have it written beside it", p.req.Name, name)
			}
			p.golden[name] = data
			continue
		}
		data, err := textfile.Read(filepath.Join(p.req.Dir, filepath.FromSlash(name)))
		switch {
		case err == nil:
			p.golden[name] = data
		case !errors.Is(err, fs.ErrNotExist):
			return mistake("%s: golden: %w", p.req.Name, err)
		}
	}
	return nil
}

// origin is what a trace of this run would be worth.
func (p *plan) origin() golden.Origin {
	if p.req.World == QEMU {
		return golden.Real
	}
	return golden.Scripted
}

// writes tells whether this run may write a golden file: the trace of a real ROM is not replaced by that of a
// scripted one, which must equal it.
func (p *plan) writes(name string) bool {
	data, there := p.golden[name]
	return p.req.Update && (!there || p.origin() == golden.Real || golden.OriginOf(data) == golden.Scripted)
}

// compareGolden says how a guest's trace differs from its golden file.
func (l *lab) compareGolden(r *Result, g script.Golden) string {
	if l.req.serverKind() == "other" {
		r.Notes = append(r.Notes, "golden traces are kept for ours and dnsmasq only")
		return ""
	}
	name := g.For(l.req.serverKind())
	if l.writes(name) {
		return ""
	}
	data, there := l.golden[name]
	if !there {
		return fmt.Sprintf("there is no %s yet: `bootrig test --update %s` writes it", name, l.req.Name)
	}
	return golden.Compare(name, data, r.Traces[g.Guest])
}

// update writes the golden files of a good run.
func (p *plan) update(r *Result) error {
	for name, guest := range p.goldens() {
		if !p.writes(name) {
			continue
		}
		path := filepath.Join(p.req.Dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, golden.Text(p.origin(), r.Traces[guest]), 0o644); err != nil {
			return err
		}
		r.Written = append(r.Written, path)
	}
	return nil
}
