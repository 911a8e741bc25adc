//go:build !linux

package qemu

import "syscall"

// dieWithUs is what only Linux can do.
func dieWithUs() *syscall.SysProcAttr { return nil }
