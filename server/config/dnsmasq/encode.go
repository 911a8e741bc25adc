package dnsmasq

import (
	"bytes"
	"errors"
	"strings"

	"github.com/bootrig/bootrig/server/policy"
)

// Options whose values are not the bytes that they look like.
const (
	optDomainSearch = 119 // domain names (RFC 3397)
	optSIPServers   = 120 // domain names or addresses, and which of them (RFC 3361)
)

var errDomain = errors.New("not a domain name")

// encode gives a value the form that its option has on the wire (option.c, parse_dhcp_opt).
func (v value) encode(code int, written text) (value, error) {
	names := v.kind == textValue && (code == optDomainSearch || code == optSIPServers)
	var head []byte
	switch {
	case names && code == optSIPServers:
		head = []byte{0}
	case v.kind == addrValue && code == optSIPServers:
		v.bytes, v.encoded = policy.Pattern{Bytes: append([]byte{1}, v.bytes.Bytes...)}, true
		return v, nil
	case !names:
		return v, nil
	}
	var search []byte
	for _, f := range written.fields() {
		if len(f) == 0 {
			break // and dnsmasq reads no further
		}
		var err error
		if search, err = appendDomain(search, f.String()); err != nil {
			return v, err
		}
	}
	v.bytes, v.encoded = policy.Pattern{Bytes: append(head, search...)}, true
	return v, nil
}

// appendDomain writes a name behind others, and points to the one whose end it shares (RFC 1035,
// section 4.1.4).
func appendDomain(all []byte, name string) ([]byte, error) {
	var labels []byte
	for label := range strings.SplitSeq(strings.Trim(name, "."), ".") {
		if len(label) > 63 || label == "" && name != "." {
			return nil, errDomain
		}
		if label != "" {
			labels = append(append(labels, byte(len(label))), label...)
		}
	}
	labels = append(labels, 0)
	for at := 0; labels[at] != 0; at += 1 + int(labels[at]) {
		if i := suffix(all, labels[at:]); i >= 0 {
			return append(append(all, labels[:at]...), 0xc0|byte(i>>8), byte(i)), nil
		}
	}
	return append(all, labels...), nil
}

// suffix is where in the names of all the labels of tail begin; -1 if nowhere.
func suffix(all, tail []byte) int {
	for i := 0; i < len(all); {
		switch {
		case bytes.HasPrefix(all[i:], tail):
			return i
		case all[i]&0xc0 == 0xc0:
			i += 2
		default:
			i += 1 + int(all[i])
		}
	}
	return -1
}
