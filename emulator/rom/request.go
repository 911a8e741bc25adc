package rom

import (
	"encoding/binary"
	"net/netip"
	"time"
)

// DHCP message types (RFC 2132 section 9.6).
const (
	msgDiscover = 1
	msgOffer    = 2
	msgRequest  = 3
	msgAck      = 5
	msgNak      = 6
)

var broadcast = netip.AddrFrom4([4]byte{255, 255, 255, 255})

// packet builds a request in the order and with the values of the profile; more is what this one message
// adds behind them.
func (r *ROM) packet(now time.Time, msg byte, xid uint32, more ...byte) []byte {
	p := make([]byte, headerLen, 512)
	p[0], p[1], p[2] = 1, 1, 6
	binary.BigEndian.PutUint32(p[4:], xid)
	binary.BigEndian.PutUint16(p[8:], r.secs(now))
	// A ROM that already has an address wants broadcast answers, since it may refuse unicast ones (iPXE
	// dhcp_create_packet; captures A and C, frame 17).
	if r.cfg.Profile.Broadcast || r.addr.IsValid() {
		p[10] = 0x80
	}
	if r.addr.IsValid() {
		a := r.addr.As4()
		copy(p[12:], a[:])
	}
	copy(p[28:], r.cfg.MAC[:])
	binary.BigEndian.PutUint32(p[236:], 0x63825363)
	for _, code := range r.cfg.Profile.Options {
		if v := r.option(code, msg); v != nil {
			p = append(append(p, code, byte(len(v))), v...)
		}
	}
	p = append(append(p, more...), 255)
	for len(p) < r.cfg.Profile.Pad {
		p = append(p, 0)
	}
	return p
}

// secs is the number of the request and what was heard, or the seconds since power on.
func (r *ROM) secs(now time.Time) uint16 {
	if r.cfg.Profile.Secs == SecsElapsed {
		return uint16(now.Sub(r.powerOn) / time.Second)
	}
	r.count++
	s := uint16(r.count) << 2
	if r.lease != nil && r.phase != bootServer {
		s |= 2
	}
	if r.proxy != nil && r.phase != bootServer {
		s |= 1
	}
	return s
}

// option is the value of one of the profile's own options.
func (r *ROM) option(code, msg byte) []byte {
	p := &r.cfg.Profile
	switch code {
	case 53:
		return []byte{msg}
	case 55:
		return p.Params
	case 57:
		return binary.BigEndian.AppendUint16(nil, p.MaxSize)
	case 60:
		return []byte(r.class())
	case 61:
		return append([]byte{1}, r.cfg.MAC[:]...)
	case 77:
		return []byte(p.UserClass)
	case 93:
		return binary.BigEndian.AppendUint16(nil, p.Arch)
	case 94:
		return p.UNDI[:]
	case 97:
		id := RawUUID(r.cfg.UUID)
		return append([]byte{0}, id[:]...)
	case 175:
		return p.Features
	}
	return nil
}

// class is option 60. iPXE takes it from its settings, and a server's reply is a block of settings: after a
// proxy said PXEClient, that is what iPXE says (captures A and C, frame 17).
func (r *ROM) class() string {
	if r.cfg.Profile.InheritsClass {
		for _, reply := range []*Reply{r.pxe, r.ack} {
			if reply == nil {
				continue
			}
			if c := reply.Option(60); len(c) > 0 {
				return string(c)
			}
		}
	}
	return r.cfg.Profile.Class
}

// RawUUID is a UUID as it stands in SMBIOS and in option 97: the first three fields little-endian (RFC 4578
// section 2.3, captures A and C).
func RawUUID(u [16]byte) [16]byte {
	u[0], u[1], u[2], u[3] = u[3], u[2], u[1], u[0]
	u[4], u[5] = u[5], u[4]
	u[6], u[7] = u[7], u[6]
	return u
}

// addrOption is an option that holds one address.
func addrOption(code byte, a netip.Addr) []byte {
	b := a.As4()
	return append([]byte{code, 4}, b[:]...)
}
