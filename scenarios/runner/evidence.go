package runner

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// keep writes what a run leaves behind into a directory of its own, and names it in the result. The verdict stands
// where the disk is full: what could not be kept is told.
func (b *lab) keep(r *Result, files map[string]io.Reader) {
	dir, err := b.ownDir(r)
	if err != nil {
		r.lost(err)
		return
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := write(filepath.Join(b.here(dir), name), files[name]); err != nil {
			r.lost(fmt.Errorf("%s: %w", filepath.Join(dir, name), err))
			continue
		}
		r.Kept = append(r.Kept, filepath.Join(dir, name))
	}
}

// write makes a file, whole or not at all.
func write(path string, from io.Reader) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err == nil {
		_, err = io.Copy(f, from)
		if err = errors.Join(err, f.Close()); err != nil {
			_ = os.Remove(path)
		}
	}
	var at *fs.PathError
	if errors.As(err, &at) { // its name is the lab's, not the reader's
		err = at.Err
	}
	return err
}

// lost tells what is not among what was kept.
func (r *Result) lost(err error) { r.Notes = append(r.Notes, "not kept: "+err.Error()) }

// ownDir makes a directory that no other run has, nor had: it is new, so nobody can have put a link there.
func (b *lab) ownDir(r *Result) (string, error) {
	if err := os.MkdirAll(b.here(b.req.Out), 0o700); err != nil {
		return "", err
	}
	base := strings.TrimSuffix(filepath.Base(b.file.Name), ".txtar") + "-" + r.World + "-" + r.Server
	if r.Seed != 0 {
		base += fmt.Sprintf("-seed%d", r.Seed)
	}
	for n := 1; ; n++ {
		dir := filepath.Join(b.req.Out, base)
		if n > 1 {
			dir += fmt.Sprintf("-%d", n)
		}
		if err := os.Mkdir(b.here(dir), 0o700); !errors.Is(err, fs.ErrExist) {
			return dir, err
		}
	}
}

// consoles are those of the real machines.
func (r *realRun) consoles() map[string]io.Reader {
	files := map[string]io.Reader{}
	for _, g := range r.guests {
		var text bytes.Buffer
		fmt.Fprintf(&text, "# %s\n", g.qemu.Command())
		for _, line := range g.tail {
			fmt.Fprintln(&text, line)
		}
		files[g.name+".console"] = &text
	}
	return files
}

// artefacts are what a run leaves for people.
func (r *realRun) artefacts(pcapng io.Reader) map[string]io.Reader {
	files := r.consoles()
	files["wire.pcapng"] = pcapng
	for _, g := range r.guests {
		names := []string{g.name + ".serial"}
		for _, s := range g.album.shots {
			names = append(names, s.File)
		}
		for _, name := range names {
			if data, err := os.ReadFile(filepath.Join(r.dir, name)); err == nil {
				files[name] = bytes.NewReader(data)
			}
		}
	}
	if r.server != nil {
		var text bytes.Buffer
		for _, line := range r.server.Tail(1000) {
			fmt.Fprintln(&text, line)
		}
		files["server.log"] = &text
	}
	return files
}
