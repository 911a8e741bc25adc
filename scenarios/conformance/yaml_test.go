package conformance

import (
	"errors"
	"net/netip"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/config/dnsmasq"
	"github.com/bootrig/bootrig/server/config/yaml"
)

// converted is the bootrig.yaml that a configuration is converted to, and what is read of it.
func converted(t *testing.T, conf *config.Config) (text string, again *config.Config) {
	t.Helper()
	printed := yaml.Print(conf)
	again, err := yaml.Parse("bootrig.yaml", printed)
	if err != nil {
		t.Fatalf("%v\n%s", err, printed)
	}
	return string(printed), again
}

var itsLine = regexp.MustCompile(`bootrig\.yaml:([0-9]+)`)

// origin puts what the comments of a bootrig.yaml say in the place of its own lines: those of the dnsmasq.conf.
func origin(text, said string) string {
	lines := strings.Split(text, "\n")
	return itsLine.ReplaceAllStringFunc(said, func(rule string) string {
		n, _ := strconv.Atoi(strings.TrimPrefix(rule, "bootrig.yaml:"))
		_, comment, _ := strings.Cut(lines[n-1], " # ")
		return comment
	})
}

// TestBootrigYAMLRepliesAlike holds every configuration of testdata against its bootrig.yaml: whatever a kind of
// client asks, each byte of the answers is the same, and so is the reason, with lines that are each other's.
func TestBootrigYAMLRepliesAlike(t *testing.T) {
	names, err := filepath.Glob("testdata/*/*.conf")
	newer, err1 := filepath.Glob("testdata/newer/*/*.conf")
	trees, err2 := filepath.Glob("testdata/*/*.txtar")
	if names = slices.Concat(names, newer, trees); errors.Join(err, err1, err2) != nil || len(newer) == 0 || len(names) < 100 || len(trees) == 0 {
		t.Fatal("too few configurations: ", len(names), err, err2)
	}
	asked, answered := 0, 0
	for _, name := range names {
		t.Run(strings.TrimPrefix(name, "testdata/"), func(t *testing.T) {
			conf := configuration(t, name)
			text, again := converted(t, conf)
			for _, k := range kinds() {
				for _, q := range k.questions() {
					want, why := ours(conf, q)
					got, because := ours(again, q)
					identical(t, k.name+" | "+q.name, want, got)
					if text := origin(text, because.Rule+": "+because.Text); text != why.Rule+": "+why.Text {
						t.Errorf("%s | %s: %s: %s, and as bootrig.yaml %s (%s)", k.name, q.name, why.Rule, why.Text, text, because.Rule)
					}
					asked, answered = asked+1, answered+len(want)
				}
			}
			a, l := leasesAlike(t, conf, again)
			asked, answered = asked+a, answered+l
		})
	}
	t.Logf("configurations: %d; questions: %d; answers, all equal: %d", len(names), asked, answered)
	if answered < 1000 {
		t.Error("too few answers")
	}
}

// configuration reads a file, or an archive of files.
func configuration(t *testing.T, name string) *config.Config {
	t.Helper()
	source, first := dnsmasq.Source{}, name
	if filepath.Ext(name) == ".txtar" {
		archive, err := txtar.ParseFile(name)
		must(t, err)
		files := fstest.MapFS{}
		for _, f := range archive.Files {
			files[f.Name] = &fstest.MapFile{Data: f.Data}
		}
		source.Files, first = files, "/"+mainFile
	}
	conf, err := source.Load(first)
	must(t, err)
	return conf
}

func identical(t *testing.T, name string, want, got []reply) {
	t.Helper()
	if diff := cmp.Diff(said(want), said(got)); diff != "" {
		t.Errorf("%s (-dnsmasq.conf +bootrig.yaml):\n%s", name, diff)
	}
}

// said is all that replies are.
func said(replies []reply) (all []string) {
	for _, r := range replies {
		all = append(all, r.src.String()+" to "+r.dst.String()+": "+string(r.packet))
	}
	return all
}

// leasesAlike has the conversations of leases with both, if there are any.
func leasesAlike(t *testing.T, conf, again *config.Config) (asked, answered int) {
	if len(conf.Leases.Ranges) == 0 {
		return 0, 0
	}
	first, second := newLessor(conf), newLessor(again)
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, k := range kinds() {
		c := tenant{kind: k}
		for _, step := range conversation(k) {
			q, can := step.ask(c)
			if !can {
				continue
			}
			want, got := first.askAt(now, q), second.askAt(now, q)
			identical(t, k.name+" | "+step.name, want, got)
			for _, r := range want {
				if given := netip.AddrFrom4([4]byte(r.packet[16:20])); given != anywhere {
					c.has = given
				}
			}
			asked, answered = asked+1, answered+len(want)
		}
	}
	return asked, answered
}

// TestBootrigYAMLServesAlike is the same for TFTP.
func TestBootrigYAMLServesAlike(t *testing.T) {
	dir := plantTFTP(t)
	for _, c := range tftpConfigurations {
		t.Run(c.name, func(t *testing.T) {
			conf, err := dnsmasq.Parse("dnsmasq.conf", []byte(c.in(dir)))
			must(t, err)
			_, again := converted(t, conf)
			first, second := machineOf(t, conf), machineOf(t, again)
			for i, q := range tftpQuestions() {
				q.packet = strings.ReplaceAll(q.packet, "ROOT", dir)
				client := netip.AddrPortFrom(tftpClient, uint16(30000+i))
				want, got := interview(t, first, client, q), interview(t, second, client, q)
				if diff := cmp.Diff(want, got, cmp.Exporter(func(reflect.Type) bool { return true })); diff != "" {
					t.Errorf("%s (-dnsmasq.conf +bootrig.yaml):\n%s", q.name, diff)
				}
			}
		})
	}
}
