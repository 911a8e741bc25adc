package media

import (
	"cmp"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// fit is what a family makes of a directory, and which first condition does not hold where it is none.
func (f *family) fit(s *site, dir string) (m Medium, lacking string) {
	for _, c := range f.Has {
		if !c.holds(s, dir, nil) {
			return m, c.String()
		}
	}
	for _, c := range f.Lacks {
		if c.holds(s, dir, nil) {
			return m, "there is " + c.String()
		}
	}
	facts := map[string]string{}
	for name, all := range f.Facts {
		for _, one := range all {
			if v, ok := one.value(s, dir, nil); ok {
				facts[name] = tame(v)
				break
			}
		}
	}
	m = Medium{Family: f.Name.text, Title: f.spoken(f.Title.text, facts), Version: facts["version"], Dir: dir, Memory: f.Memory}
	facts["title"] = m.Title
	m.Instead = f.spoken(f.Instead.text, facts)
	if m.Entries, lacking = f.entries(s, dir, facts); len(m.Entries) == 0 && m.Instead == "" {
		return m, lacking
	}
	for _, t := range f.Fetches {
		m.Fetches = append(m.Fetches, f.spoken(t.text, facts))
	}
	for _, n := range f.Notes {
		if all(n.When, s, dir, facts) {
			m.Notes = append(m.Notes, f.spoken(n.Text.text, facts))
		}
	}
	if a := f.Answer; a != nil {
		m.Answer = Answer{Args: fill(a.Args.text, facts), Format: a.Format.text, Directory: a.Directory}
		for _, t := range a.Files {
			m.Answer.Files = append(m.Answer.Files, t.text)
		}
	}
	return m, ""
}

// tame makes a value what a line of a menu and a command line can hold.
func tame(v string) string {
	const longest = 200
	v = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, v[:min(len(v), longest)])
	return strings.Join(strings.Fields(v), " ")
}

// spoken is a text for people: a fact that was not found leaves no gap.
func (f *family) spoken(t string, facts map[string]string) string {
	known := map[string]string{}
	for name := range f.Facts {
		known[name] = ""
	}
	maps.Copy(known, facts)
	return strings.Join(strings.Fields(fill(t, known)), " ")
}

func all(conditions []condition, s *site, dir string, known map[string]string) bool {
	for _, c := range conditions {
		if !c.holds(s, dir, known) {
			return false
		}
	}
	return true
}

// entries are those whose files are all there. lacking is what the first of them misses.
func (f *family) entries(s *site, dir string, facts map[string]string) (made []Entry, lacking string) {
	for _, e := range f.Entries {
		kernels := slices.DeleteFunc(e.Kernel.find(s, dir, facts), func(k found) bool {
			return e.Program.kind != "" && s.program(path.Join(dir, k.path)).Kind != e.Program.kind
		})
		if len(e.Kernel) == 0 {
			kernels = []found{{}}
		} else if len(kernels) == 0 && lacking == "" {
			lacking = e.Kernel[0].text
		}
		var these []Entry
		for _, k := range kernels {
			one, missing := f.entry(s, dir, e, k, facts)
			if missing == "" {
				these = append(these, one)
			} else if lacking == "" {
				lacking = missing
			}
		}
		slices.SortStableFunc(these, func(a, b Entry) int { return cmp.Compare(cpuOrder(a.CPU), cpuOrder(b.CPU)) })
		made = append(made, these...)
	}
	return apart(made), lacking
}

// entry makes one of a template and a kernel.
func (f *family) entry(s *site, dir string, e entry, kernel found, facts map[string]string) (made Entry, missing string) {
	known := maps.Clone(facts)
	maps.Copy(known, kernel.vars)
	for _, c := range e.When {
		if !c.holds(s, dir, known) {
			return made, c.String()
		}
	}
	made = Entry{Name: fill(e.Name.text, known), Kind: Kind(cmp.Or(e.Kind, kind(Linux))), Kernel: kernel.path,
		Args: fill(e.Args.text, known), AppendISO: fill(e.Append.text, known), Asks: e.Asks}
	made.CPU = cmp.Or(e.CPU.text, cpuOf(kernel.vars["cpu"]))
	if made.CPU == "" && kernel.path != "" {
		made.CPU = s.program(path.Join(dir, kernel.path)).CPU
	}
	known["cpu"] = cmp.Or(kernel.vars["cpu"], made.CPU)
	made.Title = f.spoken(e.Title.text, known)
	for _, p := range e.Initrds {
		files := p.find(s, dir, known)
		if len(files) == 0 {
			return made, p[0].text
		}
		made.Initrds = append(made.Initrds, files[0].path)
	}
	for _, m := range e.Modules {
		files := m.File.find(s, dir, known)
		if len(files) == 0 {
			return made, m.File[0].text
		}
		made.Modules = append(made.Modules, Module{files[0].path, fill(m.Args.text, known)})
	}
	return made, ""
}

// apart gives entries of one name different ones, by their CPU or else by a number.
func apart(entries []Entry) []Entry {
	taken := map[string]bool{}
	for i := range entries {
		e := &entries[i]
		name := e.Name
		if taken[name] && e.CPU != "" {
			name += "-" + e.CPU
			e.Title += " (" + e.CPU + ")"
		}
		for n := 2; taken[name]; n++ {
			name = e.Name + "-" + strconv.Itoa(n)
		}
		e.Name = name
		taken[name] = true
	}
	return entries
}
