// Package matrix answers: which machines boot which way from which server?
//
// A file of rows names scenarios and the machines to run each with; every run is a [Record], and [Table] makes
// Markdown of them.
package matrix

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// A Row is a scenario and the machine that its guests are. What is "" is as the scenario has it.
type Row struct {
	Scenario string `json:"scenario"`
	Firmware string `json:"firmware"`
	NIC      string `json:"nic,omitempty"`
	Machine  string `json:"machine,omitempty"`
}

// String is the row in a line.
func (r Row) String() string {
	words := []string{r.Path(), r.Firmware, r.NIC, r.Machine}
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), " ")
}

// Path is what the scenario is called.
func (r Row) Path() string { return strings.TrimSuffix(filepath.Base(r.Scenario), ".txtar") }

// Parse reads rows, which stand beside one another as
//
//	SCENARIO firmware=NAME,NAME@VERSION,NAME@* [nic=CARD,CARD] [machine=pc,q35]
//
// where each combination is one, a scenario's path begins at dir, and NAME@* is each of versions.
func Parse(name string, data []byte, versions func(firmware string) []string) ([]Row, error) {
	var rows []Row
	line := 0
	for text := range strings.Lines(string(data)) {
		line++
		text, _, _ = strings.Cut(text, "#")
		words := strings.Fields(text)
		if len(words) == 0 {
			continue
		}
		more, err := parseLine(words, versions)
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, line, err)
		}
		for _, r := range more {
			r.Scenario = filepath.Join(filepath.Dir(name), r.Scenario)
			if slices.Contains(rows, r) {
				return nil, fmt.Errorf("%s:%d: %s stands above already", name, line, r)
			}
			rows = append(rows, r)
		}
	}
	return rows, nil
}

// Only are the rows that a pattern matches, as they are told in a line.
func Only(rows []Row, pattern string) ([]Row, error) {
	only, err := regexp.Compile(pattern)
	if err != nil {
		return nil, err
	}
	rows = slices.DeleteFunc(rows, func(r Row) bool { return !only.MatchString(r.String()) })
	if len(rows) == 0 {
		return nil, fmt.Errorf("no row matches %q", pattern)
	}
	return rows, nil
}

// FirstOfEach are the rows that no other of the same firmware stands before: each firmware once.
func FirstOfEach(rows []Row) []Row {
	met := map[string]bool{}
	return slices.DeleteFunc(slices.Clone(rows), func(r Row) bool {
		again := met[r.Firmware]
		met[r.Firmware] = true
		return again
	})
}

func parseLine(words []string, versions func(string) []string) (rows []Row, err error) {
	values := map[string][]string{"firmware": nil, "nic": {""}, "machine": {""}}
	for _, word := range words[1:] {
		key, value, ok := strings.Cut(word, "=")
		if _, known := values[key]; !ok || !known || value == "" {
			return nil, fmt.Errorf("%q is none of firmware=NAME, nic=CARD, machine=BOARD", word)
		}
		values[key] = strings.Split(value, ",")
	}
	firmware, err := everyVersion(values["firmware"], versions)
	if err != nil {
		return nil, err
	}
	for _, f := range firmware {
		for _, m := range values["machine"] {
			for _, n := range values["nic"] {
				rows = append(rows, Row{words[0], f, n, m})
			}
		}
	}
	return rows, nil
}

// everyVersion puts versions in the place of NAME@*.
func everyVersion(names []string, versions func(string) []string) (list []string, err error) {
	for _, name := range names {
		base, all := strings.CutSuffix(name, "@*")
		if !all {
			list = append(list, name)
			continue
		}
		found := versions(base)
		if len(found) == 0 {
			return nil, fmt.Errorf("firmware %s has no versions: bootrig firmware lists those that have", base)
		}
		for _, v := range found {
			list = append(list, base+"@"+v)
		}
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("firmware= is missing, such as firmware=ipxe-bios@*")
	}
	return list, nil
}
