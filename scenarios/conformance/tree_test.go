package conformance

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/bootrig/bootrig/emulator/tap"
	"github.com/bootrig/bootrig/internal/peer"
	"github.com/bootrig/bootrig/server/config/dnsmasq"
)

const mainFile = "etc/dnsmasq.conf"

// TestTreesOfFilesAreReadAlike is for configurations of several files, which are those of an archive: which tags
// a machine has, and which line counts, is seen by the boot file of the replies.
func TestTreesOfFilesAreReadAlike(t *testing.T) { against(t, readsTreesAlike) }

func readsTreesAlike(t *testing.T, d peer.Program) {
	names, err := filepath.Glob("testdata/tree/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatal("no trees", err)
	}
	sum := tally{peer: d, excused: map[string]int{}}
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) { sum.tree(t, name) })
	}
	sum.counts(t)
	if sum.excused["server-name"] == 0 {
		t.Error("the intended difference server-name was not seen")
	}
}

func (s *tally) tree(t *testing.T, name string) {
	archive, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	root := t.TempDir()
	var conf []byte
	var binds []tap.Bind
	for _, f := range archive.Files {
		if f.Name == mainFile {
			conf = f.Data
		} else {
			binds = append(binds, tap.Bind{Host: filepath.Join(root, f.Name), Inside: "/" + f.Name, ReadOnly: true})
		}
		if err := os.MkdirAll(filepath.Join(root, filepath.Dir(f.Name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(root, f.Name), f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	real := startDnsmasq(t, s.peer, conf, binds...)
	cfg, err := dnsmasq.Source{Files: os.DirFS(root)}.Load("/" + mainFile)
	if err != nil {
		t.Fatalf("ours refuses it: %v", err)
	}
	s.configurations++
	before := s.compared - s.equal - s.intended + len(s.wrong)
	for _, k := range kinds() {
		for _, q := range k.questions() {
			x := exchange{conf: string(conf), kind: k, question: q}
			x.theirs = only(t, q, real.ask(t, q))
			replies, why := ours(cfg, q)
			x.ours, x.why = only(t, q, replies), why
			s.judge(t, fmt.Sprintf("%s | %s | %s", filepath.Base(name), k.name, q.name), x, nil)
		}
	}
	if s.compared-s.equal-s.intended+len(s.wrong) > before {
		t.Logf("dnsmasq said %q", real.host.Tail(20))
	}
}
