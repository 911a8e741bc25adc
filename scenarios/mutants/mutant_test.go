package mutants

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
)

// root is that of the project, as its tests see it.
const root = "../.."

// A mutant is one defect.
type mutant struct {
	name     string // what is wrong with the server
	file     string // below root
	old, new string // what stands there once, and what in its place
}

// source is the file with the defect in it.
func (m mutant) source() ([]byte, error) {
	text, err := os.ReadFile(filepath.Join(root, m.file))
	if err != nil {
		return nil, err
	}
	if n := bytes.Count(text, []byte(m.old)); n != 1 {
		return nil, fmt.Errorf("%s has this %d times, not once: %s", m.file, n, m.old)
	}
	return bytes.Replace(text, []byte(m.old), []byte(m.new), 1), nil
}
