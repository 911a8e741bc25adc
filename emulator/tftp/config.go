package tftp

import (
	"net/netip"

	"github.com/bootrig/bootrig/emulator/retry"
)

// Config is one file to read.
type Config struct {
	Local    netip.AddrPort
	Server   netip.AddrPort // port 69, until the server answers from another
	Name     string         // as it goes on the wire
	Options  string         // as they go on the wire: "tsize 0 blksize 1408"
	Patience retry.Backoff
	Probe    bool // only asks for the size: answers the OACK with an ERROR
	Dialect  Dialect
	NoWrap   bool  // what comes behind block 65535 is not heard
	Memory   int64 // the largest file that fits; 0 for any

	// Head looks at the first 16 KiB, or the whole of a smaller file. If it says no, the transfer ends with
	// ERROR 0 "No error, file close" as pxelinux's does when a module is none.
	Head func(content []byte) bool
}

// A Dialect is how a client takes what RFC 1350 leaves open.
type Dialect int

// The dialects: see oack, data and Receive for where they differ.
const (
	Classic  Dialect = iota // iPXE, and the PXE 2.1 ROMs
	Syslinux                // pxelinux
	EDK2                    // NetworkPkg/Mtftp4Dxe
)

// SyslinuxPatience is pxelinux's for one packet, 4.x and 6.x alike: 2382 ticks, 2.2 minutes
// (syslinux core/fs/pxe/tftp.c, TimeoutTable).
func SyslinuxPatience() retry.Backoff {
	return retry.Every(retry.BIOSTick, 2, 2, 3, 3, 4, 5, 6, 7, 9, 10, 12, 15, 18, 21, 26, 31, 37, 44,
		53, 64, 77, 92, 110, 132, 159, 191, 229, 255, 255, 255, 255)
}
