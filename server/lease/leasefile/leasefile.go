// Package leasefile reads and writes what dnsmasq keeps in its dhcp-leasefile, so that leases outlive a change of server
// in either direction.
//
// Each line is a lease of IPv4: when it ends, by the seconds of 1970 and 0 for never, MAC, address, name and option 61,
// with * for what is not known. A MAC of other hardware than Ethernet has its type before it, 06-00:11 (lease.c,
// lease_update_file). What follows the line "duid" is of IPv6, and left out.
package leasefile

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/insomniacslk/dhcp/iana"

	"github.com/bootrig/bootrig/server/lease"
)

// ethernet is the type of hardware that stands in no line.
const ethernet = iana.HWTypeEthernet

// Line is that of a lease whose Expires is of the time of day.
func Line(l lease.Lease) string {
	ends := int64(0)
	if !l.Expires.IsZero() {
		ends = l.Expires.Unix()
	}
	mac := l.MAC.String()
	if l.HWType != ethernet || len(l.MAC) == 0 {
		mac = fmt.Sprintf("%02x-%s", uint16(l.HWType), mac)
	}
	return fmt.Sprintf("%d %s %s %s %s", ends, mac, l.Addr, known(l.Name), known(net.HardwareAddr(l.ClientID).String()))
}

func known(text string) string {
	if text == "" {
		return "*"
	}
	return text
}

// Read reads a file; those that had ended are in it too. Its error has the number of the line.
func Read(r io.Reader) (all []lease.Lease, err error) {
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		words := strings.Fields(lines.Text())
		if len(words) > 0 && words[0] == "duid" {
			return all, nil
		}
		if len(words) == 0 {
			continue
		}
		l, err := parse(words)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		all = append(all, l)
	}
	return all, lines.Err()
}

func parse(words []string) (l lease.Lease, err error) {
	if len(words) != 5 {
		return l, fmt.Errorf("%d words, and a lease has 5: when it ends, MAC, address, name, client identifier", len(words))
	}
	ends, err := strconv.ParseInt(words[0], 10, 64)
	if err != nil || ends < 0 || ends > 1<<40 {
		return l, fmt.Errorf("%q is no time in seconds of 1970", words[0])
	}
	if ends > 0 {
		l.Expires = time.Unix(ends, 0)
	}
	if l.HWType, l.MAC, err = hardware(words[1]); err != nil {
		return l, err
	}
	if l.Addr, err = netip.ParseAddr(words[2]); err != nil || !l.Addr.Is4() {
		return l, fmt.Errorf("%q is no IPv4 address", words[2])
	}
	if words[3] != "*" {
		l.Name = words[3]
	}
	if words[4] != "*" {
		if l.ClientID, err = Octets(words[4]); err != nil {
			return l, err
		}
	}
	return l, nil
}

// hardware reads [TYPE-]MAC.
func hardware(text string) (iana.HWType, net.HardwareAddr, error) {
	kind := ethernet
	if before, mac, found := strings.Cut(text, "-"); found {
		n, err := strconv.ParseUint(before, 16, 16)
		if err != nil {
			return 0, nil, fmt.Errorf("%q is no type of hardware", before)
		}
		kind, text = iana.HWType(n), mac
	}
	mac, err := Octets(text)
	if len(mac) > 16 { // as chaddr has (RFC 2131 section 2)
		err = fmt.Errorf("%q is no hardware address", text)
	}
	return kind, mac, err
}

// Octets reads bytes such as 01:52:54.
func Octets(text string) ([]byte, error) {
	if text == "" {
		return nil, nil
	}
	all, err := hex.DecodeString(strings.ReplaceAll(text, ":", ""))
	if err != nil || len(all) > 255 || len(text) != 3*len(all)-1 {
		return nil, fmt.Errorf("%q is no bytes such as 01:52:54", text)
	}
	return all, nil
}
