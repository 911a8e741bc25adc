package disc

import (
	"container/list"
	"sync"
)

// maxCached is what directories may take in memory together: room for several of the largest, since the whole way
// to a name is gone for each. All names of the largest media take a third of it.
const maxCached = 64 << 20

// A cache remembers directories that were read, the least recently used of them go first.
type cache struct {
	mu   sync.Mutex
	of   map[int64]*list.Element // by Node.At
	used list.List               // of *kept, the last used first
	cost int
}

// kept is what came of reading a directory.
type kept struct {
	at  int64
	dir *directory
	err error
}

func (c *cache) get(at int64) (*kept, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.of[at]
	if !ok {
		return nil, false
	}
	c.used.MoveToFront(e)
	return e.Value.(*kept), true
}

func (c *cache) put(k *kept) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.of[k.at] = c.used.PushFront(k)
	c.cost += k.cost()
	for c.cost > maxCached {
		last := c.used.Remove(c.used.Back()).(*kept)
		delete(c.of, last.at)
		c.cost -= last.cost()
	}
}

func (k *kept) cost() int {
	if k.dir == nil {
		return 500
	}
	return k.dir.cost
}
