package rom

import (
	"cmp"
	"encoding/binary"
	"net/netip"
	"slices"
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

// packet builds a request to an address, in the order and with the values of the profile.
func (r *ROM) packet(now time.Time, msg byte, to netip.Addr) []byte {
	p := make([]byte, headerLen, 512)
	p[0], p[1], p[2] = 1, 1, 6
	binary.BigEndian.PutUint32(p[4:], r.sessionXID())
	binary.BigEndian.PutUint16(p[8:], r.secs(now))
	if r.cfg.Profile.Broadcast.flag(to, r.addr.IsValid() || len(r.cfg.Cached) > 0) {
		p[10] = 0x80
	}
	if r.addr.IsValid() {
		a := r.addr.As4()
		copy(p[12:], a[:])
	}
	copy(p[28:], r.cfg.MAC[:])
	if r.cfg.Profile.NamesFile {
		copy(p[108:235], cmp.Or(r.now().File, r.wants))
	}
	binary.BigEndian.PutUint32(p[236:], 0x63825363)
	codes := r.cfg.Profile.Options
	if r.cfg.Profile.Unicast != nil && r.addr.IsValid() {
		codes = r.cfg.Profile.Unicast
	}
	for _, code := range codes {
		if v := r.option(code, msg); v != nil {
			p = append(append(p, code, byte(len(v))), v...)
		}
	}
	p = append(p, 255)
	for len(p) < r.cfg.Profile.Pad {
		p = append(p, 0)
	}
	return p
}

// secs is the number of the request and what was heard, or a time.
func (r *ROM) secs(now time.Time) uint16 {
	switch r.cfg.Profile.Secs {
	case SecsElapsed:
		return uint16(now.Sub(r.session) / time.Second)
	case SecsTicks:
		return r.ticked(now)
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

// ticked is secs as EDK2 counts it: whole seconds begun.
func (r *ROM) ticked(now time.Time) uint16 {
	switch r.phase {
	case discover:
		r.waited = uint16((now.Sub(r.began) + time.Second - 1) / time.Second)
		return r.waited
	case request:
		return r.waited
	}
	return uint16(r.timer.Expired())
}

// option is the value of an option, nil where the message has none.
func (r *ROM) option(code, msg byte) []byte {
	p := &r.cfg.Profile
	switch code {
	case 43:
		return r.bootItem()
	case 50:
		if r.phase == request {
			return r.lease.YIAddr.AsSlice()
		}
	case 53:
		return []byte{msg}
	case 54:
		switch r.phase {
		case request:
			return r.lease.ServerID().AsSlice()
		case proxyRequest:
			return r.proxyServer().AsSlice()
		}
	case 55:
		return p.Params
	case 57:
		if r.phase == request && p.LeaseSize != 0 {
			return binary.BigEndian.AppendUint16(nil, p.LeaseSize)
		}
		return binary.BigEndian.AppendUint16(nil, p.MaxSize)
	case 60:
		return []byte(r.class())
	case 61:
		return append([]byte{1}, r.cfg.MAC[:]...)
	case 77:
		return []byte(p.UserClass)
	case 93:
		if t := r.now(); !t.NoArch {
			return binary.BigEndian.AppendUint16(nil, cmp.Or(t.Arch, p.Arch))
		}
	case 94:
		return p.UNDI[:]
	case 97:
		if p.Fixed != nil {
			return p.Fixed.machineID(r.cfg.MAC)
		}
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
		replies := r.cfg.Cached
		if r.ack != nil { // they have given way
			replies = []*Reply{r.ack, r.pxe}
		}
		for _, reply := range slices.Backward(replies) {
			if reply == nil {
				continue
			}
			if c := reply.Option(60); len(c) > 0 {
				return string(c)
			}
		}
	}
	return cmp.Or(r.now().Class, r.cfg.Profile.Class)
}

// RawUUID is a UUID as it stands in SMBIOS and in option 97: the first three fields little-endian (RFC 4578
// section 2.3, captures A and C).
func RawUUID(u [16]byte) [16]byte {
	u[0], u[1], u[2], u[3] = u[3], u[2], u[1], u[0]
	u[4], u[5] = u[5], u[4]
	u[6], u[7] = u[7], u[6]
	return u
}
