package state

import (
	"bytes"
	"database/sql"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func execute(t *testing.T, path, statements string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	must(t, err)
	_, err = db.Exec(statements)
	must(t, err)
	must(t, db.Close())
}

func write(t *testing.T, path string, content []byte) {
	t.Helper()
	must(t, os.WriteFile(path, content, 0o644))
}

// begun is a file with two leases, as its server left it.
func begun(t *testing.T, path string) {
	t.Helper()
	s := open(t, path)
	must(t, s.Apply(leases(1, 2)))
	must(t, s.Close())
}

// spoil writes over a file from some byte on.
func spoil(t *testing.T, path string, from int, with byte, n int) {
	t.Helper()
	content, err := os.ReadFile(path)
	must(t, err)
	copy(content[from:], bytes.Repeat([]byte{with}, n))
	write(t, path, content)
}

func TestADamagedFileIsMovedAside(t *testing.T) {
	for name, damage := range map[string]func(t *testing.T, path string){
		"no database":            func(t *testing.T, path string) { write(t, path, bytes.Repeat([]byte("text\n"), 500)) },
		"short, and no database": func(t *testing.T, path string) { write(t, path, []byte("xx")) },
		"zeros":                  func(t *testing.T, path string) { write(t, path, make([]byte, 8192)) },
		"cut off":                func(t *testing.T, path string) { begun(t, path); must(t, os.Truncate(path, 5000)) },
		"cut off in the header":  func(t *testing.T, path string) { begun(t, path); must(t, os.Truncate(path, 50)) },
		"a header that was lost": func(t *testing.T, path string) { begun(t, path); spoil(t, path, 0, 0, 4096) },
		"rubbish for a schema":   func(t *testing.T, path string) { begun(t, path); spoil(t, path, 100, 0xff, 3996) },
		"rubbish for the leases": func(t *testing.T, path string) { begun(t, path); spoil(t, path, 4096, 0xff, 4096) },
		"an address that is none": func(t *testing.T, path string) {
			begun(t, path)
			execute(t, path, "UPDATE lease SET addr = 'x' || addr")
		},
		"a table of notes that is missing": func(t *testing.T, path string) { begun(t, path); execute(t, path, "DROP TABLE note") },
		"a table that is missing":          func(t *testing.T, path string) { begun(t, path); execute(t, path, "DROP TABLE clock") },
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "state.db")
			damage(t, path)
			before, err := os.ReadFile(path)
			must(t, err)
			write(t, path+"-wal", []byte("its log"))
			var told []string
			s, err := Open(path, func(text string) { told = append(told, text) })
			must(t, err)
			aside, err := filepath.Glob(path + ".corrupt-*[0-9]")
			must(t, err)
			if len(aside) != 1 {
				t.Fatalf("aside are %q", aside)
			}
			if kept, err := os.ReadFile(aside[0]); err != nil || !bytes.Equal(before, kept) {
				t.Errorf("aside is another file: %v", err)
			}
			if len(told) != 1 || !strings.HasPrefix(told[0], "state: "+path+" is damaged: ") || !strings.HasSuffix(told[0], "; it is kept as "+aside[0]+", and a new one is begun") {
				t.Errorf("it was told %q", told)
			}
			must(t, s.Apply(leases(3)))
			keeps(t, s, 3)
		})
	}
}

func TestAFileIsNotMovedOverAnother(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	for range 3 {
		write(t, path, []byte("no database"))
		s, err := Open(path, func(string) {})
		must(t, err)
		must(t, s.Close())
	}
	if aside, _ := filepath.Glob(path + ".corrupt-*"); len(aside) != 3 {
		t.Errorf("aside are %q, want three", aside)
	}
}

// What cannot be used is told by Apply, each time, and used as soon as that is mended.
func TestAFileThatCannotBeUsedIsTriedAgain(t *testing.T) {
	for name, c := range map[string]struct {
		file string
		make func(t *testing.T, path string)
		want string
		mend func(t *testing.T, path string)
	}{
		"of a newer bootrig": {"state.db",
			func(t *testing.T, path string) { begun(t, path); execute(t, path, "PRAGMA user_version = 9") },
			"state: FILE is of version 9, this bootrig knows version 4: use the bootrig that wrote it, or name another file, --state FILE",
			func(t *testing.T, path string) { must(t, os.Rename(path, path+".newer")) }},
		"a directory": {"state.db",
			func(t *testing.T, path string) { must(t, os.Mkdir(path, 0o755)) },
			"state: FILE is no regular file: move it away, or name another one, --state FILE",
			func(t *testing.T, path string) { must(t, os.Remove(path)) }},
		"a file where its directory should be": {"lab/state.db",
			func(t *testing.T, path string) { write(t, filepath.Dir(path), nil) },
			"state: mkdir DIR: not a directory: let this user write there, or name another file, --state FILE",
			func(t *testing.T, path string) { must(t, os.Remove(filepath.Dir(path))) }},
		"a pipe": {"state.db",
			func(t *testing.T, path string) { must(t, exec.Command("mkfifo", path).Run()) },
			"state: FILE is no regular file: move it away, or name another one, --state FILE",
			func(t *testing.T, path string) { must(t, os.Remove(path)) }},
		"text, which may be somebody's": {"hosts",
			func(t *testing.T, path string) { write(t, path, []byte("127.0.0.1 localhost\n")) },
			"state: FILE is damaged: file is not a database (26): name a file of our own, --state FILE, or move it away",
			func(t *testing.T, path string) { must(t, os.Rename(path, path+".mine")) }},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), c.file)
			c.make(t, path)
			s := open(t, path)
			for range 2 {
				err := s.Apply(nil)
				if err == nil {
					t.Fatal("it can be used")
				}
				got := strings.ReplaceAll(strings.ReplaceAll(err.Error(), path, "FILE"), filepath.Dir(path), "DIR")
				if got != c.want {
					t.Errorf("the error is %q, want %q", got, c.want)
				}
			}
			if err := s.Apply(leases(3)); err == nil {
				t.Error("it took a lease")
			}
			c.mend(t, path)
			must(t, s.Apply(nil))
			keeps(t, s, 3)
		})
	}
}

// The file under a server that runs is deleted, or another takes its place.
func TestAFileThatIsTakenAwayIsWrittenAnew(t *testing.T) {
	for name, take := range map[string]func(t *testing.T, path string){
		"all of it":           func(t *testing.T, path string) { must(t, os.Remove(path)); must(t, os.Remove(path+"-wal")) },
		"without its log":     func(t *testing.T, path string) { must(t, os.Remove(path)) },
		"its log alone":       func(t *testing.T, path string) { must(t, os.Remove(path+"-wal")) },
		"with its directory":  func(t *testing.T, path string) { must(t, os.RemoveAll(filepath.Dir(path))) },
		"its directory moved": func(t *testing.T, path string) { must(t, os.Rename(filepath.Dir(path), filepath.Dir(path)+".old")) },
		"an older one instead": func(t *testing.T, path string) {
			must(t, os.Rename(path+".backup", path))
			must(t, os.Remove(path+"-wal"))
		},
		"another, and an old log": func(t *testing.T, path string) { must(t, os.Rename(path+".backup", path)) },
		"rubbish instead": func(t *testing.T, path string) {
			must(t, os.Remove(path))
			must(t, os.Remove(path+"-wal"))
			write(t, path, []byte("no database"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "lab", "state.db")
			begun(t, path+".backup")
			var told []string
			s, err := Open(path, func(text string) { told = append(told, text) })
			must(t, err)
			must(t, s.Apply(leases(1, 2, 3)))
			take(t, path)
			must(t, s.Apply(leases(4)))
			must(t, s.Apply(leases(5)))
			if len(told) == 0 || told[0] != "state: "+path+" was deleted or replaced: all is written there anew" {
				t.Errorf("it was told %q", told)
			}
			keeps(t, s, 1, 2, 3, 4, 5)
		})
	}
}
