//go:build !linux

package tftpd

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// poll hands what comes to any of the sockets to the Machine, until they are closed.
func (e *engine) poll(_ context.Context, sockets []*socket) error {
	var group errgroup.Group
	for _, s := range sockets {
		group.Go(func() error { return e.read(s) })
	}
	return group.Wait()
}
