package pxe

import (
	"strconv"
	"strings"
)

// Vendor classes of option 60: what a client of each kind of netboot begins its own with, and what a
// server's answer must say in full.
const (
	PXEClient  = "PXEClient"
	HTTPClient = "HTTPClient"
)

// A VendorClass is a decoded option 60, such as "PXEClient:Arch:00000:UNDI:002001" (PXE 2.1, section
// 2.2.3). iPXE sends the bare "PXEClient" to boot servers (capture A, frame 17).
type VendorClass struct {
	Name  string // "PXEClient"
	Arch  Arch   // valid if Typed
	UNDI  string // "002001": major and minor version of the driver interface
	Typed bool   // the class carries an architecture
}

// ParseVendorClass decodes option 60. Some ROMs end it with a NUL.
func ParseVendorClass(option []byte) VendorClass {
	fields := strings.Split(strings.TrimRight(string(option), "\x00"), ":")
	class := VendorClass{Name: fields[0]}
	for i := 1; i+1 < len(fields); i += 2 {
		switch fields[i] {
		case "Arch":
			if n, err := strconv.ParseUint(fields[i+1], 10, 16); err == nil {
				class.Arch, class.Typed = Arch(n), true
			}
		case "UNDI":
			class.UNDI = fields[i+1]
		}
	}
	return class
}
