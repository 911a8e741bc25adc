package script

import (
	"encoding/hex"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"
)

// House says how the plain DHCP servers of the lans behave, or that there is a further one.
type House struct {
	Addr     netip.Addr // of a further one; invalid: the lans' own are meant
	NoRA     bool       // routers stay silent, so that iPXE waits for IPv6
	NoRouter bool       // leave out which router clients have
	Silent   bool
	Proxy    bool // it gives no addresses: another boot server
	SIAddr   netip.Addr
	Delay    time.Duration
	File     string           // the boot file that all are told
	Options  map[uint8][]byte // which all are told
}

func readHouse(a *args) any {
	var h House
	if a.more() {
		text := a.word("the address")
		var err error
		if h.Addr, err = netip.ParseAddr(text); err != nil || !h.Addr.Is4() {
			a.wrong("%q is not the address of a further house", text)
		}
	}
	h.SIAddr, h.Delay = a.addr("siaddr"), a.duration("delay")
	h.NoRA, h.NoRouter = !a.on("ra", true), !a.on("router", true)
	h.Silent, h.Proxy = a.on("silent", false), a.on("proxy", false)
	h.File, _ = a.take("file")
	h.Options = readOptions(a)
	return h
}

// on takes on or off.
func (a *args) on(key string, otherwise bool) bool {
	text, ok := a.take(key)
	switch {
	case ok && text != "on" && text != "off":
		a.wrong("%s=%s is neither on nor off", key, text)
	case ok:
		return text == "on"
	}
	return otherwise
}

// readOptions takes DHCP options: 67:pxelinux.0, or 43:0x0601 in hexadecimal digits.
func readOptions(a *args) map[uint8][]byte {
	var options map[uint8][]byte
	for _, text := range a.takeAll("option") {
		code, value, ok := strings.Cut(text, ":")
		n, err := strconv.ParseUint(code, 10, 8)
		data := []byte(value)
		if digits, isHex := strings.CutPrefix(value, "0x"); isHex && err == nil {
			data, err = hex.DecodeString(digits)
		}
		switch {
		case !ok || err != nil || n == 0 || n == 255 || len(data) == 0 || len(data) > 255:
			a.wrong("option=%s is not CODE:TEXT nor CODE:0xHEX", text)
			continue
		case n == 53 || n == 54:
			a.wrong("option=%s: type and server of its messages are the house's affair", text)
		case options == nil:
			options = map[uint8][]byte{}
		}
		if options != nil {
			options[uint8(n)] = data
		}
	}
	return options
}

// fitHouse says where a further house cannot stand.
func (p *Plan) fitHouse(h House) (wrong []string) {
	switch at := p.HouseLan(h); {
	case !h.Addr.IsValid():
	case at < 0:
		wrong = append(wrong, fmt.Sprintf("%s is on no lan here", h.Addr))
	case h.Addr == p.Lans[at].House || h.Addr == p.Lans[at].Server:
		wrong = append(wrong, fmt.Sprintf("%s is another host's address", h.Addr))
	case h.NoRA:
		wrong = append(wrong, "ra=off is for the lans' own houses")
	}
	return wrong
}

// HouseLan is the index of the lan that a further house stands on; -1: there is none.
func (p *Plan) HouseLan(h House) int {
	return slices.IndexFunc(p.Lans, func(l Lan) bool { return l.Net.Contains(h.Addr) })
}
