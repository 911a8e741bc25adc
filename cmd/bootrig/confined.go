package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/server"
	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/config/dnsmasq"
	"github.com/bootrig/bootrig/server/confine"
	"github.com/bootrig/bootrig/server/media"
	"github.com/bootrig/bootrig/server/media/program"
)

// confine gives up all rights that serving what was read takes not. What is opened from here on is opened as everything
// will be.
func (s *serving) confine() error {
	user, err := confine.Who(s.User, os.Getenv)
	if err != nil {
		return fmt.Errorf("--user: %w", err)
	}
	if confine.Root() {
		s.holders = server.SeeHolders()
	}
	state, socket := filepath.Dir(s.State), filepath.Dir(s.at())
	_ = user.Own(state, s.ours) // what it cannot write there is told when it is written
	if s.control != nil && socket != state {
		_ = user.Own(socket, s.ours)
	}
	known := slices.DeleteFunc(media.Dirs(), func(dir string) bool { return !there(dir) })
	lacks, err := confine.Limits{User: user, Read: fixed(&s.settings), Named: s.named(), Write: []string{state}, Remove: []string{socket}}.Enter()
	if err != nil {
		return fmt.Errorf("giving up root's rights: %w", err)
	}
	s.user = &user
	if lacks != "" {
		s.remark("warning: " + lacks)
	}
	if why := ", which can become nobody else here"; user.UID == 0 {
		if s.User != "" {
			why = ", by --user " + s.User
		}
		s.remark("it stays root" + why + ": it may bind ports, send what has no IP address yet, and use the files of what it serves and keeps as root may")
	}
	for _, dir := range known {
		if err := user.Readable(dir); err != nil {
			s.remark("warning: families of media: " + err.Error())
		}
	}
	return s.readable(&s.settings)
}

// ours tells the names of the server's own files.
func (s *serving) ours(name string) bool {
	state := filepath.Base(s.State)
	return slices.Contains([]string{filepath.Base(s.at()), filepath.Base(cacheDir(s.State)), state, state + "-wal", state + "-shm", state + "-journal"}, name) ||
		strings.HasPrefix(name, state+".corrupt-")
}

// fixed is what a server reads of its host, whatever it serves: the kernel's tables, and what time it is.
func fixed(c *config.Config) []string {
	paths := []string{"/proc", "/etc/localtime", "/usr/share/zoneinfo"}
	if c.TFTP.LinksAnywhere {
		paths = append(paths, "/")
	}
	return paths
}

// named is what the configuration names, and where else is looked.
func (s *serving) named() (all []string) {
	for _, n := range needs(&s.settings) {
		all = append(all, n.path)
	}
	return slices.Concat(all, s.settings.Sought, s.settings.Watched, media.Dirs(), program.HostDirs())
}

// A need is a path that has to be read, and the line that says so.
type need struct{ path, rule string }

// needs are the paths that a configuration names.
func needs(c *config.Config) (all []need) {
	for _, file := range c.Files {
		if there(file) { // the standard input is not
			all = append(all, need{path: file})
		}
	}
	add := func(rule string, paths ...string) {
		for _, path := range paths {
			if path != "" && !slices.ContainsFunc(all, func(n need) bool { return n.path == path }) {
				all = append(all, need{path, rule})
			}
		}
	}
	add(c.Media.Rule, c.Media.Paths...)
	add(c.Media.Rule, c.Media.Programs...)
	add(c.Media.Rule, c.Media.Seed)
	add(c.HTTP.Rule, c.HTTP.Dir)
	if c.TFTP.Enabled {
		add(c.TFTP.Rule, c.TFTP.Root)
		for _, root := range c.TFTP.Roots {
			add(root.Rule, root.Dir)
		}
	}
	return all
}

func there(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// readable says what of a configuration the server cannot read, one mistake each.
func (s *serving) readable(c *config.Config) error {
	if s.user == nil {
		return nil
	}
	var mistakes []error
	for _, n := range needs(c) {
		err := s.user.Readable(n.path)
		if err != nil && n.rule != "" && n.rule != n.path {
			err = fmt.Errorf("%s: %w", n.rule, err)
		}
		mistakes = append(mistakes, err)
	}
	return errors.Join(mistakes...)
}

// unread says of files that could not be read again why, if that is for want of rights.
func (s *serving) unread(failed error) error {
	var mistakes []error
	for _, mistake := range flat(failed) {
		mistakes = append(mistakes, mistake)
		var at *fs.PathError
		if errors.As(mistake, &at) {
			mistakes = append(mistakes, s.user.Readable(at.Path))
		}
	}
	return errors.Join(mistakes...)
}

// read reads the configuration, of all links, as they come. It is the operator's own, and may start programs as long as
// the server is what it was started as.
func (s *serving) read() (config.Config, error) {
	source := dnsmasq.Source{Stdin: &s.stdin}
	if s.user == nil {
		return s.ServeCmd.settings(source)
	}
	source.Run = func(string) ([]byte, error) {
		return nil, errors.New("a server that runs starts no programs: start it again")
	}
	settings, err := s.ServeCmd.settings(source)
	if err == nil {
		err = s.readable(&settings)
	}
	return settings, s.unread(err)
}
