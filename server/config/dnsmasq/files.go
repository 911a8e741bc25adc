package dnsmasq

import (
	"errors"
	"fmt"
	"io"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/internal/textfile"
)

// stdin is the name of the standard input, and stdinName what dnsmasq calls it in messages.
const (
	stdin     = "-"
	stdinName = "stdin"
)

// confFile reads another file in the place of this line. None is read twice (option.c, one_file), and
// so is the standard input.
func (r *reader) confFile(value text) {
	if len(value) > 0 {
		r.include(value.String())
	}
}

func (r *reader) include(name string) {
	if !r.first(name) || name == stdin && r.stdinRead {
		return
	}
	name, data, err := r.confText(name)
	if err != nil {
		r.wrong("%w", err)
		return
	}
	r.configuration(name, data)
}

// confText is the text of a configuration file, and its name in messages.
func (r *reader) confText(name string) (string, []byte, error) {
	if name != stdin {
		data, err := r.readRegular(name)
		return name, data, err
	}
	r.stdinRead = true
	data, err := io.ReadAll(r.Stdin)
	return stdinName, data, err
}

// configuration reads lines of options.
func (r *reader) configuration(name string, data []byte) {
	if what := textfile.Not(data); what != "" {
		r.mistakes = append(r.mistakes, fmt.Errorf("%s:1: this is no dnsmasq.conf but %s", filepath.ToSlash(name), what))
		return
	}
	r.lines(name, data, func(s string) {
		if l, ok := r.parsed(s); ok {
			r.option(l)
		}
	})
}

// confScript reads what a command writes. It runs at once, each time its line is met, and must succeed.
func (r *reader) confScript(value text) {
	command := value.String()
	if command == "" {
		return
	}
	data, err := r.Run(command)
	switch {
	case errors.Is(err, errNotRun):
		r.notice("conf-script=%s was not run: only serve starts programs; what it would write is not looked at", command)
		return
	case err != nil:
		r.wrong("conf-script=%s: %v", command, err)
		return
	}
	r.configuration("output of "+command, data)
}

// confDir reads DIR[,ENDING...]: its regular files in the order of their names. An ending with a `*`
// before it is wanted, one without is not.
func (r *reader) confDir(value text) {
	fields := value.fields()
	var wanted, unwanted []string
	for _, f := range fields[1:] {
		ending, want := strings.CutPrefix(f.String(), "*")
		switch {
		case ending == "":
		case want:
			wanted = append(wanted, ending)
		default:
			unwanted = append(unwanted, ending)
		}
	}
	dir := fields[0].String()
	if dir == "" {
		return
	}
	r.cfg.Sought = append(r.cfg.Sought, dir)
	names, err := r.names(dir, func(name string) bool {
		ends := func(ending string) bool { return len(name) > len(ending) && strings.HasSuffix(name, ending) }
		return (len(wanted) == 0 || slices.ContainsFunc(wanted, ends)) && !slices.ContainsFunc(unwanted, ends)
	})
	if err != nil {
		r.wrong("%w", err)
	}
	for _, name := range names {
		r.include(dir + "/" + name)
	}
}

// names are a directory's regular files in order, without those that editors leave behind. It goes on
// behind one that cannot be looked at, and returns the last such mistake.
func (r *reader) names(dir string, wanted func(name string) bool) (names []string, err error) {
	entries, err := r.readDir(dir)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		name := e.Name()
		left := strings.HasSuffix(name, "~") || strings.HasPrefix(name, ".") || name[0] == '#' && strings.HasSuffix(name, "#")
		if left || !wanted(name) {
			continue
		}
		info, failed := r.stat(path.Join(dir, name))
		switch {
		case failed != nil:
			err = failed
		case info.Mode().IsRegular():
			names = append(names, name)
		}
	}
	return names, err
}
