package page

import (
	"encoding/base64"
	"html/template"
	"os"
	"path/filepath"

	"github.com/bootrig/bootrig/scenarios/runner"
)

// A shot is a picture of a screen on the page.
type shot struct {
	At, When string
	Image    template.URL // the picture itself; "" if there is no room for it
	Path     string       // the file
}

// An album bounds what pictures add to a page.
type album struct {
	dir  string
	used int
}

// What pictures may take: a screen of text is some 5 kB, one with a splash 100 kB.
const (
	maxPicture = 300 << 10
	maxAlbum   = 24 << 20
)

// of are the pictures of a guest's screen.
func (a *album) of(r runner.Result, g runner.Guest) (all []shot) {
	if len(r.Kept) == 0 {
		return nil
	}
	for _, screen := range g.Screens {
		file := filepath.Join(filepath.Dir(r.Kept[0]), screen.File)
		s := shot{At: screen.At, When: since(r.Began, screen.Time), Path: way(a.dir, file)}
		data, err := os.ReadFile(file)
		if err != nil {
			continue // somebody has taken it away
		}
		if len(data) <= maxPicture && a.used+len(data) <= maxAlbum {
			a.used += len(data)
			s.Image = template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(data))
		}
		all = append(all, s)
	}
	return all
}
