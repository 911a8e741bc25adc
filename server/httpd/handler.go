// Package httpd gives a content.Tree over HTTP: what the founding note does with `python3 -m
// http.server`, with Range, HEAD and answers that installers and boot programs can rely on.
//
// Clients can be as slow as they like, and hold nothing they do not use: a request has ten seconds to come, a
// body that nobody wants too, a connection that asks for nothing a minute, and so has a client to take at
// least something of what it is sent. Connections are counted, in all and for each address; where there are
// too many those give way that ask for nothing, or have taken nothing for ten seconds.
//
// A file of the host is sent by sendfile(2) where there is that, and copied where not: out of an image, or by other systems.
package httpd

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/netip"
	"path"
	"strings"
	"time"

	"github.com/bootrig/bootrig/internal/magic"
	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/wire/event"
)

// Handler serves the files of tree, and its directories as an index if it has List. rule is the line
// of the configuration that says so, for the facts. ev may be nil; who names a client in its facts, nil by its
// address;
// hints are for names that are not there, nil for none.
//
// A directory's name without its slash is redirected, as links in the index are relative; `..` is
// resolved before the tree sees the name, since lpxelinux asks for /a/../b as it stands in a menu.
func Handler(tree content.Tree, rule string, ev event.Recorder, who func(netip.Addr) string, hints *content.Hints) http.Handler {
	return Told(files{tree, hints}, rule, ev, who)
}

// Told is a handler whose requests and answers are facts, as those of Handler are.
func Told(next http.Handler, rule string, ev event.Recorder, who func(netip.Addr) string) http.Handler {
	if ev == nil {
		ev = event.Discard
	}
	if who == nil {
		who = netip.Addr.String
	}
	return &handler{next, rule, ev, who}
}

type handler struct {
	next   http.Handler
	rule   string
	events event.Recorder
	who    func(netip.Addr) string
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a := &answer{ResponseWriter: w, whole: -1}
	fact := h.fact(r)
	record := func(e event.Event, kind event.Kind) {
		e.Time, e.Kind = time.Now(), kind
		h.events.Record(e)
	}
	asked := fact
	asked.Attrs = event.Attrs("method", r.Method, "range", r.Header.Get("Range"))
	record(asked, event.HTTPRequest)
	h.next.ServeHTTP(a, r)
	fact.Bytes = a.sent
	got := fact
	fact.Code, fact.Text, fact.Attrs = a.code, a.why, event.Attrs("like", a.like)
	record(fact, event.HTTPResponse)
	if r.Method == http.MethodGet && a.code == http.StatusOK && a.sent == a.whole {
		got.Attrs = event.Attrs("is", a.is)
		record(got, event.Got)
	}
}

// fact is what all facts of a request say.
func (h *handler) fact(r *http.Request) event.Event {
	e := event.Event{Source: "server", Rule: h.rule, Client: r.RemoteAddr, Path: r.URL.Path}
	if peer, err := netip.ParseAddrPort(r.RemoteAddr); err == nil {
		e.Peer, e.Client = peer, h.who(peer.Addr().Unmap())
	}
	return e
}

// files are those of a tree.
type files struct {
	tree  content.Tree
	hints *content.Hints
}

// ServeHTTP answers with a file or an index.
func (h files) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a := w.(*answer)
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(a, "this server only gives files", http.StatusMethodNotAllowed)
		return
	}
	name := path.Clean("/" + r.URL.Path)
	asDirectory := strings.HasSuffix(r.URL.Path, "/")
	f, err := h.tree.Open(name)
	switch {
	case err == nil && asDirectory:
		f.Close()
		http.NotFound(a, r)
	case err == nil:
		defer f.Close()
		a.file(r, f)
	case errors.Is(err, content.ErrIsDirectory) && asDirectory:
		h.directory(a, r, name)
	case errors.Is(err, content.ErrIsDirectory):
		// Relative to the last element, so that it stays right behind a proxy.
		a.Header().Set("Location", href(path.Base(name)+"/"))
		a.WriteHeader(http.StatusMovedPermanently)
	default:
		if errors.Is(err, fs.ErrNotExist) {
			a.like = h.hints.For(time.Now(), h.tree, name)
		}
		refuse(a, err)
	}
}

func refuse(a *answer, err error) {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		http.Error(a, "there is no such file", http.StatusNotFound)
	case errors.Is(err, fs.ErrPermission):
		a.why = err.Error()
		http.Error(a, "this file may not be read", http.StatusForbidden)
	default:
		a.why = err.Error()
		http.Error(a, "this file cannot be read", http.StatusInternalServerError)
	}
}

// file answers with one file: If-Range, If-Modified-Since, HEAD and what is in a Range are http.ServeContent's.
func (a *answer) file(r *http.Request, f *content.File) {
	a.whole = f.Size
	a.Header().Set("Content-Type", contentType(f.Name))
	if tag := entityTag(f); tag != "" {
		a.Header().Set("ETag", tag)
	}
	a.is = begins(f)
	asked := r.Header.Get("Range")
	r = sensible(r, f.Size)
	http.ServeContent(a, r, f.Name, f.ModTime, newBody(f))
	switch {
	case a.code == http.StatusRequestedRangeNotSatisfiable:
		a.why = fmt.Sprintf("the range %q is none of this file", asked)
	case asked != "" && r.Header.Get("Range") == "":
		a.why = fmt.Sprintf("%q is no range, so the whole file is the answer", asked)
	}
}

// begins says what a file is.
func begins(f *content.File) string {
	head := make([]byte, min(magic.Enough, f.Size))
	if f.Fill(head, 0) != nil {
		return ""
	}
	return magic.Of(head, f.Size)
}

// entityTag tells one state of a file from another (RFC 9110 section 8.8.3). What was generated has no time.
func entityTag(f *content.File) string {
	if f.ModTime.IsZero() {
		return ""
	}
	return fmt.Sprintf(`"%x-%x"`, f.ModTime.UnixNano(), f.Size)
}
