package page

import (
	"bufio"
	"crypto/sha256"
	_ "embed" // the page's own files
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/bootrig/bootrig/internal/teller"
	"github.com/bootrig/bootrig/scenarios/runner"
	"github.com/bootrig/bootrig/scenarios/runner/report"
)

// A Book is all that one page tells.
type Book struct {
	Command string // that was typed
	When    time.Time
	Runs    []Run
}

// Name is the page's file.
const Name = "index.html"

// Write writes the page into a directory, whole or not at all. What runs left is linked from there.
func (b Book) Write(dir string) (err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, Name+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name())
		}
	}()
	w := bufio.NewWriter(f)
	err = b.print(w, dir)
	if err = errors.Join(err, w.Flush(), f.Chmod(0o644), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), filepath.Join(dir, Name))
}

//go:embed page.html
var text string

//go:embed page.css
var style string

//go:embed page.js
var behaviour string

// print writes the page.
func (b Book) print(w io.Writer, dir string) error {
	t, err := template.New(Name).Parse(text)
	if err != nil {
		return err
	}
	sum := sha256.Sum256([]byte(behaviour))
	b.Command = short(teller.Clean(b.Command))
	view := struct {
		Book
		Style  template.CSS
		Script template.JS
		Policy string
		Count  []count
		Worlds []string
		Items  []item
	}{
		b, template.CSS(style), template.JS(behaviour),
		fmt.Sprintf("default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-%s'", base64.StdEncoding.EncodeToString(sum[:])),
		b.count(), b.worlds(), b.items(dir),
	}
	return t.Execute(w, view)
}

// A count is how many runs ended in a way.
type count struct {
	Outcome runner.Outcome
	Sign    string
	N       int
}

func (b Book) count() (all []count) {
	for _, outcome := range []runner.Outcome{runner.Passed, runner.Failed, runner.NotTested, runner.Wrong} {
		c := count{outcome, report.Signs[outcome], 0}
		for _, r := range b.Runs {
			if r.result.Outcome == outcome {
				c.N++
			}
		}
		all = append(all, c)
	}
	return all
}

// worlds are those that runs were in.
func (b Book) worlds() (all []string) {
	for _, world := range []string{runner.Sim, runner.Tap, runner.QEMU} {
		for _, r := range b.Runs {
			if r.result.World == world {
				all = append(all, world)
				break
			}
		}
	}
	return all
}
