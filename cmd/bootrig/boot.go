package main

import (
	"context"
	"errors"
)

// BootCmd is `bootrig boot`.
type BootCmd struct{}

// Run boots a guest.
func (*BootCmd) Run(context.Context) error { return errors.New("boot: not there yet") }
