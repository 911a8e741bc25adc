package yaml

import (
	"path/filepath"

	"github.com/goccy/go-yaml/ast"

	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/policy"
)

func media() form[config.Media] {
	type T = config.Media
	return object[T]{
		fields: []field[T]{
			must(key("paths", "directories, netboot tarballs and ISO images; if relative, from the directory of this file. Of several each is below its name, and directories without anything to boot are laid over the rest", list(path()), func(m *T) *[]string { return &m.Paths })),
			key("programs", "directories with boot programs, in which they are looked for before the host's packages", list(path()), func(m *T) *[]string { return &m.Programs }),
			key("starts", "what machines start without being asked; of those that fit one the last counts, those with tags before those without", list(start()), func(m *T) *[]config.Start { return &m.Starts }),
			key("seed", "a directory with answer files for installers, which then ask nobody", path(), func(m *T) *string { return &m.Seed }),
		},
		rule: func(m *T) *string { return &m.Rule },
	}.form()
}

// start is an entry for some machines, or arguments.
func start() form[config.Start] {
	type T = config.Start
	return object[T]{
		fields: []field[T]{
			key("entry", "what starts at once: a name that bootrig media show prints, of several media behind the medium's own name and a dash; without it there is the menu", text(), func(s *T) *string { return &s.Entry }),
			key("args", "arguments for the kernel of the entry, or without an entry for all; {server} is our address, {base} the URL of the medium", text(), func(s *T) *string { return &s.Args }),
			tagged(func(s *T) *policy.Wants { return &s.Tags }),
		},
		rule: func(s *T) *string { return &s.Rule },
		check: func(r *reader, n ast.Node, s *T) {
			if s.Entry == "" && s.Args == "" {
				r.wrong(n, "it starts nothing: add entry: NAME, or args: ARGUMENTS for all entries")
			}
		},
	}.form()
}

// path is a name that begins where the file is, unless it begins with a slash.
func path() form[string] {
	f := text()
	return form[string]{
		schema: f.schema,
		read: func(r *reader, n ast.Node) (string, bool) {
			name, ok := f.read(r, n)
			if ok && !filepath.IsAbs(name) {
				name = filepath.Join(r.dir, name)
			}
			return name, ok
		},
		print: f.print,
	}
}
