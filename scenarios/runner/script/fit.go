package script

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"
)

// YAML tells whether the configuration is a bootrig.yaml; else it is a dnsmasq.conf.
func (s Server) YAML() bool {
	ext := strings.ToLower(path.Ext(s.Config))
	return ext == ".yaml" || ext == ".yml"
}

// fitPaths looks for the content and the images that a server line names.
func (p *Plan) fitPaths(s Server) (wrong []string) {
	names := s.Paths
	if s.Seed != "" {
		names = append(slices.Clip(names), s.Seed)
	}
	for _, name := range names {
		there := func(c Content) bool { return c.Path == name || !c.Packed && strings.HasPrefix(name, c.Path+"/") }
		if !slices.ContainsFunc(p.Contents, there) {
			wrong = append(wrong, fmt.Sprintf("no content or image line puts anything at %s", name))
		}
	}
	if len(s.Paths) > 0 && s.Offer != "" {
		wrong = append(wrong, "server: offer= goes with a dnsmasq.conf")
	}
	return wrong
}

// fitContent looks for a path that is a directory and one file at once.
func (p *Plan) fitContent(c Content) (wrong []string) {
	if slices.ContainsFunc(p.Contents, func(o Content) bool { return o.Path == c.Path && o.Packed != c.Packed }) {
		wrong = append(wrong, c.Path+" is an image and a directory")
	}
	return wrong
}

// Blind names the steps that nobody can see come true, or false, in the plan's environment. They are
// mistakes there, though not of the file: its author may mean other worlds.
func (f *File) Blind(p *Plan) []Mistake {
	var mistakes []Mistake
	for _, s := range p.Steps {
		var why string
		switch v := s.Statement.(type) {
		case Expect:
			at := slices.IndexFunc(kinds, func(k kind) bool { return string(k.name) == v.Kind })
			if why = kinds[at].only.in(p.Env); why != "" {
				why = v.Kind + " cannot be seen in " + p.Env.World + " with this server: " + why
			}
		case Host:
			if v.Addr.IsValid() && p.Env.World == "sim" {
				why = "a simulated card keeps its address: put [real] before the line"
			}
		case Screen:
			if p.Env.World != "qemu" {
				why = "a scripted guest has no screen: put [qemu] before the line"
			}
		case Cmp:
			if scripted.in(p.Env) != "" {
				why = "what a real machine was handed cannot be seen: put [!qemu] before the line"
			}
		}
		if why != "" {
			mistakes = append(mistakes, Mistake{f.Name, s.Line, why})
		}
	}
	return mistakes
}

// Expects tells whether anything is asked of a run: a scenario that asks for nothing passes whatever happens.
func (p *Plan) Expects() bool { return len(p.Steps) > 0 || p.Fails != nil }

// strays names the files of the archive that nothing uses: a mistyped name is a file that is silently not
// served. A configuration uses those that its text names.
func (f *File) strays() []Mistake {
	used := map[string]bool{}
	var below []string
	for _, s := range f.Steps {
		switch v := s.Statement.(type) {
		case Server:
			used[v.Config] = true
		case Content:
			below = append(below, v.Path+"/")
		case Golden:
			for _, server := range Servers {
				used[v.For(server)] = true
			}
		case Cmp:
			used[v.File] = true
		case Host:
			used[v.From] = true
			below = append(below, v.From+"/")
		}
	}
	var mistakes []Mistake
	for _, file := range f.Files {
		served := slices.ContainsFunc(below, func(dir string) bool { return strings.HasPrefix(file.Name, dir) })
		if !served && !used[file.Name] && !f.named(file.Name) {
			mistakes = append(mistakes, Mistake{f.Name, f.lineOf(file.Name), fmt.Sprintf(
				"nothing uses the file %q: it is below the path of no content line, no configuration, and none names it", file.Name)})
		}
	}
	return mistakes
}

// named tells whether another file of the archive, such as the configuration, speaks of a file.
func (f *File) named(name string) bool {
	for _, other := range f.Files {
		if other.Name != name && bytes.Contains(other.Data, []byte(path.Base(name))) {
			return true
		}
	}
	return false
}

// lineOf is the line where a file of the archive begins.
func (f *File) lineOf(name string) int {
	line := 0
	for text := range strings.Lines(string(f.src)) {
		line++
		if marker, ok := strings.CutPrefix(strings.TrimSpace(text), "-- "); ok && strings.TrimSpace(strings.TrimSuffix(marker, "--")) == name {
			return line
		}
	}
	return line
}
