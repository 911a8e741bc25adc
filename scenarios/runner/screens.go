package runner

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/bootrig/bootrig/internal/verdict"
	"github.com/bootrig/bootrig/wire/event"
)

// An album has the pictures of a real machine's screen: one of each stage that its boot came to, and the last.
type album struct {
	boot  verdict.Boot
	stage verdict.Stage // of the latest picture
	shots []Screen
	last  [sha256.Size]byte // of the latest picture
}

// follow tells the albums what happens, and takes pictures where a boot has come further. Of stages that follow at once
// there is one.
func (r *realRun) follow(events []event.Event) {
	if !r.req.Keep || r.req.Out == "" {
		return
	}
	for _, g := range r.guests {
		for _, e := range events {
			if e.Client == g.name {
				g.album.boot.Take(e)
			}
		}
		if stage := g.album.boot.Reached(); stage > g.album.stage {
			g.album.stage = stage
			g.shoot(r.dir, stage.String())
		}
	}
}

// shoot takes a picture of the screen, if the machine still shows one.
func (g *realGuest) shoot(dir, at string) {
	s := Screen{Time: time.Now(), At: at, File: fmt.Sprintf("%s-%d-%s.png", g.name, len(g.album.shots)+1, at)}
	if at == atEnd {
		s.File = g.name + ".png"
	}
	path := filepath.Join(dir, s.File)
	if g.qemu.Stopped() || g.qemu.Screenshot(path) != nil { // a process that is stopped answers nothing
		return
	}
	if picture, err := os.ReadFile(path); err == nil {
		g.album.add(s, picture)
	}
}

// add adds a picture that is not the same as the one before. That of the end takes its place.
func (a *album) add(s Screen, picture []byte) {
	sum, n := sha256.Sum256(picture), len(a.shots)
	switch same := n > 0 && sum == a.last; {
	case same && s.At != atEnd:
		return
	case same:
		s.At = a.shots[n-1].At + ", and at the end"
		a.shots = a.shots[:n-1]
	}
	a.shots, a.last = append(a.shots, s), sum
}

// atEnd is the picture that a failed run leaves anyway.
const atEnd = "end"

// machines tells of the guests what only real ones have.
func (r *realRun) machines(result *Result) {
	for _, g := range r.guests {
		at := slices.IndexFunc(result.Guests, func(all Guest) bool { return all.Name == g.name })
		result.Guests[at].Command, result.Guests[at].Screens = g.qemu.Command(), g.album.shots
	}
}
