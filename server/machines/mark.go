package machines

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/bootrig/bootrig/wire/event"
)

// A Mark is what somebody wants of a machine: tags that it has besides those of the configuration.
type Mark struct {
	Tags []string `json:"tags,omitempty"` // until they are taken away
	Once *Once    `json:"once,omitempty"`
}

// A Once is tags for the next boot, through all of its chain.
type Once struct {
	Tags  []string  `json:"tags"`
	Until string    `json:"until,omitempty"` // Callback, or the name of a file: it holds until then, however many boots that takes
	Made  time.Time `json:"made"`
	Began time.Time `json:"began,omitzero"` // zero: it waits for the machine's next boot

	due bool // firmware that begins a boot was given the tags just now; not yet its answer
}

// Callback is the Until of a mark that the installer ends by its callback.
const Callback = "callback"

// What the tags of marks are given by, where a rule of the configuration would be named.
const (
	BySet  = "machines set"
	ByOnce = "machines once"
)

// given are the tags that a machine has now.
func (m Mark) given() map[string]string {
	tags := map[string]string{}
	for _, tag := range m.Tags {
		tags[tag] = BySet
	}
	if o := m.Once; o != nil && (o.due || !o.Began.IsZero()) {
		for _, tag := range o.Tags {
			tags[tag] = ByOnce
		}
	}
	return tags
}

// ends says why a mark is over with a fact; "": it is not. Only a boot that it was given to ends it.
func (o *Once) ends(e event.Event) string {
	switch {
	case o.Began.IsZero():
	case e.Kind == event.Installed && (o.Until == "" || o.Until == Callback):
		return "its installer called back"
	case o.Until != "" && o.Until != Callback && fetched(e) && isFile(e.Path, o.Until):
		return e.Path + " was fetched"
	}
	return ""
}

// isFile tells whether a path names a file: the whole of it, or where that is one word its last part.
func isFile(asked, name string) bool {
	clean := func(p string) string { return strings.TrimLeft(path.Clean(strings.ReplaceAll(p, `\`, "/")), "/") }
	asked, name = clean(asked), clean(name)
	return asked == name || !strings.Contains(name, "/") && path.Base(asked) == name
}

// String says what is wanted, in a few words.
func (m Mark) String() string {
	var parts []string
	if len(m.Tags) > 0 {
		parts = append(parts, strings.Join(m.Tags, " "))
	}
	if m.Once != nil {
		parts = append(parts, m.Once.String())
	}
	return strings.Join(parts, "; ")
}

// String says what is wanted, and how long.
func (o Once) String() string {
	when := "at its next boot"
	if !o.Began.IsZero() {
		when = "in this boot"
	}
	switch {
	case o.Until == Callback:
		when += ", until it calls back"
	case o.Until != "":
		when += fmt.Sprintf(", until it fetches %s", o.Until)
	}
	return strings.Join(o.Tags, " ") + " " + when
}

// CheckTag finds what cannot be asked for by a rule of either configuration language.
func CheckTag(tag string) error {
	bad := func(r rune) bool {
		return r == ',' || r == ':' || r == '*' || unicode.IsSpace(r) || !unicode.IsPrint(r)
	}
	if tag == "" || strings.ContainsAny(tag[:1], "!#-") || strings.ContainsFunc(tag, bad) {
		return fmt.Errorf("%q is no tag: a word such as install, without comma, colon, space or *, and no ! # or - before it", tag)
	}
	return nil
}

// empty tells whether nothing is wanted.
func (m Mark) empty() bool { return len(m.Tags) == 0 && m.Once == nil }

// clone shares nothing with the mark.
func (m Mark) clone() Mark {
	m.Tags = slices.Clone(m.Tags)
	if m.Once != nil {
		once := *m.Once
		once.Tags = slices.Clone(once.Tags)
		m.Once = &once
	}
	return m
}
