package content

import "strings"

// A Lister is a Tree that can say what it has.
type Lister interface {
	Tree
	List(name string) ([]Entry, error)
}

// Like finds the file that a name would mean if upper and lower case were one, for whoever wonders why it is
// missing. It is none of the name itself.
func Like(t Tree, name string) (like string, found bool) {
	lister, ok := t.(Lister)
	if !ok {
		return "", false
	}
	name = strings.Trim(strings.ReplaceAll(name, `\`, "/"), "/")
	like, found = spelled(lister, name)
	return like, found && like != name
}

// spelled is a name as the tree has it, itself before one in another case.
func spelled(t Lister, name string) (is string, found bool) {
	parts := strings.Split(name, "/")
	dir := ""
	for i, part := range parts {
		is, ok := likeIn(t, dir, part, i < len(parts)-1)
		if !ok {
			return "", false
		}
		dir += is
		if i < len(parts)-1 {
			dir += "/"
		}
	}
	return dir, true
}

// likeIn is the one in a directory, itself before one in another case.
func likeIn(t Lister, dir, name string, isDir bool) (like string, found bool) {
	entries, err := t.List(dir)
	if err != nil {
		return "", false
	}
	for _, e := range entries {
		switch {
		case e.IsDir != isDir || !strings.EqualFold(e.Name, name):
		case e.Name == name:
			return name, true
		default:
			like, found = e.Name, true
		}
	}
	return like, found
}
