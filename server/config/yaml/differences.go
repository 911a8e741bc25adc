package yaml

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/server/config"
)

// A Difference is one entry of a configuration that another has not, or has otherwise.
type Difference struct {
	Rule string // the entry's line; "": it is gone
	Text string // "hosts: {mac: ...} is new", "... is gone", "tftp root: /b, and was /a"
}

// Differences says what became of a configuration, an entry each, in the words and the order of a bootrig.yaml. Where
// an entry stands is no difference.
func Differences(was, is *config.Config) (all []Difference) {
	old, now := sayings(was), sayings(is)
	for _, path := range paths(old, now) {
		all = append(all, differ(path, old[path], now[path])...)
	}
	return all
}

// A saying is an item of a list, or the value of a key.
type saying struct {
	rule, text string
	item       bool
	place      int // of its key in the document
}

// sayings are those of a configuration by their keys: "hosts", "leases ranges", "tftp root".
func sayings(cfg *config.Config) map[string][]saying {
	all := map[string][]saying{}
	add := func(path string, o out, item bool) {
		all[path] = append(all[path], saying{rule: o.rule(), text: o.flow(), item: item, place: len(all)})
	}
	var walk func(path string, o out)
	walk = func(path string, o out) {
		switch {
		case o.kind == isGroup && len(o.pairs) > 0:
			for _, p := range o.pairs {
				walk(strings.TrimSpace(path+" "+p.key), p.value)
			}
		case o.kind == isList && len(o.items) > 0:
			for _, item := range o.items {
				add(path, item, true)
			}
		default:
			add(path, o, false)
		}
	}
	walk("", document().print(*cfg))
	return all
}

// paths are the keys of both, in the order of the document as far as it is known.
func paths(old, now map[string][]saying) (all []string) {
	place := map[string]int{}
	for _, of := range []map[string][]saying{old, now} {
		for path, entries := range of {
			place[path] = max(place[path], entries[0].place)
		}
	}
	for path := range place {
		all = append(all, path)
	}
	slices.SortFunc(all, func(a, b string) int { return cmp.Or(place[a]-place[b], strings.Compare(a, b)) })
	return all
}

func differ(path string, old, now []saying) (all []Difference) {
	if len(old) == 1 && len(now) == 1 && !old[0].item && !now[0].item {
		if old[0].text != now[0].text {
			all = append(all, Difference{now[0].rule, fmt.Sprintf("%s: %s, and was %s", path, now[0].text, old[0].text)})
		}
		return all
	}
	for _, e := range without(old, now) {
		all = append(all, Difference{"", path + ": " + e.text + " is gone"})
	}
	for _, e := range without(now, old) {
		all = append(all, Difference{e.rule, path + ": " + e.text + " is new"})
	}
	same := func(a, b saying) bool { return a.text == b.text }
	if len(all) == 0 && !slices.EqualFunc(old, now, same) {
		all = append(all, Difference{now[0].rule, path + ": the same in another order"})
	}
	return all
}

// without are entries that others are not.
func without(entries, others []saying) (left []saying) {
	count := map[string]int{}
	for _, e := range others {
		count[e.text]++
	}
	for _, e := range entries {
		if count[e.text]--; count[e.text] < 0 {
			left = append(left, e)
		}
	}
	return left
}

// flow writes a value in one line, without its comments.
func (o out) flow() string {
	var parts []string
	switch o.kind {
	case isList:
		for _, item := range o.items {
			parts = append(parts, item.flow())
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case isGroup:
		for _, p := range o.pairs {
			parts = append(parts, p.key+": "+p.value.flow())
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return o.text
}

// rule is the line that an entry comes from: its first comment.
func (o out) rule() string {
	if o.comment != "" {
		return o.comment
	}
	for _, p := range o.pairs {
		if rule := p.value.rule(); rule != "" {
			return rule
		}
	}
	for _, item := range o.items {
		if rule := item.rule(); rule != "" {
			return rule
		}
	}
	return ""
}
