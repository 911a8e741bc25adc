package tftpd

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
)

// Port is where read requests arrive.
const Port = 69

// Opcodes, RFC 1350 section 5 and RFC 2347.
const (
	opRRQ   = 1
	opDATA  = 3
	opACK   = 4
	opERROR = 5
	opOACK  = 6
)

// Error codes, RFC 1350 appendix and RFC 2347.
const (
	codeUndefined  = 0
	codeNotFound   = 1
	codeAccess     = 2
	codeIllegal    = 4
	codeUnknownTID = 5
)

func opcode(packet []byte) uint16 {
	if len(packet) < 2 {
		return 0
	}
	return binary.BigEndian.Uint16(packet)
}

// errorPacket keeps the text short and printable: ROMs print it as it is.
func errorPacket(code uint16, text string) []byte {
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, text)
	p := binary.BigEndian.AppendUint16(nil, opERROR)
	p = binary.BigEndian.AppendUint16(p, code)
	return append(append(p, text[:min(len(text), 400)]...), 0)
}

func oackPacket(options []Option) []byte {
	p := binary.BigEndian.AppendUint16(nil, opOACK)
	for _, o := range options {
		p = o.append(p)
	}
	return p
}

// number reads what follows the opcode of an ACK, a DATA or an ERROR.
func number(packet []byte) (uint16, error) {
	if len(packet) < 4 {
		return 0, errors.New("the packet is too short")
	}
	return binary.BigEndian.Uint16(packet[2:]), nil
}

// errorText reads the message of an ERROR; some clients leave out the end, or all of it.
func errorText(packet []byte) string {
	if len(packet) < 4 {
		return ""
	}
	text, _, _ := bytes.Cut(packet[4:], []byte{0})
	return string(text)
}
