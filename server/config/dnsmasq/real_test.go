package dnsmasq

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/bootrig/bootrig/internal/must"
	"github.com/bootrig/bootrig/internal/peer"
)

// dnsmasqs are the real ones that are here.
var dnsmasqs = sync.OnceValue(func() (all []peer.Program) {
	for _, find := range []func() (peer.Program, error){peer.Installed, peer.Newer} {
		if d, err := find(); err == nil {
			all = append(all, d)
		}
	}
	return all
})

// each runs a test with every dnsmasq there is, and says which are not.
func each(t *testing.T, test func(*testing.T, peer.Program)) {
	t.Helper()
	for name, find := range map[string]func() (peer.Program, error){"installed": peer.Installed, "newer": peer.Newer} {
		t.Run(name, func(t *testing.T) {
			d, err := find()
			switch {
			case peer.Unreachable(err):
				must.Skip(t, must.Archive, err)
			case err != nil:
				must.Skip(t, must.Peers, err)
			}
			test(t, d)
		})
	}
}

// real asks a real dnsmasq about a file.
func real(t *testing.T, d peer.Program, conf string) (said string, ok bool) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "dnsmasq.conf")
	if err := os.WriteFile(file, []byte(conf+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := d.Command("--test", "-C", file).CombinedOutput()
	return string(out), err == nil
}

// accepted wants a file of one line accepted by those that know its option, and refused by others.
func accepted(t *testing.T, conf string) {
	t.Helper()
	name, _, _ := strings.Cut(conf, "=")
	for _, d := range dnsmasqs() {
		if said, ok := real(t, d, conf); ok != (newer()[name] <= d.Version) {
			t.Errorf("dnsmasq %s accepts %q: %t, %s", d.Version, conf, ok, said)
		}
	}
}

func refused(t *testing.T, conf string) {
	t.Helper()
	for _, d := range dnsmasqs() {
		if _, ok := real(t, d, conf); ok {
			t.Errorf("dnsmasq %s accepts %q", d.Version, conf)
		}
	}
}

// The list of names is dnsmasq's own, and so is what they take.
func TestEveryNameDnsmasqKnowsIsKnown(t *testing.T) {
	each(t, func(t *testing.T, d peer.Program) {
		help, err := d.Command("--help").Output()
		if err != nil {
			t.Fatal(err)
		}
		ours, theirs := all(), map[string]bool{}
		for _, word := range strings.Fields(string(help)) {
			option, found := strings.CutPrefix(word, "--")
			name, _, _ := strings.Cut(strings.TrimRight(option, ",.[])"), "=")
			name, _, _ = strings.Cut(name, "[")
			switch name {
			case "", "help", "version", "test": // of the command line only
				continue
			}
			if _, ok := ours[name]; found && !ok {
				t.Errorf("dnsmasq %s knows %s, we do not", d.Version, name)
			}
			theirs[name] = theirs[name] || found
		}
		for name, version := range newer() {
			if theirs[name] != (version <= d.Version) {
				t.Errorf("dnsmasq %s knows %s: %t", d.Version, name, theirs[name])
			}
		}
	})
}

// An option of the lists that change nothing would hide the meaning that it has elsewhere.
func TestNoOptionHasAMeaningAndNone(t *testing.T) {
	meant := options()
	for _, list := range []string{dnsOptions, storeOptions, processOptions} {
		for word := range strings.FieldsSeq(list) {
			if name, _, _ := ignored(word); meant[name].read != nil {
				t.Errorf("%s changes something, and stands among the options that do not", name)
			}
		}
	}
}

// Every option that changes nothing takes a value where dnsmasq does, or none where it does not.
func TestIgnoredOptionsTakeWhatTheyTakeInDnsmasq(t *testing.T) {
	each(t, func(t *testing.T, d peer.Program) {
		for _, list := range []string{dnsOptions, storeOptions, processOptions} {
			for word := range strings.FieldsSeq(list) {
				name, takes, _ := ignored(word)
				if newer()[name] > d.Version {
					continue
				}
				if said, _ := real(t, d, name); strings.Contains(said, " at line ") != (takes == required) {
					t.Errorf("%s alone: %s", word, said)
				}
				said, _ := real(t, d, name+"=x")
				if extra := strings.Contains(said, "extraneous parameter"); extra != (takes == none) {
					t.Errorf("%s=x: %s", word, said)
				}
			}
		}
	})
}
