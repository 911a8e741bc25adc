package pxe

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
)

// A DiscoveryControl is the value of sub-option 6: how a client may look for boot servers.
type DiscoveryControl byte

// The bits of a DiscoveryControl (PXE 2.1, table 2-1).
const (
	NoBroadcast DiscoveryControl = 1 << iota // no discovery by broadcast
	NoMulticast                              // no discovery by multicast
	OnlyListed                               // accept only servers of sub-option 8
	UseFile                                  // no prompt, menu or discovery: boot the file of this very packet
)

// Boot server types (PXE 2.1, sub-option 8).
const (
	TypeLocalBoot    = 0     // leave PXE, boot the next device
	TypeFirstPrivate = 32768 // the first number that belongs to nobody: dnsmasq counts its basenames from here
	NoTimeout        = 255   // of a Prompt: show the menu and wait for ever
)

// HTTPLocalBoot is what clients of UEFI HTTP boot are told to fetch where others are told TypeLocalBoot, for which they
// have no word. There is no such file, and they go on with the next device.
const HTTPLocalBoot = "/local-boot"

// BootServers are the addresses of one type in sub-option 8.
type BootServers struct {
	Type  uint16
	Addrs []netip.Addr
}

// A MenuItem is one line of sub-option 9.
type MenuItem struct {
	Type uint16
	Text string
}

// A Prompt is sub-option 10: 0 seconds take the first item now, NoTimeout shows the menu.
type Prompt struct {
	Seconds byte
	Text    string
}

// A BootItem is sub-option 71: what a client asks of a boot server, and what it expects back.
type BootItem struct{ Type, Layer uint16 }

// CredentialsWanted is the bit of a layer by which a client asks for the item's signature (BIS).
const CredentialsWanted = 0x8000

var errShort = errors.New("the value is cut short")

// AppendBootServers encodes an entry of sub-option 8 and appends it to b.
func AppendBootServers(b []byte, s BootServers) []byte {
	b = binary.BigEndian.AppendUint16(b, s.Type)
	b = append(b, byte(len(s.Addrs)))
	for _, addr := range s.Addrs {
		a := addr.As4()
		b = append(b, a[:]...)
	}
	return b
}

// ParseBootServers decodes sub-option 8.
func ParseBootServers(b []byte) ([]BootServers, error) {
	var all []BootServers
	for len(b) > 0 {
		if len(b) < 3 || len(b) < 3+4*int(b[2]) {
			return all, fmt.Errorf("boot servers: %w", errShort)
		}
		s := BootServers{Type: binary.BigEndian.Uint16(b)}
		n := 3 + 4*int(b[2])
		for i := 3; i < n; i += 4 {
			s.Addrs = append(s.Addrs, netip.AddrFrom4([4]byte(b[i:i+4])))
		}
		all, b = append(all, s), b[n:]
	}
	return all, nil
}

// AppendMenuItem encodes an entry of sub-option 9 and appends it to b.
func AppendMenuItem(b []byte, item MenuItem) []byte {
	b = binary.BigEndian.AppendUint16(b, item.Type)
	text := item.Text[:min(len(item.Text), 255)]
	b = append(b, byte(len(text)))
	return append(b, text...)
}

// ParseMenu decodes sub-option 9.
func ParseMenu(b []byte) ([]MenuItem, error) {
	var menu []MenuItem
	for len(b) > 0 {
		if len(b) < 3 || len(b) < 3+int(b[2]) {
			return menu, fmt.Errorf("boot menu: %w", errShort)
		}
		n := 3 + int(b[2])
		menu = append(menu, MenuItem{Type: binary.BigEndian.Uint16(b), Text: string(b[3:n])})
		b = b[n:]
	}
	return menu, nil
}

// Bytes encodes sub-option 10.
func (p Prompt) Bytes() []byte { return append([]byte{p.Seconds}, p.Text...) }

// ParsePrompt decodes sub-option 10.
func ParsePrompt(b []byte) (Prompt, error) {
	if len(b) == 0 {
		return Prompt{}, fmt.Errorf("menu prompt: %w", errShort)
	}
	return Prompt{Seconds: b[0], Text: string(b[1:])}, nil
}

// Bytes encodes sub-option 71.
func (i BootItem) Bytes() []byte {
	return binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(nil, i.Type), i.Layer)
}

// ParseBootItem decodes sub-option 71.
func ParseBootItem(b []byte) (BootItem, error) {
	if len(b) < 4 {
		return BootItem{}, fmt.Errorf("boot item: %w", errShort)
	}
	return BootItem{Type: binary.BigEndian.Uint16(b), Layer: binary.BigEndian.Uint16(b[2:])}, nil
}

// String is the form of attributes and scenarios: "32768.0".
func (i BootItem) String() string { return fmt.Sprintf("%d.%d", i.Type, i.Layer) }
