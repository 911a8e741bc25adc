package dnsmasq

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bootrig/bootrig/internal/must"
)

// real asks the real dnsmasq about a file, where there is one.
func real(t *testing.T, conf string) (said string, ok, asked bool) {
	t.Helper()
	program, err := exec.LookPath("/usr/sbin/dnsmasq")
	if err != nil {
		return "", false, false
	}
	file := filepath.Join(t.TempDir(), "dnsmasq.conf")
	if err := os.WriteFile(file, []byte(conf+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(program, "--test", "-C", file).CombinedOutput()
	return string(out), err == nil, true
}

func accepted(t *testing.T, conf string) {
	t.Helper()
	if said, ok, asked := real(t, conf); asked && !ok {
		t.Errorf("dnsmasq does not accept %q: %s", conf, said)
	}
}

func refused(t *testing.T, conf string) {
	t.Helper()
	if _, ok, asked := real(t, conf); asked && ok {
		t.Errorf("dnsmasq accepts %q", conf)
	}
}

// The list of names is dnsmasq's own, and so is what they take.
func TestEveryNameDnsmasqKnowsIsKnown(t *testing.T) {
	program, err := exec.LookPath("/usr/sbin/dnsmasq")
	if err != nil {
		must.Skip(t, must.Peers, "there is no dnsmasq here")
	}
	help, err := exec.Command(program, "--help").Output()
	if err != nil {
		t.Fatal(err)
	}
	accepted := all()
	for _, word := range strings.Fields(string(help)) {
		option, found := strings.CutPrefix(word, "--")
		name, _, _ := strings.Cut(strings.TrimRight(option, ",.[])"), "=")
		name, _, _ = strings.Cut(name, "[")
		switch name {
		case "", "help", "version", "test": // of the command line only
			continue
		}
		if _, ok := accepted[name]; found && !ok {
			t.Errorf("dnsmasq knows %s, we do not", name)
		}
	}
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
	if _, _, asked := real(t, ""); !asked {
		must.Skip(t, must.Peers, "there is no dnsmasq here")
	}
	for _, list := range []string{dnsOptions, storeOptions, processOptions} {
		for word := range strings.FieldsSeq(list) {
			name, takes, _ := ignored(word)
			if said, _, _ := real(t, name); strings.Contains(said, " at line ") != (takes == required) {
				t.Errorf("%s alone: %s", word, said)
			}
			said, _, _ := real(t, name+"=x")
			if extra := strings.Contains(said, "extraneous parameter"); extra != (takes == none) {
				t.Errorf("%s=x: %s", word, said)
			}
		}
	}
}
