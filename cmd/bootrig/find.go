package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// scenarioFiles are the scenarios among paths, and in directories and below.
func scenarioFiles(paths []string) ([]string, error) {
	if len(paths) == 0 {
		paths = []string{"scenarios"}
		if _, err := os.Stat(paths[0]); err != nil {
			return nil, errors.New("test: which scenarios? There is no directory scenarios here: name a .txtar file or a directory of them")
		}
	}
	var names []string
	for _, path := range paths {
		found, err := scenariosAt(path)
		if err != nil {
			return nil, err
		}
		names = append(names, found...)
	}
	return names, nil
}

// scenariosAt are the scenarios in a directory and below, or the one file.
func scenariosAt(name string) ([]string, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return []string{name}, nil
	}
	var names []string
	err = filepath.WalkDir(name, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && filepath.Ext(path) == ".txtar" {
			names = append(names, path)
		}
		return err
	})
	if err == nil && len(names) == 0 {
		err = fmt.Errorf("%s: there is no .txtar file here", name)
	}
	slices.Sort(names)
	return names, err
}
