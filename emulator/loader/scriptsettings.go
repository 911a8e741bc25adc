package loader

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"github.com/bootrig/bootrig/emulator/loader/ipxe"
	"github.com/bootrig/bootrig/emulator/rom"
)

// settings are what scripts stored, by block and then by setting.
type settings map[string]map[string]ipxe.Value

// value is what ${name} stands for.
func (p *shell) value(name string) string {
	s := ipxe.ParseSetting(name)
	return s.Text(p.lookup(s))
}

// lookup finds a setting: what the script stored, then the blocks in their order (settings.c, fetch_setting): the
// card's own with its lease, then those of the proxy and of the boot server, then the machine's. ${next-server} is
// the house's therefore, beside a proxy too.
func (p *shell) lookup(s ipxe.Setting) ipxe.Value {
	for _, block := range blocks(s.Block) {
		if v, ok := p.settings[block][s.Key()]; ok {
			return v
		}
		if raw := p.inBlock(block, s); len(raw) > 0 {
			return ipxe.Value{Raw: raw}
		}
	}
	return ipxe.Value{}
}

// blocks are those that a name means: all, or a card with its lease.
func blocks(name string) []string {
	switch name {
	case "":
		return []string{"", "net0", "net0.dhcp", "proxydhcp", "pxebs", "smbios", "builtin"}
	case "net0", "netX":
		return []string{"net0", "net0.dhcp"}
	case "netX.dhcp":
		return []string{"net0.dhcp"}
	}
	return []string{name}
}

// inBlock is what the machine itself and the replies say.
func (p *shell) inBlock(block string, s ipxe.Setting) []byte {
	switch block {
	case "net0":
		return p.card(s.Name)
	case "net0.dhcp":
		return inReply(p.Handover.ACK, s)
	case "proxydhcp":
		return inReply(p.proxy(false), s)
	case "pxebs":
		return inReply(p.proxy(true), s)
	case "smbios":
		return p.smbios(s.Name)
	case "builtin":
		return p.builtin(s.Name)
	}
	return nil
}

// proxy is the reply of the proxy, or that of a boot server, which says what item it is for (PXE 2.1, option 43.71).
func (p *shell) proxy(bootServer bool) *rom.Reply {
	for _, r := range p.Handover.Replies {
		if r != p.Handover.ACK && (r.PXE(71) != nil) == bootServer {
			return r
		}
	}
	return nil
}

// inReply is an option of a packet, or one of the header's fields (dhcppkt.c).
func inReply(r *rom.Reply, s ipxe.Setting) []byte {
	switch {
	case r == nil:
		return nil
	case s.Name == "ip":
		return address(r.YIAddr)
	case s.Name == "next-server":
		return address(r.SIAddr)
	case len(s.Tags) == 1 && s.Tags[0] == 67:
		return []byte(r.File())
	case len(s.Tags) == 1:
		return r.Option(s.Tags[0])
	case len(s.Tags) == 2 && s.Tags[0] == 43:
		return r.PXE(s.Tags[1])
	}
	return nil
}

func address(a netip.Addr) []byte {
	if !a.IsValid() || a.IsUnspecified() {
		return nil
	}
	return a.AsSlice()
}

func (p *shell) card(name string) []byte {
	switch name {
	case "mac":
		return p.Handover.MAC[:]
	case "ifname":
		return []byte("net0")
	case "chip":
		return []byte(p.Profile.Chip)
	case "busid": // option 175 begins with it
		if f := p.Profile.Features; len(f) >= 7 && f[0] == 0xb1 {
			return f[2:7]
		}
	}
	return nil
}

// smbios is what QEMU's says. Its UUID is in the order of option 97.
func (p *shell) smbios(name string) []byte {
	switch name {
	case "uuid":
		return p.Handover.UUID[:]
	case "manufacturer":
		return []byte("QEMU")
	case "product":
		return []byte("Standard PC (i440FX + PIIX, 1996)")
	}
	return nil
}

// builtin are settings of iPXE itself.
func (p *shell) builtin(name string) []byte {
	bios := p.Profile.Machine == 0
	switch name {
	case "platform":
		return []byte(map[bool]string{true: "pcbios", false: "efi"}[bios])
	case "buildarch":
		return []byte(map[bool]string{true: "i386", false: "x86_64"}[bios])
	case "version":
		return []byte(release(&p.Profile))
	case "errno":
		if p.last == nil {
			return []byte("0x0")
		}
		return []byte("0x" + strconv.FormatUint(uint64(p.last.number), 16))
	case "unixtime":
		return binary.BigEndian.AppendUint32(nil, uint32(p.now.Unix()))
	}
	return nil
}

func (p *shell) set(_ ipxe.Given, words []string) *trouble {
	return p.store(words[0], strings.Join(words[1:], " "))
}

func (p *shell) clear(_ ipxe.Given, words []string) *trouble { return p.store(words[0], "") }

// store keeps a value; an empty one deletes the setting.
func (p *shell) store(name, text string) *trouble {
	s := ipxe.ParseSetting(name)
	v, err := s.Store(text)
	if err != nil {
		return p.notStored(s, err)
	}
	p.put(s, v)
	return nil
}

func (p *shell) notStored(s ipxe.Setting, err error) *trouble {
	t := p.number("Operation not supported", 0x3c0c2003)
	if errors.Is(err, ipxe.ErrInvalid) {
		t = p.number("Invalid argument", 0x1c0c2002)
	}
	p.say("Could not store %q: %s", s.Name, t)
	return t
}

func (p *shell) put(s ipxe.Setting, v ipxe.Value) {
	block := blocks(s.Block)[0]
	if v.Raw == nil {
		delete(p.settings[block], s.Key())
		return
	}
	if p.settings[block] == nil {
		p.settings[block] = map[string]ipxe.Value{}
	}
	p.settings[block][s.Key()] = v
}

// inc adds to a number. What set stored without a type is a string, and no number.
func (p *shell) inc(_ ipxe.Given, words []string) *trouble {
	s, by := ipxe.ParseSetting(words[0]), int64(1)
	if len(words) > 1 {
		n, err := strconv.ParseInt(words[1], 0, 32)
		if err != nil {
			return p.number("Invalid argument", 0x1c0d8002)
		}
		by = n
	}
	v := p.lookup(s)
	if v.Raw == nil {
		v = ipxe.Value{Raw: []byte{0}, Type: s.Type}
		if v.Type == "" {
			v.Type = "int32"
		}
	}
	n, ok := ipxe.Number(v)
	if !ok {
		return p.notStored(s, ipxe.ErrUnsupported)
	}
	raw, err := ipxe.ParseValue(strconv.FormatInt(n+by, 10), v.Type)
	if err != nil {
		return p.notStored(s, err)
	}
	p.put(s, ipxe.Value{Raw: raw, Type: v.Type})
	return nil
}

// read takes a line from the keyboard.
func (p *shell) read(_ ipxe.Given, words []string) *trouble {
	line := ""
	for {
		switch k := p.keyWithin(0); {
		case k == "ret":
			return p.store(words[0], line)
		case k == "backspace" && line != "":
			line = line[:len(line)-1]
		default:
			line += typed(k)
		}
	}
}

func (p *shell) show(_ ipxe.Given, words []string) *trouble {
	text := p.value(words[0])
	if text == "" {
		t := p.number("No such file or directory", 0x2d0c203b)
		p.say("Could not find %q: %s", words[0], t)
		return t
	}
	p.say("%s", fmt.Sprintf("%s = %s", words[0], text))
	return nil
}
