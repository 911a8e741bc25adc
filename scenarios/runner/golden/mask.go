package golden

import (
	"encoding/hex"
	"fmt"
	"net"
	"net/netip"
	"path"
	"strconv"
	"strings"

	"github.com/bootrig/bootrig/wire/event"
)

// Masks are what stands for itself in a trace, so that it does not depend on one guest's numbers.
type Masks struct {
	MAC           net.HardwareAddr
	IP            netip.Addr
	UUID          [16]byte // as people write it
	House, Server netip.Addr
	Router        netip.Addr // the relay's; invalid: there is none
}

func itoa(n int) string { return strconv.Itoa(n) }

func (m Masks) addr(text string) string {
	switch text {
	case m.IP.String():
		return "{ip}"
	case m.House.String():
		return "{house}"
	case m.Server.String():
		return "{server}"
	case m.Router.String():
		return "{router}"
	}
	return text
}

// path masks the names pxelinux makes of the machine's own numbers below pxelinux.cfg/.
func (m Masks) path(name string) string {
	dir, base := path.Split(name)
	if !strings.HasSuffix(dir, "pxelinux.cfg/") {
		return quoteIfNeeded(name)
	}
	switch {
	case base == rawUUID(m.UUID):
		base = "{uuid}"
	case m.MAC != nil && base == "01-"+strings.ReplaceAll(m.MAC.String(), ":", "-"):
		base = "01-{mac}"
	case m.IP.Is4():
		ip := m.IP.As4()
		full := strings.ToUpper(hex.EncodeToString(ip[:]))
		switch n := len(base); {
		case base == full:
			base = "{iphex}"
		case n > 0 && strings.HasPrefix(full, base):
			base = fmt.Sprintf("{iphex:%d}", n)
		}
	}
	return quoteIfNeeded(dir + base)
}

// rawUUID writes a UUID in the byte order of option 97, in which pxelinux names its file: SMBIOS keeps
// the first three fields little-endian (protocol of trace A: 00112233-4455-... asks 33221100-5544-...).
func rawUUID(u [16]byte) string {
	return fmt.Sprintf("%02x%02x%02x%02x-%02x%02x-%02x%02x-%x-%x", u[3], u[2], u[1], u[0], u[5], u[4], u[7], u[6], u[8:10], u[10:])
}

func quoteIfNeeded(name string) string {
	return strings.TrimPrefix(string(event.Attrs("x", name)), "x=")
}

// options masks the sizes in a TFTP option list: in an answer the size of the file, in a request 0 is 0.
func (m Masks) options(text string, k event.Kind) string {
	words := strings.Fields(text)
	for i := 0; i+1 < len(words); i += 2 {
		if k == event.OACK && strings.EqualFold(words[i], "tsize") {
			words[i+1] = "{size}"
		}
	}
	return strings.Join(words, " ")
}

// servers masks the addresses of TYPE:ADDR,ADDR; TYPE:ADDR.
func (m Masks) servers(text string) string {
	entries := strings.Split(text, "; ")
	for i, entry := range entries {
		kind, list, _ := strings.Cut(entry, ":")
		addrs := strings.Split(list, ",")
		for j := range addrs {
			addrs[j] = m.addr(addrs[j])
		}
		entries[i] = kind + ":" + strings.Join(addrs, ",")
	}
	return strings.Join(entries, "; ")
}
