package httpd

import (
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/bootrig/bootrig/server/content"
)

// A lister is a Tree that knows what is in its directories.
type lister interface {
	List(name string) ([]content.Entry, error)
}

// directory answers with index.html, or with a list of links like that of python's http.server, which
// installers read to find their packages.
func (h *handler) directory(a *answer, r *http.Request, name string) {
	f, err := h.tree.Open(path.Join(name, "index.html"))
	if err == nil {
		defer f.Close()
		a.file(r, f)
		return
	}
	list, ok := h.tree.(lister)
	if !ok {
		http.Error(a, "this directory has no index", http.StatusForbidden)
		return
	}
	entries, err := list.List(name)
	if err != nil {
		refuse(a, err)
		return
	}
	page := index(name, entries)
	a.whole = int64(len(page))
	a.Header().Set("Content-Type", "text/html; charset=utf-8")
	a.Header().Set("Content-Length", fmt.Sprint(len(page)))
	if r.Method != http.MethodHead {
		_, _ = io.WriteString(a, page) // the client is gone; the record shows it
	}
}

func index(name string, entries []content.Entry) string {
	var b strings.Builder
	title := html.EscapeString("Directory listing for " + strings.TrimSuffix(name, "/") + "/")
	fmt.Fprintf(&b, "<!DOCTYPE HTML>\n<html>\n<head><meta charset=\"utf-8\"><title>%s</title></head>\n<body>\n<h1>%s</h1>\n<ul>\n", title, title)
	for _, e := range entries {
		if e.IsDir {
			e.Name += "/"
		}
		fmt.Fprintf(&b, "<li><a href=\"%s\">%s</a></li>\n", html.EscapeString(href(e.Name)), html.EscapeString(e.Name))
	}
	b.WriteString("</ul>\n</body>\n</html>\n")
	return b.String()
}

// href is a name as a relative reference; the dot keeps a name with a colon from being a scheme.
func href(name string) string { return (&url.URL{Path: "./" + name}).EscapedPath() }
