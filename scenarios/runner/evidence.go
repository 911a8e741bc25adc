package runner

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// keep writes what a run leaves behind, one file for each extension, and names it in the result.
func (b *lab) keep(r *Result, files map[string]io.Reader) error {
	if err := os.MkdirAll(b.req.Out, 0o755); err != nil {
		return err
	}
	base := strings.TrimSuffix(filepath.Base(b.file.Name), ".txtar") + "-" + r.World + "-" + r.Server
	if r.Seed != 0 {
		base += fmt.Sprintf("-seed%d", r.Seed)
	}
	for ext, from := range files {
		name := filepath.Join(b.req.Out, base+"."+ext)
		f, err := os.Create(name)
		if err != nil {
			return err
		}
		_, err = io.Copy(f, from)
		if err = errors.Join(err, f.Close()); err != nil {
			return err
		}
		r.Kept = append(r.Kept, name)
	}
	return nil
}

// artefacts are what a run leaves for people.
func (r *realRun) artefacts(pcapng io.Reader) map[string]io.Reader {
	files := map[string]io.Reader{"pcapng": pcapng}
	for _, g := range r.guests {
		var text bytes.Buffer
		fmt.Fprintf(&text, "# %s\n", g.qemu.Command())
		for _, line := range g.tail {
			fmt.Fprintln(&text, line)
		}
		files[g.name+".console"] = &text
		for ext, name := range map[string]string{".png": g.screenshot(r.dir), ".serial": filepath.Join(r.dir, g.name+".serial")} {
			if data, err := os.ReadFile(name); err == nil {
				files[g.name+ext] = bytes.NewReader(data)
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
