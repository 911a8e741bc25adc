package yaml

import (
	"maps"
	"slices"
	"strconv"

	"github.com/goccy/go-yaml/ast"

	"github.com/bootrig/bootrig/server/config/optname"
	"github.com/bootrig/bootrig/wire/pxe"
)

// choice is one of some words.
func choice[T comparable](what string, words map[string]T) form[T] {
	known := slices.Sorted(maps.Keys(words))
	return form[T]{
		schema: schema{"enum": known},
		read: func(r *reader, n ast.Node) (v T, ok bool) {
			s, ok := r.textOf(n, what)
			if !ok {
				return v, false
			}
			v, ok = words[s]
			if !ok {
				r.unknown(n, what, s, known)
			}
			return v, ok
		},
		print: func(v T) out {
			for _, w := range known {
				if words[w] == v {
					return scalar(w)
				}
			}
			return out{}
		},
	}
}

// numbered is a number that may have a name.
func numbered[T ~uint8 | ~uint16](what string, names []string, find func(string) (T, bool), name func(T) string, high int64) form[T] {
	byNumber := number[T](0, high)
	return form[T]{
		schema: schema{"anyOf": []schema{{"enum": names}, byNumber.schema}},
		read: func(r *reader, n ast.Node) (v T, ok bool) {
			if _, isNumber := n.(*ast.IntegerNode); isNumber {
				return byNumber.read(r, n)
			}
			s, ok := r.textOf(n, what+", by name or number,")
			if !ok {
				return v, false
			}
			if !slices.Contains(names, s) {
				r.unknown(n, what, s, names)
				return v, false
			}
			return find(s)
		},
		print: func(v T) out {
			if s := name(v); s != "" {
				return scalar(s)
			}
			return out{kind: isScalar, text: strconv.Itoa(int(v))}
		},
	}
}

// arch is a client system architecture: x86-bios, x64-uefi, dnsmasq's name, or the number.
func arch() form[pxe.Arch] {
	return numbered("architecture", pxe.ArchWords(), pxe.ParseArch, pxe.Arch.Word, 0xffff)
}

// feature is what an iPXE can do: http, menu, vlan, or the number.
func feature() form[pxe.Feature] {
	return numberedBy("iPXE feature", pxe.FeatureNames())
}

// numberedBy is a number that may have one of some names.
func numberedBy[T ~uint8](what string, known map[string]T) form[T] {
	names := slices.Sorted(maps.Keys(known))
	return numbered(what, names, func(s string) (T, bool) {
		v, ok := known[s]
		return v, ok
	}, func(v T) string {
		if i := slices.IndexFunc(names, func(s string) bool { return known[s] == v }); i >= 0 {
			return names[i]
		}
		return ""
	}, 255)
}

// optionCode is a DHCP option: router, or the number.
func optionCode() form[uint8] {
	return numbered("DHCP option", optname.Names(), func(s string) (uint8, bool) {
		code, _, ok := optname.Find(s)
		return uint8(code), ok
	}, func(code uint8) string {
		name, _ := optname.Of(int(code))
		return name
	}, 255)
}
