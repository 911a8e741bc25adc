package content

import "path"

// A branch is the part of a Tree below one of its directories.
type branch struct {
	as   string // the name of the whole
	rel  string // where in it the branch begins
	open func(rel string) (*File, error)
}

// Below is a Tree of one directory of d, for names of which it is the root. Links may lead from there to
// anywhere in d. ok is false when there is no such directory.
func (d *Dir) Below(name string) (tree Tree, ok bool) {
	rel, err := clean(d.as, name)
	if err != nil || !d.isDir(rel) {
		return nil, false
	}
	return branch{d.as, rel, d.open}, true
}

// Open finds the file that a client means by name.
func (b branch) Open(name string) (*File, error) {
	return find(written(b.as, b.rel), name, func(rel string) (*File, error) {
		return b.open(path.Join(b.rel, rel))
	})
}
