package observe

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
)

// Sub-options of option 43 in a PXE packet (PXE 2.1, table 2-1).
const (
	pxeControl = 6
	pxeServers = 8
	pxeMenu    = 9
	pxePrompt  = 10
	pxeItem    = 71
)

// bootItem is option 43.71 as TYPE.LAYER, "" where there is none.
func (p *bootp) bootItem() (item string) {
	each(p.options[optVendor], func(code byte, v []byte) {
		if code == pxeItem && len(v) == 4 {
			item = fmt.Sprintf("%d.%d", binary.BigEndian.Uint16(v), binary.BigEndian.Uint16(v[2:]))
		}
	})
	return item
}

// menu decodes what option 43 shows or asks of the user, as pairs for event.Attrs.
func (p *bootp) menu() (pairs []string) {
	each(p.options[optVendor], func(code byte, v []byte) {
		switch {
		case code == pxeControl && len(v) == 1:
			pairs = append(pairs, "control", strconv.Itoa(int(v[0])))
		case code == pxePrompt && len(v) >= 1:
			pairs = append(pairs, "prompt", strings.TrimSpace(fmt.Sprintf("%d %s", v[0], v[1:])))
		case code == pxeMenu:
			pairs = append(pairs, "menu", menuItems(v))
		case code == pxeServers:
			pairs = append(pairs, "servers", bootServers(v))
		}
	})
	return pairs
}

// menuItems writes TYPE:TEXT for each entry of a boot menu.
func menuItems(v []byte) string {
	var items []string
	for len(v) >= 3 && len(v) >= 3+int(v[2]) {
		items = append(items, fmt.Sprintf("%d:%s", binary.BigEndian.Uint16(v), v[3:3+int(v[2])]))
		v = v[3+int(v[2]):]
	}
	return strings.Join(items, "; ")
}

// bootServers writes TYPE:ADDRESS,... for each entry of the list of boot servers.
func bootServers(v []byte) string {
	var all []string
	for len(v) >= 3 && len(v) >= 3+4*int(v[2]) {
		var addrs []string
		for i := range int(v[2]) {
			addrs = append(addrs, addr4(v[3+4*i:]).String())
		}
		all = append(all, fmt.Sprintf("%d:%s", binary.BigEndian.Uint16(v), strings.Join(addrs, ",")))
		v = v[3+4*int(v[2]):]
	}
	return strings.Join(all, "; ")
}

// arch is option 93, a list of numbers.
func (p *bootp) arch() string {
	var all []string
	for v := p.options[optArch]; len(v) >= 2; v = v[2:] {
		all = append(all, strconv.Itoa(int(binary.BigEndian.Uint16(v))))
	}
	return strings.Join(all, ",")
}
