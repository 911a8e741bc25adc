package loader

import (
	"encoding/binary"
	"net/netip"

	"github.com/bootrig/bootrig/emulator/loader/ipxe"
	"github.com/bootrig/bootrig/emulator/rom"
	"github.com/bootrig/bootrig/wire/machine"
)

// dhcp asks for a lease again, as the ROM does. What it hears takes the place of what the ROM heard.
func (p *shell) dhcp(ipxe.Given, []string) *trouble {
	r := rom.New(rom.Config{
		Profile: p.Profile, MAC: p.Handover.MAC, UUID: rom.RawUUID(p.Handover.UUID), Seed: p.rand.Uint64(), Events: p.Events, LeaseOnly: true,
		Cached: p.Handover.Replies,
	})
	r.Receive(p.now, machine.Reset{})
	p.idle = 0
	p.wait(&wait{on: r, done: func() bool { _, ended := r.Outcome(); return ended }})
	o, _ := r.Outcome()
	if o.Failure != nil {
		p.say("%s", o.Failure.Text)
		return p.numbered(o.Failure.Text, o.Failure)
	}
	h := *p.Handover
	h.Addr, h.ACK, h.Boot, h.Replies = o.Handover.Addr, o.Handover.ACK, o.Handover.Boot, o.Handover.Replies
	p.Handover = &h
	return nil
}

// cached are the packets that the next program finds through the PXE API: the lease's is made anew of the settings,
// so that "set filename" and "set 210:string" reach it; the proxy's stands beside it as it came
// (src/core/fakedhcp.c, create_fakedhcpack and create_fakepxebsack).
func (p *shell) cached(h *rom.Handover) {
	ack, err := rom.ParseReply(p.fakeACK())
	if err != nil {
		return // what the settings say does not fit a packet
	}
	h.Replies = append([]*rom.Reply{ack}, h.Replies...)
	h.Replies = append(h.Replies[:1], h.Replies[2:]...)
	if h.Boot == nil || h.Boot == h.ACK {
		h.Boot = ack
		h.Server = ack.SIAddr
	}
	h.ACK = ack
}

// fakeACK is a packet with every option that a setting has a value for.
func (p *shell) fakeACK() []byte {
	const header = 240
	b := make([]byte, header)
	b[0], b[1], b[2] = 2, 1, 6
	copyAddr(b[16:], p.Handover.Addr)
	if raw := p.lookup(ipxe.ParseSetting("next-server")).Raw; len(raw) == 4 {
		copy(b[20:], raw)
	}
	copy(b[28:], p.Handover.MAC[:])
	binary.BigEndian.PutUint32(b[236:], 0x63825363)
	for code := 1; code < 255; code++ {
		raw := p.lookup(ipxe.Setting{Tags: []byte{byte(code)}}).Raw
		for len(raw) > 0 {
			part := raw[:min(len(raw), 255)] // RFC 3396
			b = append(append(b, byte(code), byte(len(part))), part...)
			raw = raw[len(part):]
		}
	}
	return append(b, 255)
}

func copyAddr(b []byte, a netip.Addr) {
	if a.Is4() {
		copy(b, a.AsSlice())
	}
}
