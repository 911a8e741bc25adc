package yaml

import (
	"strconv"

	"github.com/goccy/go-yaml/ast"
)

// A form is how one kind of value stands in the file. Its schema, its reading and its printing are one
// value, so that none of them can know what the others do not.
type form[T any] struct {
	schema schema
	read   func(*reader, ast.Node) (T, bool) // false: a mistake was noted
	print  func(T) out
}

// A schema is a part of the JSON Schema.
type schema map[string]any

// textOf is the text of a scalar that is one.
func (r *reader) textOf(n ast.Node, what string) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		r.wrong(n, "%s is expected, which %s is not in YAML: put it between double quotes if it is meant", what, describe(n))
	default:
		r.unexpected(n, what)
	}
	return "", false
}

// unexpected notes a value of another kind than what.
func (r *reader) unexpected(n ast.Node, what string) {
	value := n.GetToken().Value
	switch n := n.(type) {
	case *ast.TagNode:
		r.wrong(n, "%s: YAML takes a word that begins with ! for a type: put it between double quotes; the absence of a tag is `not TAG`", value)
	case *ast.AliasNode, *ast.AnchorNode:
		r.wrong(n, "%s: YAML takes a word that begins with %s for a reference, which bootrig.yaml has not: put it between double quotes", value, value)
	case *ast.NullNode:
		r.wrong(n, "%s is expected, and nothing is there: give it, or drop the key", what)
	default:
		r.wrong(n, "%s is expected, not %s", what, describe(n))
	}
}

// describe names a value in a message.
func describe(n ast.Node) string {
	switch n := n.(type) {
	case *ast.StringNode:
		return short(n.Value)
	case *ast.LiteralNode:
		return short(n.Value.Value)
	case *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		return "the number " + n.GetToken().Value
	case *ast.BoolNode:
		return n.GetToken().Value
	case *ast.MappingNode, *ast.MappingValueNode:
		return "a group of keys"
	case *ast.SequenceNode:
		return "a list"
	}
	return short(n.GetToken().Value)
}

// short is a text in a message.
func short(s string) string {
	const most = 60
	if len(s) > most {
		return strconv.Quote(s[:most]) + "..."
	}
	return strconv.Quote(s)
}

// word is a form whose value is one text. What parse says of a wrong one follows "VALUE is".
func word[T any](s schema, what string, parse func(string) (T, error), print func(T) string) form[T] {
	return form[T]{
		schema: s,
		read: func(r *reader, n ast.Node) (v T, ok bool) {
			text, ok := r.textOf(n, what)
			if !ok {
				return v, false
			}
			v, err := parse(text)
			if err != nil {
				r.wrong(n, "%s is %v", short(text), err)
			}
			return v, err == nil
		},
		print: func(v T) out { return scalar(print(v)) },
	}
}

// list is a list of values.
func list[T any](item form[T]) form[[]T] {
	return form[[]T]{
		schema: schema{"type": "array", "items": item.schema},
		read: func(r *reader, n ast.Node) (all []T, ok bool) {
			s, isList := n.(*ast.SequenceNode)
			if !isList {
				r.unexpected(n, "a list (lines that begin with `- `)")
				return nil, false
			}
			ok = true
			for _, value := range s.Values {
				v, read := item.read(r, value)
				ok = ok && read
				all = append(all, v)
			}
			return all, ok
		},
		print: func(all []T) out {
			o := out{kind: isList}
			for _, v := range all {
				o.items = append(o.items, item.print(v))
			}
			return o
		},
	}
}

// some is one value, or a list of them; none is no list.
func some[T any](item form[T]) form[[]T] {
	many := list(item)
	many.schema["minItems"] = 1
	return form[[]T]{
		schema: schema{"anyOf": []schema{item.schema, many.schema}},
		read: func(r *reader, n ast.Node) ([]T, bool) {
			if s, isList := n.(*ast.SequenceNode); isList {
				if len(s.Values) == 0 {
					r.wrong(n, "the list is empty: give one, or drop the key")
					return nil, false
				}
				return many.read(r, n)
			}
			v, ok := item.read(r, n)
			return []T{v}, ok
		},
		print: func(all []T) out {
			if len(all) == 1 {
				return item.print(all[0])
			}
			return many.print(all)
		},
	}
}

// convert makes a form of another type.
func convert[A, B any](f form[A], to func(A) B, from func(B) A) form[B] {
	return form[B]{
		schema: f.schema,
		read: func(r *reader, n ast.Node) (B, bool) {
			v, ok := f.read(r, n)
			return to(v), ok
		},
		print: func(v B) out { return f.print(from(v)) },
	}
}

// maybe is a value that may be missing, if every value says something.
func maybe[T any](f form[T]) form[*T] {
	return convert(f, func(v T) *T { return &v }, func(p *T) T { return *p })
}
