package watch

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	must(t, os.MkdirAll(filepath.Dir(name), 0o755))
	must(t, os.WriteFile(name, []byte(text), 0o600))
}

// tree makes a directory of what there is at first, and the Places of it that are watched.
func tree(t *testing.T) (dir string, p Places) {
	t.Helper()
	dir = t.TempDir()
	write(t, dir+"/etc/conf", "1")
	write(t, dir+"/etc/other", "1")
	write(t, dir+"/real/conf", "1")
	write(t, dir+"/real.2/conf", "2")
	write(t, dir+"/conf.d/a", "1")
	write(t, dir+"/hosts/a", "1")
	must(t, os.Symlink("../real/conf", dir+"/etc/link"))
	must(t, os.Symlink("real", dir+"/turned"))
	return dir, Places{
		Files: []string{dir + "/etc/conf", dir + "/etc/link", dir + "/etc/missing", dir + "/turned/conf", dir + "/conf.d", dir + "/conf.d/a"},
		Dirs:  []string{dir + "/hosts"},
	}
}

// What happens to the tree, and whether it is a change.
func TestWhatIsAChange(t *testing.T) {
	for name, c := range map[string]struct {
		do      func(dir string) error
		another bool
	}{
		"nothing":                        {func(string) error { return nil }, false},
		"a file is written to":           {func(dir string) error { return os.WriteFile(dir+"/etc/conf", []byte("22"), 0o600) }, true},
		"another beside it is":           {func(dir string) error { return os.WriteFile(dir+"/etc/other", []byte("22"), 0o600) }, false},
		"one takes its place":            {func(dir string) error { return os.Rename(dir+"/etc/other", dir+"/etc/conf") }, true},
		"it goes":                        {func(dir string) error { return os.Remove(dir + "/etc/conf") }, true},
		"one that was missing comes":     {func(dir string) error { return os.WriteFile(dir+"/etc/missing", nil, 0o600) }, true},
		"what a link leads to":           {func(dir string) error { return os.WriteFile(dir+"/real/conf", []byte("22"), 0o600) }, true},
		"a link is turned":               {func(dir string) error { return turn(dir+"/turned", "real.2") }, true},
		"a file comes to a directory":    {func(dir string) error { return os.WriteFile(dir+"/conf.d/b", nil, 0o600) }, true},
		"one comes to a watched one":     {func(dir string) error { return os.WriteFile(dir+"/hosts/b", nil, 0o600) }, true},
		"one changes in a watched one":   {func(dir string) error { return os.WriteFile(dir+"/hosts/a", []byte("22"), 0o600) }, true},
		"one goes from a watched one":    {func(dir string) error { return os.Remove(dir + "/hosts/a") }, false},
		"a watched one goes":             {func(dir string) error { return os.RemoveAll(dir + "/hosts") }, false},
		"its mode lets others read it":   {func(dir string) error { return os.Chmod(dir+"/etc/conf", 0o644) }, true},
		"one is read":                    {func(dir string) error { _, err := os.ReadFile(dir + "/etc/conf"); return err }, false},
		"a link to a link is turned too": {func(dir string) error { return turn(dir+"/etc/link", "conf") }, true},
	} {
		t.Run(name, func(t *testing.T) {
			dir, p := tree(t)
			last := look(p)
			must(t, c.do(dir))
			if got := p.differ(last, look(p)); got != c.another {
				t.Errorf("it is another: %t, want %t", got, c.another)
			}
		})
	}
}

// turn makes a link lead elsewhere, as `ln -sfn` does.
func turn(link, to string) error {
	if err := os.Symlink(to, link+".new"); err != nil {
		return err
	}
	return os.Rename(link+".new", link)
}

// watched runs a Watcher, and yields what it tells.
func watched(t *testing.T, p Places, began time.Time) (w *Watcher, told chan struct{}) {
	t.Helper()
	w, err := New()
	must(t, err)
	told = make(chan struct{}, 100)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	must(t, w.Watch(p, began))
	go func() { defer close(ended); w.Run(ctx, func() { told <- struct{}{} }) }()
	t.Cleanup(func() {
		cancel()
		<-ended
		must(t, w.Close())
		goleak.VerifyNone(t)
	})
	return w, told
}

// told waits for a change to be told.
func tells(t *testing.T, told chan struct{}, what string) {
	t.Helper()
	select {
	case <-told:
	case <-time.After(10 * time.Second):
		t.Fatalf("%s: nobody told", what)
	}
}

func TestAWatcherTellsOfEachChange(t *testing.T) {
	dir, p := tree(t)
	_, told := watched(t, p, time.Now().Add(time.Hour))
	for _, step := range []struct {
		what string
		do   func() error
	}{
		{"written", func() error { return os.WriteFile(dir+"/etc/conf", []byte("22"), 0o600) }},
		{"replaced", func() error { return os.Rename(dir+"/etc/other", dir+"/etc/conf") }},
		{"written to the new one", func() error { return os.WriteFile(dir+"/etc/conf", []byte("333"), 0o600) }},
		{"a link turned", func() error { return turn(dir+"/turned", "real.2") }},
		{"where it leads by now", func() error { return os.WriteFile(dir+"/real.2/conf", []byte("22"), 0o600) }},
		{"a file in a watched directory", func() error { return os.WriteFile(dir+"/hosts/b", nil, 0o600) }},
		{"the directory is another", func() error {
			if err := os.RemoveAll(dir + "/hosts"); err != nil {
				return err
			}
			if err := os.Mkdir(dir+"/hosts", 0o755); err != nil {
				return err
			}
			return os.WriteFile(dir+"/hosts/c", nil, 0o600)
		}},
		{"a file in the other", func() error { return os.WriteFile(dir+"/hosts/d", nil, 0o600) }},
	} {
		must(t, step.do())
		tells(t, told, step.what)
	}
}

// What changes while it is read for the first time was perhaps read too early.
func TestWhatChangedBeforeItWasWatchedIsTold(t *testing.T) {
	hour := func(n time.Duration) time.Time { return time.Now().Add(n * time.Hour) }
	for name, c := range map[string]struct {
		began time.Time
		do    func(dir string) error
		told  bool
	}{
		"nothing":               {hour(1), func(string) error { return nil }, false},
		"a file was written to": {hour(-1), func(string) error { return nil }, true},
		"an old file came": {hour(-2), func(dir string) error {
			for _, name := range []string{"/etc/conf", "/real/conf", "/real.2/conf", "/conf.d/a", "/hosts/a", "/conf.d"} {
				if err := os.Chtimes(dir+name, hour(-3), hour(-3)); err != nil {
					return err
				}
			}
			return nil
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			dir, p := tree(t)
			must(t, c.do(dir))
			w, err := New()
			must(t, err)
			defer w.Close()
			for range 2 { // the second time it is known
				must(t, w.Watch(p, c.began))
				if got := len(w.early) > 0; got != c.told {
					t.Fatalf("told: %t, want %t", got, c.told)
				}
				for len(w.early) > 0 {
					<-w.early
				}
				c.told = false
			}
		})
	}
}

func TestAWatcherTellsOfItInTheEnd(t *testing.T) {
	_, p := tree(t)
	_, told := watched(t, p, time.Now().Add(-time.Hour))
	tells(t, told, "it was written since")
}
