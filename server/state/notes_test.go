package state

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/server/machines"
)

func noteOf(n int, text string) machines.Note {
	return machines.Note{Kind: "mark", MAC: leaseOf(n).MAC.String(), Text: text}
}

// notesAre checks what a Store knows, and that its file says the same.
func notesAre(t *testing.T, s *Store, want ...machines.Note) {
	t.Helper()
	if diff := cmp.Diff(want, s.Notes()); diff != "" {
		t.Errorf("known (-want +got):\n%s", diff)
	}
	must(t, s.Close())
	if diff := cmp.Diff(want, open(t, s.path).Notes()); diff != "" {
		t.Errorf("known when it is opened again (-want +got):\n%s", diff)
	}
}

func TestNotesAreThereWhenOpenedAgain(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "state.db"))
	machine := machines.Note{Kind: "machine", MAC: leaseOf(1).MAC.String(), Text: `{"boots":1}`}
	must(t, s.Keep([]machines.Note{noteOf(1, "a"), noteOf(2, "b"), machine, noteOf(3, "c")}))
	must(t, s.Apply(leases(1)))
	must(t, s.Keep([]machines.Note{noteOf(2, ""), noteOf(3, "d")}))
	notesAre(t, s, machine, noteOf(1, "a"), noteOf(3, "d"))
}

// Those of the third version know no machines.
func TestAFileOfTheThirdVersionIsRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	execute(t, path, strings.Join(schemas[:3], "")+"PRAGMA application_id = 1651665255; PRAGMA user_version = 3; PRAGMA journal_mode = WAL;"+
		"INSERT INTO lease VALUES ('10.0.0.1', NULL, 1, x'020000000001', '', 2000000000, '', '', 0, x'', x''); INSERT INTO clock VALUES (1, 1, 1, '', 0)")
	s := open(t, path)
	must(t, s.Keep([]machines.Note{noteOf(1, "a")}))
	notesAre(t, s, noteOf(1, "a"))
	if n := len(s.Leases()); n != 1 {
		t.Errorf("%d leases are known", n)
	}
}

// What could not be kept is nowhere, also when the file can be used again: who wanted it was told so.
func TestWhatIsRefusedIsNotKeptLater(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lab", "state.db")
	write(t, filepath.Dir(path), nil)
	s := open(t, path)
	if err := s.Keep([]machines.Note{noteOf(1, "a")}); err == nil {
		t.Error("it kept a note")
	}
	must(t, os.Remove(filepath.Dir(path)))
	must(t, s.Apply(nil))
	must(t, s.Keep([]machines.Note{noteOf(2, "b")}))
	notesAre(t, s, noteOf(2, "b"))
}

// A mark that is over does not come back with a file of before, and what is known is written into whatever file is there.
func TestNotesAreThoseThatAreKnown(t *testing.T) {
	for name, take := range map[string]func(t *testing.T, path string){
		"the same file": func(*testing.T, string) {},
		"none":          func(t *testing.T, path string) { must(t, os.RemoveAll(filepath.Dir(path))) },
		"an older one": func(t *testing.T, path string) {
			must(t, os.Rename(path+".backup", path))
			must(t, os.Remove(path+"-wal"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "lab", "state.db")
			old := open(t, path+".backup")
			must(t, old.Keep([]machines.Note{noteOf(1, "a"), noteOf(2, "b")}))
			must(t, old.Close())
			s, err := Open(path, func(string) {})
			must(t, err)
			must(t, s.Keep([]machines.Note{noteOf(1, "a"), noteOf(2, "b"), noteOf(3, "c")}))
			must(t, s.Keep([]machines.Note{noteOf(2, "")}))
			take(t, path)
			must(t, s.Apply(leases(1)))
			notesAre(t, s, noteOf(1, "a"), noteOf(3, "c"))
		})
	}
}
