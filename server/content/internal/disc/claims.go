package disc

const (
	// maxClaimed is what all directories together may have: those of the largest media have a few MiB.
	maxClaimed = 256 << 20
	// maxCopies is how many directories may have a second name, or a third.
	maxCopies = 64
)

// Claims knows which directory lies where. No two lie in the same block, except that one may have several names:
// genisoimage -f makes such images, for links that lead to directories. There are few of those, and a path leads
// through one at most (fs.go), so that even a made-up image can be walked in the end: 30 directories that hold
// each the next twice could be walked in 2^30 ways.
type claims struct {
	block  int64
	of     map[int64]int64 // block -> Node.Where of the directory there
	first  map[int64]int64 // Node.Where -> Node.At of the first name
	copies map[int64]bool  // by Node.At: the other names
}

func newClaims(block int64) claims {
	return claims{block: block, of: map[int64]int64{}, first: map[int64]int64{}, copies: map[int64]bool{}}
}

// take gives the blocks of the extents to a directory, and tells whether another name of it was there before.
func (c *claims) take(extents []Extent, n *Node) (copied bool, err error) {
	for _, e := range extents {
		if e.Offset < 0 { // a hole
			continue
		}
		for b := e.Offset / c.block; b*c.block < e.Offset+e.Size; b++ {
			switch where, taken := c.of[b]; {
			case taken && where != n.Where:
				return false, Faultf("the directory lies where another does, at byte %d of the image", b*c.block)
			case !taken && int64(len(c.of))*c.block >= maxClaimed:
				return false, Faultf("there are more than %d MiB of directories", maxClaimed>>20)
			}
			c.of[b] = n.Where
		}
	}
	if at, known := c.first[n.Where]; !known {
		c.first[n.Where] = n.At
	} else if at != n.At {
		if c.copies[n.At] = true; len(c.copies) > maxCopies {
			delete(c.copies, n.At)
			return false, Faultf("more than %d directories have a second name", maxCopies)
		}
		return true, nil
	}
	return false, nil
}
