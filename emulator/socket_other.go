//go:build !unix

package emulator

import (
	"errors"
	"os"

	"github.com/bootrig/bootrig/emulator/link"
)

// Socket fails: a guest's wire is a pair of Unix sockets.
func (*Lab) Socket(string, uint16) (*os.File, link.Port, error) {
	return nil, 0, errors.New("the wire of a guest is a pair of Unix sockets, which this system does not have")
}
