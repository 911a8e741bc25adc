package confine

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// What is open for a name, below DIR, where the user's home is DIR/home.
func TestReach(t *testing.T) {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	ok(t, err)
	for _, name := range []string{"home/lab", "srv/releases/1", "everybody"} {
		ok(t, os.MkdirAll(filepath.Join(dir, name), 0o755))
	}
	for _, name := range []string{"srv/dnsmasq.conf", "home/dnsmasq.conf", "home/lab/dnsmasq.conf", "everybody/dnsmasq.conf"} {
		ok(t, os.WriteFile(filepath.Join(dir, name), nil, 0o644))
	}
	ok(t, os.Chmod(filepath.Join(dir, "everybody"), 0o777|os.ModeSticky))
	ok(t, os.Symlink("srv/releases/1", filepath.Join(dir, "home", "../current")))
	ok(t, os.Symlink("../../srv/dnsmasq.conf", filepath.Join(dir, "home/lab/link.conf")))
	u := User{Home: filepath.Join(dir, "home")}
	for name, want := range map[string]string{
		"srv/dnsmasq.conf":             "srv",                  // another takes its place
		"srv/releases/1":               "srv/releases",         // so does a directory
		"srv/missing/dnsmasq.conf":     "srv",                  // where it may come
		"home/lab/dnsmasq.conf":        "home/lab",             // a directory in a home is for that
		"home/dnsmasq.conf":            "home/dnsmasq.conf",    // a home is not
		"home":                         "home",                 // unless it is served itself
		"home/missing":                 "",                     // nothing yet, and too much later
		"home/lab/link.conf":           "home/lab srv",         // where the link is, and what it leads to
		"current":                      "current srv/releases", // DIR is above a home
		"everybody/dnsmasq.conf":       "everybody/dnsmasq.conf",
		"srv/dnsmasq.conf/not/a/place": "srv/dnsmasq.conf", // harmless: it is open anyway
	} {
		var got []string
		for _, path := range u.reach(filepath.Join(dir, name)) {
			rel, err := filepath.Rel(dir, path)
			ok(t, err)
			got = append(got, rel)
		}
		if diff := cmp.Diff(want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	for _, private := range []string{"/", "/home", "/home/me", "/root", "/tmp"} {
		if !u.private(private) {
			t.Errorf("all of %s would be open", private)
		}
	}
}
