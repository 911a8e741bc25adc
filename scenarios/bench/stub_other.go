//go:build !linux

package bench

import (
	"context"
	"errors"
)

var errLinux = errors.New("a benchmark needs Linux: its namespaces exist nowhere else")

func (o order) run(context.Context) (Sample, error) { return Sample{}, errLinux }

// Available says that this is not Linux.
func Available() ([]int, error) { return nil, errLinux }
