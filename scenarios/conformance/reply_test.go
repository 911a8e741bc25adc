package conformance

import (
	"bytes"
	"fmt"
	"net/netip"

	"github.com/bootrig/bootrig/wire/pxe"
)

// A reply is a packet that came back, or silence.
type reply struct {
	src, dst netip.AddrPort
	packet   []byte // nil: silence
	options  map[byte][]byte
	order    []byte // of the options

	inFile, inServer bool // options are in these fields too
}

// decode reads the options as they are, of one number put together (RFC 3396), wherever they are (option 52).
func (r *reply) decode() error {
	if len(r.packet) < 300 {
		return fmt.Errorf("%d bytes are no DHCP packet", len(r.packet))
	}
	r.options = map[byte][]byte{}
	if err := r.collect(r.packet[240:]); err != nil {
		return err
	}
	const inFile, inServer = 1, 2
	overload := r.options[pxe.OptOverload]
	if len(overload) == 1 && overload[0]&inFile != 0 {
		r.inFile = true
		if err := r.collect(r.packet[108:236]); err != nil {
			return fmt.Errorf("in the file's field: %w", err)
		}
	}
	if len(overload) == 1 && overload[0]&inServer != 0 {
		r.inServer = true
		if err := r.collect(r.packet[44:108]); err != nil {
			return fmt.Errorf("in the server name's field: %w", err)
		}
	}
	return nil
}

// collect reads the options of one field.
func (r *reply) collect(b []byte) error {
	for len(b) > 0 {
		switch {
		case b[0] == 255:
			if rest := bytes.Trim(b[1:], "\x00"); len(rest) > 0 {
				return fmt.Errorf("%x behind the end", rest)
			}
			return nil
		case b[0] == 0:
			b = b[1:]
			continue
		case len(b) < 2 || len(b) < 2+int(b[1]):
			return fmt.Errorf("option %d is cut short", b[0])
		}
		n := 2 + int(b[1])
		r.options[b[0]] = append(r.options[b[0]], b[2:n]...)
		r.order = append(r.order, b[0])
		b = b[n:]
	}
	return fmt.Errorf("the options have no end")
}

const (
	answered    = "answer"
	optionOrder = "option order"
)

// fields are all that a reply says, by name.
func (r reply) fields() map[string]string {
	if r.packet == nil {
		return map[string]string{answered: "silence"}
	}
	p := r.packet
	said := map[string]string{
		answered: "a reply", "from": r.src.String(), "to": r.dst.String(), "size": fmt.Sprint(len(p)),
		"op": fmt.Sprint(p[0]), "htype": fmt.Sprint(p[1]), "hlen": fmt.Sprint(p[2]), "hops": fmt.Sprint(p[3]),
		"xid": fmt.Sprintf("%x", p[4:8]), "secs": fmt.Sprintf("%x", p[8:10]), "flags": fmt.Sprintf("%x", p[10:12]),
		"ciaddr": addr(p[12:16]), "yiaddr": addr(p[16:20]), "siaddr": addr(p[20:24]), "giaddr": addr(p[24:28]),
		"chaddr": fmt.Sprintf("%x", p[28:44]), "sname": text(p[44:108]), "file": text(p[108:236]),
		"cookie": fmt.Sprintf("%x", p[236:240]), optionOrder: fmt.Sprintf("%d", r.order),
	}
	if r.inFile {
		said["file"] = "options"
	}
	if r.inServer {
		said["sname"] = "options"
	}
	for code, value := range r.options {
		said[option(code)] = fmt.Sprintf("%q", value)
	}
	return said
}

func option(code byte) string { return fmt.Sprintf("option %d", code) }

func addr(b []byte) string { return netip.AddrFrom4([4]byte(b)).String() }

func text(b []byte) string { return fmt.Sprintf("%q", bytes.TrimRight(b, "\x00")) }

// vendor is option 43, decoded.
func (r reply) vendor() pxe.SubOptions {
	subs, _ := pxe.ParseSubOptions(r.options[pxe.OptVendorSpecific])
	return subs
}
