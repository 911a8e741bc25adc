// Package watch tells when files may have become others.
//
// # Why
//
// Tools put a new file in the place of an old one, turn a link, or write into the one that is there, and what the
// kernel says of the three differs. So what it says only means to look again: what counts is whether a file is another
// one, or was written to, since it was looked at last.
package watch

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/fsnotify/fsnotify"
)

// Places are what is watched.
type Places struct {
	Files []string // they change, come or go; a directory among them counts when a file comes or goes there
	Dirs  []string // files come to them or change there; that one goes says nothing
}

// What comes in one go is told once: when it has been quiet for a moment, but not much later than it began.
const (
	quiet   = 50 * time.Millisecond
	longest = 500 * time.Millisecond
)

// A Watcher watches Places, whatever they are by now.
type Watcher struct {
	notify *fsnotify.Watcher

	mu     sync.Mutex
	places Places
	seen   sight
	early  chan struct{} // something was another before it was watched
}

// New makes a Watcher of no places.
func New() (*Watcher, error) {
	notify, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, fmt.Errorf("watching files: %w", err)
	}
	return &Watcher{notify: notify, early: make(chan struct{}, 1)}, nil
}

// Close ends it.
func (w *Watcher) Close() error { return w.notify.Close() }

// Watch watches other places. Whoever reads them says when he began to: what has changed since then is told, as it may
// have been read too early. That what cannot be watched is the error, and the rest is.
func (w *Watcher) Watch(p Places, began time.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	last := w.seen
	w.places = p
	err := w.follow()
	w.seen = look(p)
	for name, now := range w.seen {
		if old, known := last[name]; known {
			w.seen[name] = old
		} else if now.since(began) {
			w.tell()
		}
	}
	return err
}

// tell has Run tell of a change.
func (w *Watcher) tell() {
	select {
	case w.early <- struct{}{}:
	default:
	}
}

// follow has the kernel tell of all directories that matter, as they are by now. It is asked again for those that it
// tells of already, which may have been replaced.
func (w *Watcher) follow() (failed error) {
	for dir := range w.places.around() {
		if err := w.notify.Add(dir); err != nil && !os.IsNotExist(err) && failed == nil {
			failed = fmt.Errorf("%s cannot be watched: %w", dir, err)
		}
	}
	return failed
}

// around are the directories in which something has to happen before a place is another: its own, and that of what a
// link leads to.
func (p Places) around() map[string]bool {
	all := map[string]bool{}
	add := func(name string) {
		all[filepath.Dir(name)] = true
		real, err := filepath.EvalSymlinks(name)
		if err != nil {
			return
		}
		all[filepath.Dir(real)] = true
		if info, err := os.Stat(real); err == nil && info.IsDir() {
			all[real] = true
		}
	}
	for _, name := range p.Files {
		add(name)
	}
	for _, name := range p.Dirs {
		add(name)
	}
	return all
}

// Run calls changed when something has, until ctx ends.
func (w *Watcher) Run(ctx context.Context, changed func()) {
	var settled, late <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case _, open := <-w.notify.Events:
			if !open {
				return
			}
			settled = time.After(quiet)
			if late == nil {
				late = time.After(longest)
			}
			continue
		case _, open := <-w.notify.Errors: // an overflow: who knows what was lost
			if !open {
				return
			}
			settled = time.After(quiet)
			continue
		case <-w.early:
			changed()
			continue
		case <-settled:
		case <-late:
		}
		settled, late = nil, nil
		if w.another() {
			changed()
		}
	}
}

// another looks again, and tells whether something has changed since the last time.
func (w *Watcher) another() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	_ = w.follow()
	last := w.seen
	w.seen = look(w.places)
	return w.places.differ(last, w.seen)
}
