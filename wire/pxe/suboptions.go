package pxe

import (
	"errors"
	"fmt"
)

// Sub-options of DHCP option 43 when option 60 is PXEClient (PXE 2.1, table 2-1).
const (
	SubMTFTPAddress     = 1
	SubMTFTPClientPort  = 2
	SubMTFTPServerPort  = 3
	SubMTFTPTimeout     = 4
	SubMTFTPDelay       = 5
	SubDiscoveryControl = 6
	SubDiscoveryMcast   = 7
	SubBootServers      = 8
	SubBootMenu         = 9
	SubMenuPrompt       = 10
	SubMcastAlloc       = 11
	SubCredentialTypes  = 12
	SubBootItem         = 71
	subEnd              = 255
)

// SubOptionNames has the name of each sub-option, as configurations write it.
func SubOptionNames() map[string]byte {
	return map[string]byte{
		"mtftp-address": SubMTFTPAddress, "mtftp-client-port": SubMTFTPClientPort, "mtftp-server-port": SubMTFTPServerPort,
		"mtftp-timeout": SubMTFTPTimeout, "mtftp-delay": SubMTFTPDelay, "discovery-control": SubDiscoveryControl,
		"discovery-multicast": SubDiscoveryMcast, "boot-servers": SubBootServers, "boot-menu": SubBootMenu,
		"menu-prompt": SubMenuPrompt, "multicast-allocation": SubMcastAlloc, "credential-types": SubCredentialTypes, "boot-item": SubBootItem,
	}
}

// A SubOption is one type and its value.
type SubOption struct {
	Code  byte
	Value []byte
}

// SubOptions is the content of option 43, in the order of the wire.
type SubOptions []SubOption

var (
	errNoEnd  = errors.New("option 43 is not ended by 255")
	errLength = errors.New("the value is longer than 255 bytes")
)

// ParseSubOptions decodes option 43. What stands after the end is ignored, zeros between sub-options
// are padding. It returns what it could read beside the error: the first sub-options of an option that
// is cut short are often the ones that matter.
func ParseSubOptions(b []byte) (SubOptions, error) {
	var subs SubOptions
	for len(b) > 0 {
		code := b[0]
		switch {
		case code == subEnd:
			return subs, nil
		case code == 0:
			b = b[1:]
			continue
		case len(b) < 2 || len(b) < 2+int(b[1]):
			return subs, fmt.Errorf("option 43: sub-option %d is cut short", code)
		}
		n := 2 + int(b[1])
		subs = append(subs, SubOption{Code: code, Value: b[2:n:n]})
		b = b[n:]
	}
	return subs, errNoEnd
}

// Get is the value of the first sub-option with that code.
func (s SubOptions) Get(code byte) ([]byte, bool) {
	for _, sub := range s {
		if sub.Code == code {
			return sub.Value, true
		}
	}
	return nil, false
}

// Bytes encodes the sub-options, with the 255 that old ROMs insist on at the end.
func (s SubOptions) Bytes() ([]byte, error) {
	b := make([]byte, 0, s.Size())
	for _, sub := range s {
		if len(sub.Value) > 255 {
			return nil, fmt.Errorf("sub-option %d: %w", sub.Code, errLength)
		}
		b = append(b, sub.Code, byte(len(sub.Value)))
		b = append(b, sub.Value...)
	}
	return append(b, subEnd), nil
}

// Size is how many bytes Bytes makes.
func (s SubOptions) Size() int {
	size := 1 // the end
	for _, sub := range s {
		size += 2 + len(sub.Value)
	}
	return size
}
