package yaml

import (
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/bootrig/bootrig/server/config"
)

// An object is a group of keys that makes a T.
type object[T any] struct {
	start  T // what an empty group says
	fields []field[T]
	either [][]string                        // of each list at most one key may be there
	one    []string                          // of these exactly one
	rule   func(*T) *string                  // where the line goes; nil: nowhere
	check  func(r *reader, n ast.Node, v *T) // what no schema can say; nil: nothing
}

// A field is one key of a group. They are read in the order of their description, whatever the file's.
type field[T any] struct {
	name, help string
	schema     schema
	required   bool
	read       func(r *reader, n ast.Node, into *T)
	print      func(v T) out
	says       func(v, start T) bool // v is to be printed: it says what start does not
}

// key is a field whose value stands somewhere in T.
func key[T, V any](name, help string, f form[V], at func(*T) *V) field[T] {
	return part(name, help, f, func(v T) V { return *at(&v) }, func(_ *reader, _ ast.Node, into *T, v V) { *at(into) = v })
}

// part is a field whose value is made of something in T.
func part[T, V any](name, help string, f form[V], get func(T) V, set func(*reader, ast.Node, *T, V)) field[T] {
	return field[T]{
		name: name, help: help, schema: f.schema,
		read: func(r *reader, n ast.Node, into *T) {
			if v, ok := f.read(r, n); ok {
				set(r, n, into, v)
			}
		},
		print: func(v T) out { return f.print(get(v)) },
		says:  func(v, start T) bool { return !reflect.DeepEqual(get(v), get(start)) },
	}
}

// ruled is a key whose line is kept too.
func ruled[T, V any](name, help string, f form[V], at func(*T) *V, rule func(*T) *string) field[T] {
	return part(name, help, f, func(v T) V { return *at(&v) }, func(r *reader, n ast.Node, into *T, v V) {
		*at(into), *rule(into) = v, r.rule(n)
	})
}

// must makes a field one that has to be there.
func must[T any](f field[T]) field[T] {
	f.required = true
	return f
}

// unless is a field that is printed always, but where another says it all.
func unless[T any](other func(T) bool, f field[T]) field[T] {
	f.says = func(v, _ T) bool { return !other(v) }
	return f
}

// form makes the three of the description.
func (o object[T]) form() form[T] {
	return form[T]{schema: o.schema(), read: o.read, print: o.print}
}

func (o object[T]) read(r *reader, n ast.Node) (T, bool) {
	v, before := o.start, len(r.mistakes)
	pairs, ok := r.pairs(n, o.names())
	if !ok {
		return v, false
	}
	if o.rule != nil {
		*o.rule(&v) = r.rule(n)
	}
	for _, f := range o.fields {
		value, there := pairs[f.name]
		switch {
		case there:
			f.read(r, value, &v)
		case f.required:
			r.wrong(n, "%s is missing: %s", f.name, f.help)
		}
	}
	o.chosen(r, n, pairs)
	if len(r.mistakes) == before && o.check != nil {
		o.check(r, n, &v)
	}
	return v, len(r.mistakes) == before
}

// chosen looks at keys that exclude each other.
func (o object[T]) chosen(r *reader, n ast.Node, pairs map[string]ast.Node) {
	there := func(keys []string) (found []string) {
		for _, k := range keys {
			if _, ok := pairs[k]; ok {
				found = append(found, k)
			}
		}
		return found
	}
	for _, keys := range append(slices.Clone(o.either), o.one) {
		if found := there(keys); len(found) > 1 {
			r.wrong(n, "%s exclude each other: make an entry of each", strings.Join(found, " and "))
		}
	}
	if len(o.one) > 0 && len(there(o.one)) == 0 {
		r.wrong(n, "one of %s is missing", strings.Join(o.one, ", "))
	}
}

func (o object[T]) names() []string {
	var names []string
	for _, f := range o.fields {
		names = append(names, f.name)
	}
	return names
}

// pairs are the keys of a group and their values.
func (r *reader) pairs(n ast.Node, known []string) (map[string]ast.Node, bool) {
	var values []*ast.MappingValueNode
	switch n := n.(type) {
	case *ast.MappingNode:
		values = n.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{n}
	default:
		r.unexpected(n, "a group of the keys "+strings.Join(known, ", "))
		return nil, false
	}
	pairs := map[string]ast.Node{}
	for _, v := range values {
		name, isText := v.Key.(*ast.StringNode)
		switch {
		case !isText:
			r.wrong(v.Key, "%s is no key here: one of %s", describe(v.Key), strings.Join(known, ", "))
		case !slices.Contains(known, name.Value):
			r.unknown(v.Key, "key", name.Value, known)
		case pairs[name.Value] != nil:
			r.wrong(v.Key, "%s stands here a second time, first in line %d: make one of the two", name.Value, line(pairs[name.Value]))
		default:
			pairs[name.Value] = v.Value
		}
	}
	return pairs, true
}

// unknown notes a word that is none of the known, and the nearest that is.
func (r *reader) unknown(n ast.Node, what, word string, known []string) {
	near := config.Nearest(word, known)
	if i := slices.IndexFunc(known, func(k string) bool { return strings.HasPrefix(k, word) }); near == "" && i >= 0 {
		near = known[i]
	}
	if near != "" {
		r.wrong(n, "unknown %s %s: did you mean %s?", what, short(word), near)
		return
	}
	r.wrong(n, "unknown %s %s: one of %s", what, short(word), few(known))
}

// few are so many words that a message can hold them.
func few(words []string) string {
	const most = 20
	if len(words) > most {
		return strings.Join(words[:most], ", ") + ", ..."
	}
	return strings.Join(words, ", ")
}

func (o object[T]) print(v T) out {
	printed := out{kind: isGroup}
	for _, f := range o.fields {
		if f.required || f.says(v, o.start) {
			printed.pairs = append(printed.pairs, pair{f.name, f.print(v)})
		}
	}
	if o.rule != nil {
		printed.comment = *o.rule(&v)
	}
	return printed
}

func (o object[T]) schema() schema {
	properties, required := schema{}, []string{}
	for _, f := range o.fields {
		described := schema{"description": f.help}
		for k, v := range f.schema {
			described[k] = v
		}
		properties[f.name] = described
		if f.required {
			required = append(required, f.name)
		}
	}
	s := schema{"type": "object", "additionalProperties": false, "properties": properties}
	if len(required) > 0 {
		s["required"] = required
	}
	if excluded := exclusions(append(slices.Clone(o.either), o.one)); len(excluded) > 0 {
		s["not"] = schema{"anyOf": excluded}
	}
	if len(o.one) > 0 {
		var any []schema
		for _, k := range o.one {
			any = append(any, schema{"required": []string{k}})
		}
		s["anyOf"] = any
	}
	return s
}

// exclusions are all the pairs of keys that must not be there both.
func exclusions(lists [][]string) []schema {
	var pairs []schema
	for _, keys := range lists {
		for i, a := range keys {
			for _, b := range keys[i+1:] {
				pairs = append(pairs, schema{"required": []string{a, b}})
			}
		}
	}
	return pairs
}
