//go:build !linux

package must

import "os"

// stderrOfGo is known on Linux only; elsewhere `go test -v` shows what was skipped.
func stderrOfGo() *os.File { return nil }
