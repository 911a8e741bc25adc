package tftpd

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
)

// A Request is a read request (RRQ), RFC 1350 section 5 with the options of RFC 2347. Strings are as
// they crossed the wire.
type Request struct {
	Name    string
	Mode    string
	Options []Option
}

// An Option is one pair of names and values, in the order of the packet.
type Option struct{ Name, Value string }

// ParseRequest reads a whole RRQ packet. An option's value may be empty (multicast, RFC 2090); an empty
// option name ends the packet, since some ROMs pad it with zeros.
func ParseRequest(packet []byte) (Request, error) {
	if op := opcode(packet); op != opRRQ {
		return Request{}, fmt.Errorf("opcode %d is not a read request", op)
	}
	rest := packet[2:]
	if len(rest) == 0 || rest[len(rest)-1] != 0 {
		return Request{}, errors.New("the last string of the read request has no end")
	}
	next := func() string {
		s, after, _ := bytes.Cut(rest, []byte{0})
		rest = after
		return string(s)
	}
	r := Request{Name: next(), Mode: next()}
	if r.Name == "" {
		return Request{}, errors.New("the read request names no file")
	}
	if !strings.EqualFold(r.Mode, "octet") && !strings.EqualFold(r.Mode, "netascii") {
		return Request{}, fmt.Errorf("mode %q is neither octet nor netascii", r.Mode)
	}
	for len(rest) > 0 {
		name := next()
		if name == "" || len(rest) == 0 {
			break
		}
		r.Options = append(r.Options, Option{Name: name, Value: next()})
	}
	return r, nil
}

// Append writes the packet that ParseRequest reads.
func (r Request) Append(b []byte) []byte {
	b = binary.BigEndian.AppendUint16(b, opRRQ)
	b = Option{r.Name, r.Mode}.append(b)
	for _, o := range r.Options {
		b = o.append(b)
	}
	return b
}

func (o Option) append(b []byte) []byte {
	b = append(append(b, o.Name...), 0)
	return append(append(b, o.Value...), 0)
}

// printed is how events show options: "tsize 0 blksize 1408".
func printed(options []Option) string {
	var words []string
	for _, o := range options {
		words = append(words, o.Name, o.Value)
	}
	return strings.Join(words, " ")
}
