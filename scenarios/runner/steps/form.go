package steps

import (
	"fmt"
	"path"
	"strings"

	"github.com/bootrig/bootrig/scenarios/runner/script"
	"github.com/bootrig/bootrig/wire/event"
)

// otherForm tells that the name a step waits for was seen in another form: clients write names as their
// configuration has them, and a step must have them so too.
func (g *guest) otherForm(want script.Expect) string {
	if want.Path == "" {
		return ""
	}
	for n, e := range g.facts {
		if g.used[n] || e.Source == "server" || e.Path == "" || pathMatches(want.Path, e.Path) {
			continue
		}
		form := difference(want.Path, e.Path)
		switch {
		case form == "":
		case string(e.Kind) == want.Kind:
			return fmt.Sprintf("there was `%s %s`: the name %s", e.Kind, e.Path, form)
		case e.Kind == event.Miss && want.Kind == string(event.Got):
			return fmt.Sprintf("it asked for %s, which is not there: the name %s", e.Path, form)
		}
	}
	return ""
}

// difference says how two forms of one name differ; "" for two names.
func difference(want, got string) string {
	plain := func(name string) string {
		return strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(name, `\`, "/")), "/")
	}
	w, g := plain(want), plain(got)
	switch {
	case w == g && strings.Contains(want, `\`) != strings.Contains(got, `\`):
		return "has other slashes there"
	case w == g && strings.HasPrefix(got, "/") && !strings.HasPrefix(want, "/"):
		return "begins with / there"
	case w == g && strings.HasPrefix(want, "/"):
		return "does not begin with / there"
	case w == g:
		return "is written in another way there"
	case strings.EqualFold(w, g):
		return "has other capital letters there"
	case strings.HasSuffix(g, "/"+w):
		return "has " + strings.TrimSuffix(g, w) + " before it there"
	case strings.HasSuffix(w, "/"+g):
		return "lacks " + strings.TrimSuffix(w, g) + " there"
	}
	return ""
}
