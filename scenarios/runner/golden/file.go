package golden

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
)

// header is the first line of every golden file.
const header = "# Written by `go test ./scenarios -update` from a run with the real ROM; every world must equal it.\n"

// ErrNone says that there is no golden file yet.
var ErrNone = errors.New("there is no golden file; `go test ./scenarios -update` writes it from a run with the real ROM")

// Compare is "" when the golden file at path holds exactly lines, else the difference.
func Compare(path string, lines []string) (string, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("%s: %w", path, ErrNone)
	}
	if err != nil {
		return "", err
	}
	return string(diff.Diff(path, data, "this run", text(lines))), nil
}

// Update writes the golden file.
func Update(path string, lines []string) error { return os.WriteFile(path, text(lines), 0o644) }

func text(lines []string) []byte { return []byte(header + strings.Join(lines, "\n") + "\n") }

// Read is the trace in a golden file.
func Read(path string) ([]string, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	body, _ := strings.CutPrefix(string(data), header)
	return strings.Split(strings.TrimSuffix(body, "\n"), "\n"), nil
}
