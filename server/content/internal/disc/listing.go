package disc

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// What one directory may have. The largest that is known on a medium has some 20,000 names.
const (
	maxNames = 1 << 16
	maxCost  = 24 << 20 // bytes in memory
)

// A Listing is what a directory holds, while a format reads it.
type Listing struct {
	nodes []Node
	cost  int
}

// Add takes the next node. A name that nobody could ask for is passed over; of two nodes with one name the first
// counts.
func (l *Listing) Add(n Node) error {
	if !utf8.ValidString(n.Name) {
		n.Name = latin1(n.Name)
	}
	if n.Name == "" || n.Name == "." || n.Name == ".." || strings.ContainsAny(n.Name, "/\x00") {
		return nil
	}
	l.cost += cost(&n)
	if len(l.nodes) == maxNames || l.cost > maxCost {
		return Faultf("the directory has more than %d names, or longer ones than fit into %d MiB", maxNames, maxCost>>20)
	}
	l.nodes = append(l.nodes, n)
	return nil
}

// cost is about what a node takes in memory, with its place in the index.
func cost(n *Node) int { return 250 + len(n.Name) + len(n.Target) + 16*len(n.Extents) }

// latin1 is a name in bytes that are no UTF-8. io/fs knows no such names, and where one was made on an old
// system, this is what it meant.
func latin1(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		b.WriteRune(rune(c))
	}
	return b.String()
}

// A directory is a finished listing: sorted, and found by name.
type directory struct {
	nodes []Node
	index map[string]int32
	fold  bool
	cost  int
	// copied says that the directory has another name, which was read before.
	copied bool
}

func (l *Listing) directory(fold bool) *directory {
	d := &directory{nodes: l.nodes, fold: fold, cost: l.cost + 500, index: make(map[string]int32, len(l.nodes))}
	slices.SortStableFunc(d.nodes, func(a, b Node) int { return strings.Compare(a.Name, b.Name) })
	d.nodes = slices.CompactFunc(d.nodes, func(a, b Node) bool { return a.Name == b.Name })
	for i := range d.nodes {
		d.index[d.nodes[i].Name] = int32(i)
	}
	if !fold {
		return d
	}
	for i := range d.nodes {
		folded := strings.ToUpper(d.nodes[i].Name)
		if _, taken := d.index[folded]; !taken {
			d.index[folded] = int32(i)
		}
	}
	return d
}

// find is the node of that name, or of one that differs in case only where that does not count.
func (d *directory) find(name string) (*Node, bool) {
	i, ok := d.index[name]
	if !ok && d.fold {
		i, ok = d.index[strings.ToUpper(name)]
	}
	if !ok {
		return nil, false
	}
	return &d.nodes[i], true
}
