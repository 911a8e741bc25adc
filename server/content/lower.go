package content

// A lower is a tree whose files have lower-case names, whatever clients write.
type lower struct{ Tree }

// lowerLister is one that can say what it has.
type lowerLister struct {
	lower
	Lister
}

// Lowercase is a tree that makes names lower case before it looks (dnsmasq, tftp-lowercase). What it has is listed as
// it is called.
func Lowercase(t Tree) Tree {
	if l, ok := t.(Lister); ok {
		return lowerLister{lower{t}, l}
	}
	return lower{t}
}

// Open finds the file. dnsmasq changes ASCII letters only, and names need not be UTF-8.
func (l lower) Open(name string) (*File, error) {
	b := []byte(name)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return l.Tree.Open(string(b))
}

// Open is lower's.
func (l lowerLister) Open(name string) (*File, error) { return l.lower.Open(name) }
