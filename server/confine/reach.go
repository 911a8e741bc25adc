package confine

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// reach is what has to be open for a name to be read, whatever takes it later: the directory it lies in, and that of what
// a link leads to. Where that is too much it is what has the name now. What is not there yet may come as far up as
// something is.
func (u User) reach(name string) (paths []string) {
	abs, err := filepath.Abs(name)
	if err != nil {
		return nil
	}
	names := []string{abs}
	if real, err := filepath.EvalSymlinks(abs); err == nil && real != abs {
		names = append(names, real)
	}
	for _, at := range names {
		dir := filepath.Dir(at)
		for !there(dir) {
			dir = filepath.Dir(dir)
		}
		switch {
		case !u.private(dir):
			paths = append(paths, dir)
		case there(at):
			paths = append(paths, at)
		}
	}
	return paths
}

func there(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// private tells whether more lies in a directory than who has one file of it served means: it is above somebody's home
// or is one, or everybody may put something there.
func (u User) private(dir string) bool {
	homes := []string{"/home", "/root", u.Home}
	above := func(home string) bool { return strings.HasPrefix(home+"/", strings.TrimSuffix(dir, "/")+"/") }
	info, err := os.Stat(dir)
	return err != nil || info.Mode()&os.ModeSticky != 0 || filepath.Dir(dir) == "/home" || slices.ContainsFunc(homes, above)
}
