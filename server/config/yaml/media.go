package yaml

import (
	"path/filepath"

	"github.com/goccy/go-yaml/ast"

	"github.com/bootrig/bootrig/server/config"
)

func media() form[config.Media] {
	type T = config.Media
	return object[T]{
		fields: []field[T]{
			must(key("paths", "directories, netboot tarballs and ISO images; if relative, from the directory of this file. Of several each is below its name, and directories without anything to boot are laid over the rest", list(path()), func(m *T) *[]string { return &m.Paths })),
			key("programs", "directories with boot programs, in which they are looked for before the host's packages", list(path()), func(m *T) *[]string { return &m.Programs }),
			key("seed", "a directory with answer files for installers, which then ask nobody", path(), func(m *T) *string { return &m.Seed }),
		},
		rule: func(m *T) *string { return &m.Rule },
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
