package main

import (
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/insomniacslk/dhcp/dhcpv4"
)

// become is given a lease by the server, as machine n.
func (c *tenants) become(t *testing.T, server *victim, n byte) {
	t.Helper()
	mac := net.HardwareAddr{2, 0, 0, 2, 0, n}
	offer := c.exchange(t, server, packet(mac, dhcpv4.MessageTypeDiscover))
	if got := c.exchange(t, server, taking(mac, offer.YourIPAddr)); got.MessageType() != dhcpv4.MessageTypeAck {
		t.Fatalf("%s is answered %s", mac, got.MessageType())
	}
}

// about are the lines that tell of the file, but for what differs from run to run.
func (v *victim) about(path string) (lines []string) {
	date := regexp.MustCompile(`corrupt-\d{8}-\d{6}`)
	for _, line := range strings.Split(v.said.String(), "\n") {
		if _, text, told := strings.Cut(line, " fault: "); told {
			text = strings.NewReplacer(path, "FILE", filepath.Dir(path), "DIR").Replace(text)
			lines = append(lines, date.ReplaceAllString(text, "corrupt-DATE"))
		}
	}
	return lines
}

// Whatever becomes of the file of the leases, machines get theirs, and one line says what it is.
func TestLeasesAreGivenWhateverBecomesOfTheirFile(t *testing.T) {
	const fix = ": let this user write there, or name another file, --state FILE"
	rubbish := func(t *testing.T, path string) { ok(t, os.WriteFile(path, []byte("no database\n"), 0o644)) }
	for name, c := range map[string]struct {
		before, during func(t *testing.T, path string)
		under          string // a shell script that becomes its arguments
		said           string // the only line about it
		lost           bool   // with the process: the leases were in memory
	}{
		"nothing":              {},
		"64 files may be open": {under: `ulimit -n 64; exec "$@"`},
		"damaged": {before: rubbish,
			said: "state: FILE is damaged: file is not a database (26); it is kept as FILE.corrupt-DATE, and a new one is begun"},
		"deleted while it is used": {during: func(t *testing.T, path string) { ok(t, os.Remove(path)); ok(t, os.Remove(path+"-wal")) },
			said: "state: FILE was deleted or replaced: all is written there anew"},
		"replaced by rubbish, with its directory": {during: func(t *testing.T, path string) {
			ok(t, os.RemoveAll(filepath.Dir(path)))
			rubbish(t, filepath.Dir(path))
		}, said: "state: FILE was deleted or replaced: all is written there anew\n" +
			"leases are kept in memory only: state: mkdir DIR: not a directory" + fix, lost: true},
		"a directory that cannot be made": {before: func(t *testing.T, path string) { ok(t, os.Remove(filepath.Dir(path))); rubbish(t, filepath.Dir(path)) },
			said: "leases are kept in memory only: state: mkdir DIR: not a directory" + fix, lost: true},
		"a full disk": {under: `mount -t tmpfs -o size=4k none "$DIR"; exec "$@"`,
			said: "leases are kept in memory only: state: no room for FILE: make some on its disk: database or disk is full (13)", lost: true},
		"a disk that is read-only": {under: `mount -t tmpfs -o ro none "$DIR"; exec "$@"`,
			said: "leases are kept in memory only: state: open FILE: read-only file system" + fix, lost: true},
	} {
		t.Run(name, func(t *testing.T) {
			tenants := lab(t)
			dir := filepath.Join(public(t), "lab")
			conf, path := dir+".conf", filepath.Join(dir, "state.db")
			ok(t, os.Mkdir(dir, 0o755))
			ok(t, os.WriteFile(conf, []byte("port=0\nno-ping\ndhcp-range=192.168.9.10,192.168.9.200\n"), 0o644))
			if c.before != nil {
				c.before(t, path)
			}
			server := &victim{args: []string{"serve", "-C", conf, "-i", "eth0", "--state", path}}
			if c.under != "" {
				t.Setenv("DIR", dir)
				server.under = []string{"unshare", "--mount", "sh", "-ec", c.under, "sh"}
			}
			server.start(t)
			tenants.become(t, server, 1)
			if c.during != nil {
				c.during(t, path)
			}
			tenants.become(t, server, 2)
			tenants.become(t, server, 3)
			ok(t, server.process.Process.Kill())
			server.end()
			want := slices.DeleteFunc(strings.Split(c.said, "\n"), func(line string) bool { return line == "" })
			if diff := cmp.Diff(want, server.about(path), cmp.Transformer("", func(s []string) string { return strings.Join(s, "\n") })); diff != "" {
				t.Errorf("it said (-want +got):\n%s", diff)
			}
			if c.lost {
				return
			}
			server.start(t)
			tenants.stillKnown(t, server)
			ok(t, server.process.Process.Kill())
			server.end()
		})
	}
}
