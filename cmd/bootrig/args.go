package main

import (
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// flagsFirst puts the flags of a command before its arguments: kong takes arguments in one piece only, and
// people write `bootrig boot ipxe-bios --as sim ./netboot`.
func flagsFirst(model *kong.Application, args []string) []string {
	command := model.Node
	var flags, words []string
	for len(args) > 0 {
		at := slices.IndexFunc(command.Children, func(n *kong.Node) bool { return n.Name == args[0] })
		if at < 0 {
			break
		}
		command, flags, args = command.Children[at], append(flags, args[0]), args[1:]
	}
	if command == model.Node {
		return args
	}
	for rest := args; len(rest) > 0; rest = rest[1:] {
		switch {
		case rest[0] == "--":
			return slices.Concat(flags, rest[:1], words, rest[1:])
		case len(rest[0]) < 2 || rest[0][0] != '-':
			words = append(words, rest[0])
		default:
			flags = append(flags, rest[0])
			if len(rest) > 1 && takesNext(command, rest[0]) {
				flags = append(flags, rest[1])
				rest = rest[1:]
			}
		}
	}
	return append(flags, words...)
}

// takesNext tells whether the value of a flag is the next word.
func takesNext(command *kong.Node, word string) bool {
	for _, f := range command.Flags {
		if f.IsBool() {
			continue
		}
		if word == "--"+f.Name || len(word) == 2 && f.Short != 0 && strings.HasSuffix(word, string(f.Short)) {
			return true
		}
	}
	return false
}
