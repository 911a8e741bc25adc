package httpd

import (
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/internal/amount"
)

// directory answers with index.html, or with a list of links like that of python's http.server, which
// installers read to find their packages.
func (h files) directory(a *answer, r *http.Request, name string) {
	f, err := h.tree.Open(path.Join(name, "index.html"))
	if err == nil {
		defer f.Close()
		a.file(r, f)
		return
	}
	list, ok := h.tree.(content.Lister)
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

const pageHead = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>%[1]s</title>
<style>
:root { color-scheme: light dark }
body { font-family: sans-serif; margin: 1em auto; max-width: 60em; padding: 0 1em }
td, th { padding: .1em 1em .1em 0; text-align: left }
td:nth-child(2), th:nth-child(2) { text-align: right; white-space: nowrap }
td:nth-child(3) { white-space: nowrap }
td:first-child { overflow-wrap: anywhere }
</style>
</head>
<body>
<h1>%[1]s</h1>
<table>
<tr><th>Name</th><th>Size</th><th>Date (UTC)</th></tr>
`

func index(name string, entries []content.Entry) string {
	var b strings.Builder
	name = strings.TrimSuffix(name, "/") + "/"
	fmt.Fprintf(&b, pageHead, html.EscapeString("Files in "+name))
	if name != "/" {
		b.WriteString("<tr><td><a href=\"../\">../</a></td><td></td><td></td></tr>\n")
	}
	for _, e := range entries {
		size := fmt.Sprintf("<td title=\"%d bytes\">%s</td>", e.Size, amount.Bytes(e.Size))
		switch {
		case e.IsDir:
			e.Name += "/"
			size = "<td></td>"
		case e.Size < 0:
			size = "<td>a link to nothing here</td>"
		}
		date := ""
		if !e.ModTime.IsZero() {
			date = e.ModTime.UTC().Format(time.DateTime)
		}
		fmt.Fprintf(&b, "<tr><td><a href=\"%s\">%s</a></td>%s<td>%s</td></tr>\n", html.EscapeString(href(e.Name)), html.EscapeString(e.Name), size, date)
	}
	b.WriteString("</table>\n</body>\n</html>\n")
	return b.String()
}

// href is a name as a relative reference; the dot keeps a name with a colon from being a scheme.
func href(name string) string { return (&url.URL{Path: "./" + name}).EscapedPath() }
