// Package peer answers: which servers of other people can be run on this machine, and how?
//
// The first dnsmasq is the machine's own. A newer one, and other programs, lie beside their libraries where .ci/newer
// unpacked them, and are run by the dynamic loader that they were built for.
package peer

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// Newest is the version that the suites were written for, beside the machine's own.
const Newest = "2.93"

// A Program is one that can be run.
type Program struct {
	Version string   // "2.93"
	Argv    []string // how its command line begins
	Tree    string   // what Argv needs to see, if that is no part of the system
}

// errUnreachable says that a newer dnsmasq could not be fetched, which is nobody's fault.
var errUnreachable = errors.New("when make deps ran, Debian's archive could not be reached")

// Unreachable tells whether a peer is missing for want of a network.
func Unreachable(err error) bool { return errors.Is(err, errUnreachable) }

// Installed is the machine's own dnsmasq.
func Installed() (Program, error) {
	program, err := exec.LookPath("/usr/sbin/dnsmasq")
	if err != nil {
		return Program{}, errors.New("dnsmasq is not installed: `apt-get install dnsmasq-base`")
	}
	d := Program{Argv: []string{program}}
	d.Version, err = d.asked()
	return d, err
}

// Find is the dnsmasq of a version; "" is the machine's own.
func Find(version string) (Program, error) {
	own, err := Installed()
	if version == "" || err == nil && own.Version == version {
		return own, err
	}
	newer, err := Newer()
	if err == nil && newer.Version != version {
		err = fmt.Errorf("there is no dnsmasq %s here: the machine's own is %q, and unpacked is %s", version, own.Version, newer.Version)
	}
	return newer, err
}

// Newer is the dnsmasq that .ci/newer has unpacked.
func Newer() (Program, error) {
	dir := filepath.Join(cache(), "peers")
	programs, err := filepath.Glob(filepath.Join(dir, "dnsmasq-*", "usr", "sbin", "dnsmasq"))
	if err != nil {
		return Program{}, err
	}
	if len(programs) == 0 {
		err := fmt.Errorf("dnsmasq %s is not in %s: `make deps` fetches it", Newest, dir)
		if _, told := os.Stat(filepath.Join(dir, "unreachable")); !errors.Is(told, fs.ErrNotExist) {
			err = fmt.Errorf("dnsmasq %s: %w", Newest, errUnreachable)
		}
		return Program{}, err
	}
	return unpacked(programs[len(programs)-1])
}

// unpacked is a program in a tree that has its libraries and their loader too.
func unpacked(program string) (Program, error) {
	tree := filepath.Dir(filepath.Dir(filepath.Dir(program)))
	var loaders, libraries []string
	for _, dir := range []string{filepath.Join(tree, "usr"), tree} { // Debian 12 has its C library in the latter
		more, err := filepath.Glob(filepath.Join(dir, "lib*", "ld-linux*.so.*"))
		if err != nil {
			return Program{}, err
		}
		loaders = append(loaders, more...)
		if more, err = filepath.Glob(filepath.Join(dir, "lib", "*-linux-gnu*")); err != nil {
			return Program{}, err
		}
		libraries = append(libraries, more...)
	}
	if len(loaders) == 0 || len(libraries) == 0 {
		return Program{}, fmt.Errorf("%s: there is no loader or no library beside it: remove %s, and run `make deps`", program, tree)
	}
	var err error
	d := Program{Argv: []string{loaders[0], "--library-path", strings.Join(libraries, ":"), program}, Tree: tree}
	d.Version, err = d.asked()
	return d, err
}

// Other is another program that .ci/newer has unpacked, as "in.tftpd" of "tftp-hpa", in the version that it says itself;
// version "" is the one that is there.
func Other(name, version, program string) (Program, error) {
	trees := filepath.Join(cache(), "peers", name)
	found, err := filepath.Glob(filepath.Join(trees+"-*", "usr", "sbin", program))
	if err != nil {
		return Program{}, err
	}
	for _, path := range found {
		if p, err := unpacked(path); err != nil || version == "" || p.Version == version {
			return p, err
		}
	}
	return Program{}, fmt.Errorf("there is none in %s-*: `.ci/deps bench` unpacks the one that Debian has", trees)
}

var versionLine = regexp.MustCompile(`(?m)^(?:Dnsmasq version |tftp-hpa |atftp-|nginx version: nginx/)(\d+(?:\.\d+)+)`)

// asked is the version that the program says.
func (d Program) asked() (string, error) {
	flag := "--version"
	if filepath.Base(d.Argv[len(d.Argv)-1]) == "nginx" {
		flag = "-v"
	}
	said, err := d.Command(flag).CombinedOutput()
	m := versionLine.FindSubmatch(said)
	switch {
	case err != nil:
		return "", fmt.Errorf("%s %s: %w", strings.Join(d.Argv, " "), flag, err)
	case m == nil:
		return "", fmt.Errorf("%s %s says no version: %q", strings.Join(d.Argv, " "), flag, said)
	}
	return string(m[1]), nil
}

// In is how the command line begins where the tree is shown in another directory.
func (d Program) In(dir string) []string {
	if d.Tree == "" {
		return d.Argv
	}
	argv := slices.Clone(d.Argv)
	for i := range argv {
		argv[i] = strings.ReplaceAll(argv[i], d.Tree, dir)
	}
	return argv
}

// Command runs it.
func (d Program) Command(args ...string) *exec.Cmd {
	return exec.Command(d.Argv[0], slices.Concat(d.Argv[1:], args)...)
}

// cache is where make deps unpacks: $BOOTRIG_CACHE, else bootrig in the user's cache directory.
func cache() string {
	if dir := os.Getenv("BOOTRIG_CACHE"); dir != "" {
		return dir
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "bootrig")
}
