package runner

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/bootrig/bootrig/emulator/loader"
	"github.com/bootrig/bootrig/scenarios/runner/script"
	"github.com/bootrig/bootrig/server/content"
)

// handoff is what a scripted guest ended with, nil if it failed, has not ended, or is real.
func (b *lab) handoff(guest string) *loader.Handoff {
	for _, s := range b.scripted {
		if r, done := s.guest.Done(); done && s.name == guest {
			return r.Handoff
		}
	}
	return nil
}

// compareModules compares the command lines of the modules a guest handed over, one a line, with a file
// of the archive.
func (b *lab) compareModules(c script.Cmp) string {
	h := b.handoff(c.Guest)
	if h == nil {
		return "the guest handed nothing over"
	}
	var got strings.Builder
	for _, m := range h.Modules {
		fmt.Fprintln(&got, m.Cmdline)
	}
	want, _ := b.file.File(c.File)
	return string(diff.Diff(c.File, want, c.Guest+"."+c.What, []byte(got.String())))
}

// arrivedWhole compares what lies in a guest's memory at the hand-over with what the server has: a
// transfer can lose or double a block and still end well. It is done for every scripted guest.
func (b *lab) arrivedWhole() (string, error) {
	for _, s := range b.scripted {
		h := b.handoff(s.name)
		if h == nil {
			continue
		}
		for _, m := range h.Modules {
			want, err := b.served(m.Name, m.SHA256)
			if err != nil {
				return "", err
			}
			if want != "" && want != m.SHA256 {
				return fmt.Sprintf("%s has %s with SHA-256 %s, the server's has %s", s.name, m.Name, m.SHA256, want), nil
			}
		}
	}
	return "", nil
}

// served is the sum of the file that the server has, or had, under a name, if that is the one that came; "" if it has
// none.
func (b *lab) served(name, came string) (last string, err error) {
	for _, tree := range append(slices.Clone(b.past), b.trees...) {
		f, err := tree.Served().Open(name)
		if err != nil {
			continue
		}
		if last, err = sum(f); err != nil || last == came {
			return last, err
		}
	}
	return last, nil
}

func sum(f *content.File) (string, error) {
	defer func() { _ = f.Close() }()
	h := sha256.New()
	if _, err := io.Copy(h, io.NewSectionReader(f, 0, f.Size)); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
