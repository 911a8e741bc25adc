package grub

import "strings"

// Expand makes words of words: variables that are not quoted are split at blanks, and come to nothing if they are empty
// (argv.c, grub_script_arglist_to_argv). A function's own arguments, "$@", are several words within quotes too.
func Expand(words []Word, value func(name string) []string) []string {
	var all []string
	for _, w := range words {
		all = append(all, w.expand(value)...)
	}
	return all
}

func (w Word) expand(value func(name string) []string) []string {
	var all []string
	var b strings.Builder
	open := false
	for _, p := range w {
		if p.Variable == "" {
			b.WriteString(p.Text)
			open = open || p.Quoted || p.Text != ""
			continue
		}
		values := value(p.Variable)
		if !p.Quoted {
			values = split(values)
		}
		for i, v := range values {
			if i > 0 {
				all = append(all, b.String())
				b.Reset()
			}
			b.WriteString(v)
			open = true
		}
		open = open || p.Quoted
	}
	if open {
		all = append(all, b.String())
	}
	return all
}

func split(values []string) []string {
	var all []string
	for _, v := range values {
		all = append(all, strings.Fields(v)...)
	}
	return all
}
