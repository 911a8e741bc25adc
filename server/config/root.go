package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// Root finds out whether path is a directory that can be served, and says what to do if it is not.
// what is its name in the configuration: "tftp-root".
func Root(path, rule, what string) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s: %s %s does not exist: create it (mkdir -p %s) and put the boot files in it", rule, what, path, path)
	case err != nil:
		return fmt.Errorf("%s: %s: %w", rule, what, err)
	case !info.IsDir():
		return fmt.Errorf("%s: %s %s is not a directory", rule, what, path)
	}
	return nil
}
