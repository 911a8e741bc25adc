package ipxe

import (
	"fmt"
	"strings"
)

// Options are what a command takes before its words: --name value, or -n value. A name that ends in : has a value.
type Options []string

// Given are the options of one command line; a flag has the value "".
type Given map[string]string

// Has tells whether an option was given.
func (g Given) Has(name string) bool {
	_, ok := g[name]
	return ok
}

// Parse splits options and words (getopt.c): options end at the first word that is none, or behind "--". A long
// option may be cut as long as one is meant. The short form is the first letter.
func (o Options) Parse(args []string) (given Given, words []string, err error) {
	given = Given{}
	for len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' {
		word := args[0]
		args = args[1:]
		if word == "--" {
			break
		}
		name, value, attached, err := o.find(word)
		switch {
		case err != nil:
			return nil, nil, err
		case !strings.HasSuffix(name, ":"):
			given[name] = ""
			continue
		case !attached && len(args) == 0:
			return nil, nil, fmt.Errorf("option %q requires an argument", word)
		case !attached:
			value, args = args[0], args[1:]
		}
		given[strings.TrimSuffix(name, ":")] = value
	}
	return given, args, nil
}

// find is the option that a word means.
func (o Options) find(word string) (name, value string, attached bool, err error) {
	long, isLong := strings.CutPrefix(word, "--")
	if isLong {
		long, value, attached = strings.Cut(long, "=")
	} else if value = word[2:]; value != "" {
		attached = true
	}
	var found []string
	for _, n := range o {
		plain := strings.TrimSuffix(n, ":")
		if isLong && plain == long {
			return n, value, attached, nil
		}
		if isLong && strings.HasPrefix(plain, long) || !isLong && n[0] == word[1] {
			found = append(found, n)
		}
	}
	switch {
	case len(found) == 0:
		return "", "", false, fmt.Errorf("unrecognised option %q", word)
	case len(found) > 1 && isLong:
		return "", "", false, fmt.Errorf("ambiguous option %q", word)
	}
	return found[0], value, attached, nil
}
