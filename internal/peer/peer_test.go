package peer

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A tree is as .ci/newer unpacks it: a loader, a library and a program, which are scripts here.
func TestANewerDnsmasqIsRunByItsOwnLoader(t *testing.T) {
	cache := t.TempDir()
	t.Setenv("BOOTRIG_CACHE", cache)
	if _, err := Newer(); err == nil || Unreachable(err) || !strings.Contains(err.Error(), "make deps") {
		t.Errorf("without one: %v", err)
	}
	tree := filepath.Join(cache, "peers", "dnsmasq-2.99")
	for name, text := range map[string]string{
		"usr/sbin/dnsmasq":                        "",
		"usr/lib/x86_64-linux-gnu/libc.so.6":      "",
		"usr/lib64/ld-linux-x86-64.so.2":          "#!/bin/sh\n[ \"$1 $2 $4\" = \"--library-path $LIBRARIES --version\" ] && echo Dnsmasq version 2.99 Copyright\n",
		"usr/lib/x86_64-linux-gnu/ld-linux.so.2x": "",
	} {
		at := filepath.Join(tree, name)
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("LIBRARIES", filepath.Join(tree, "usr/lib/x86_64-linux-gnu"))
	d, err := Newer()
	if err != nil {
		t.Fatal(err)
	}
	if d.Version != "2.99" || d.Tree != tree {
		t.Errorf("%+v", d)
	}
	if d, err := Find("2.99"); err != nil || d.Tree != tree {
		t.Errorf("by its version: %+v, %v", d, err)
	}
	if _, err := Find("2.98"); err == nil || !strings.HasPrefix(err.Error(), "there is no dnsmasq 2.98 here: ") || !strings.HasSuffix(err.Error(), "unpacked is 2.99") {
		t.Errorf("by a version that is not here: %v", err)
	}
	want := []string{"/opt/usr/lib64/ld-linux-x86-64.so.2", "--library-path", "/opt/usr/lib/x86_64-linux-gnu", "/opt/usr/sbin/dnsmasq"}
	if got := d.In("/opt"); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if d, err := Other("dnsmasq", "", "dnsmasq"); err != nil || d.Tree != tree || d.Version != "2.99" || len(d.Argv) != 4 {
		t.Errorf("as another program: %+v, %v", d, err)
	}
	if _, err := Other("dnsmasq", "2.98", "dnsmasq"); err == nil || !strings.Contains(err.Error(), "peers/dnsmasq-*: `.ci/deps bench`") {
		t.Errorf("as another program, by a version that is not here: %v", err)
	}
	if err := os.Remove(filepath.Join(tree, "usr/lib64/ld-linux-x86-64.so.2")); err != nil {
		t.Fatal(err)
	}
	if _, err := Newer(); err == nil || !strings.Contains(err.Error(), "no loader") {
		t.Errorf("without its loader: %v", err)
	}
}

func TestAnArchiveThatCouldNotBeReachedIsNobodysFault(t *testing.T) {
	t.Setenv("BOOTRIG_CACHE", t.TempDir())
	if err := os.MkdirAll(filepath.Join(cache(), "peers"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(cache(), "peers", "unreachable"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Newer(); !Unreachable(err) || !strings.Contains(err.Error(), Newest) {
		t.Errorf("%v", err)
	}
}
