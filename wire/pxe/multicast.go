package pxe

import (
	"encoding/binary"
	"fmt"
	"net/netip"
)

// DiscoveryGroup is where clients look for boot servers by multicast unless sub-option 7 names another
// group (PXE 2.1, section 2.2.3).
func DiscoveryGroup() netip.Addr { return netip.AddrFrom4([4]byte{224, 0, 1, 2}) }

// An MTFTP says where a boot file can be heard: sub-options 1 to 5 (PXE 2.1, table 2-1).
type MTFTP struct {
	Group                  netip.Addr
	ClientPort, ServerPort uint16
	Timeout                byte // seconds to wait for somebody else's transfer
	Delay                  byte // seconds of silence before a client starts one
}

// SubOptions encodes all five: EDK2 takes an option 43 for an MTFTP server's only if it has them all.
func (m MTFTP) SubOptions() SubOptions {
	return SubOptions{
		{SubMTFTPAddress, addrBytes(m.Group)},
		{SubMTFTPClientPort, binary.BigEndian.AppendUint16(nil, m.ClientPort)},
		{SubMTFTPServerPort, binary.BigEndian.AppendUint16(nil, m.ServerPort)},
		{SubMTFTPTimeout, []byte{m.Timeout}},
		{SubMTFTPDelay, []byte{m.Delay}},
	}
}

// ParseMTFTP decodes sub-options 1 to 5. Those that are not there are zero.
func ParseMTFTP(subs SubOptions) (m MTFTP, err error) {
	for _, field := range []struct {
		code byte
		size int
		set  func([]byte)
	}{
		{SubMTFTPAddress, 4, func(b []byte) { m.Group = netip.AddrFrom4([4]byte(b)) }},
		{SubMTFTPClientPort, 2, func(b []byte) { m.ClientPort = binary.BigEndian.Uint16(b) }},
		{SubMTFTPServerPort, 2, func(b []byte) { m.ServerPort = binary.BigEndian.Uint16(b) }},
		{SubMTFTPTimeout, 1, func(b []byte) { m.Timeout = b[0] }},
		{SubMTFTPDelay, 1, func(b []byte) { m.Delay = b[0] }},
	} {
		value, there := subs.Get(field.code)
		switch {
		case !there:
		case len(value) != field.size:
			return m, fmt.Errorf("MTFTP, sub-option %d: %w", field.code, wrongLength(len(value), field.size))
		default:
			field.set(value)
		}
	}
	return m, nil
}

// An McastAlloc is sub-option 11: the groups from which a boot server may take blocks.
type McastAlloc struct {
	Base         netip.Addr
	Block, Range uint16
}

// Bytes encodes sub-option 11.
func (m McastAlloc) Bytes() []byte {
	return binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(addrBytes(m.Base), m.Block), m.Range)
}

// ParseMcastAlloc decodes sub-option 11.
func ParseMcastAlloc(b []byte) (McastAlloc, error) {
	const size = 8
	if len(b) != size {
		return McastAlloc{}, fmt.Errorf("multicast allocation: %w", wrongLength(len(b), size))
	}
	return McastAlloc{netip.AddrFrom4([4]byte(b[:4])), binary.BigEndian.Uint16(b[4:]), binary.BigEndian.Uint16(b[6:])}, nil
}

// AppendCredentialType encodes one number of sub-option 12, a signature that a client can check (BIS),
// and appends it to b.
func AppendCredentialType(b []byte, kind uint32) []byte {
	return binary.BigEndian.AppendUint32(b, kind)
}

// ParseCredentialTypes decodes sub-option 12.
func ParseCredentialTypes(b []byte) ([]uint32, error) {
	var kinds []uint32
	for ; len(b) >= 4; b = b[4:] {
		kinds = append(kinds, binary.BigEndian.Uint32(b))
	}
	if len(b) > 0 {
		return kinds, fmt.Errorf("credential types: %w", errShort)
	}
	return kinds, nil
}

// ParseAddr decodes a sub-option that is one address: 1 and 7.
func ParseAddr(b []byte) (netip.Addr, error) {
	const size = 4
	if len(b) != size {
		return netip.Addr{}, fmt.Errorf("address: %w", wrongLength(len(b), size))
	}
	return netip.AddrFrom4([4]byte(b)), nil
}

func addrBytes(addr netip.Addr) []byte {
	b := addr.As4()
	return b[:]
}

func wrongLength(got, want int) error { return fmt.Errorf("%d bytes instead of %d", got, want) }
