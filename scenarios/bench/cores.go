package bench

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Cores are the processor cores of the server and those of the load.
type Cores struct{ Server, Load []int }

// share gives the server so many of the cores that there are, and the load the others.
func share(all []int, server int) (Cores, error) {
	if server < 1 || server >= len(all) {
		return Cores{}, fmt.Errorf("--cores %d: this machine has %d, and the load wants one that the server has not", server, len(all))
	}
	return Cores{Server: slices.Clone(all[:server]), Load: slices.Clone(all[server:])}, nil
}

func (c Cores) String() string {
	return fmt.Sprintf("server on %s, load on %s", list(c.Server), list(c.Load))
}

func list(cores []int) string {
	var words []string
	for _, n := range cores {
		words = append(words, strconv.Itoa(n))
	}
	return "core " + strings.Join(words, ", ")
}
