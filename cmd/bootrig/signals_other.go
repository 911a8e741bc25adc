//go:build !unix

package main

import "os"

// endure has nothing to do where there are no such signals.
func endure() (hangUp <-chan os.Signal, stop func()) { return nil, func() {} }
