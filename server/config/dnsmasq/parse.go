package dnsmasq

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/bootrig/bootrig/server/config"
)

// An Error is one mistake.
type Error struct {
	Rule string // file:line
	Text string
}

func (e *Error) Error() string { return e.Rule + ": " + e.Text }

// Load reads a file. Its error joins every mistake of the file, an *Error each.
func Load(path string) (*config.Config, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("configuration: %w", err)
	}
	return Parse(path, data)
}

// Parse reads the content of a file that is called name.
func Parse(name string, data []byte) (*config.Config, error) {
	r := reader{cfg: &config.Config{Files: []string{name}}}
	for i, s := range strings.Split(string(data), "\n") {
		r.rule = fmt.Sprintf("%s:%d", filepath.ToSlash(name), i+1)
		l, ok, err := parseLine(s)
		if err != nil {
			r.wrong("%v", err)
		} else if ok {
			r.option(l)
		}
	}
	r.finish(name)
	if len(r.mistakes) > 0 {
		return nil, errors.Join(r.mistakes...)
	}
	return r.cfg, nil
}

// A reader collects what the lines say, and every mistake in them.
type reader struct {
	cfg      *config.Config
	rule     string // of the line being read
	mistakes []error
	services int // basenames so far: they number the menu's items
	portSeen bool
}

func (r *reader) wrong(format string, args ...any) {
	r.mistakes = append(r.mistakes, &Error{r.rule, fmt.Sprintf(format, args...)})
}

func (r *reader) notice(format string, args ...any) {
	r.cfg.Notices = append(r.cfg.Notices, config.Notice{Rule: r.rule, Text: fmt.Sprintf(format, args...)})
}
