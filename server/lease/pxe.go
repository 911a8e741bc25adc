package lease

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"slices"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/proxydhcp"
	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/pxe"
)

// told tells for which clients an option is: those for PXE clients are for no others.
func told(pxeClient bool) func(*Option) bool {
	return func(o *Option) bool { return pxeClient || !o.PXE }
}

func onlyPXE(o *Option) bool { return o.PXE }

// besides adds what PXE clients alone are told to the answer of a proxy, whether they ask for it or not. What the
// answer says by itself stays as it is, and what does not fit is left out (dnsmasq, dhcp-option-pxe).
func (s *Server) besides(d dhcp.Decision, req dhcp.Request) dhcp.Decision {
	some := slices.ContainsFunc(s.cfg.Options, func(o Option) bool { return o.PXE })
	if d.Reply == nil || d.Reply.Kind == event.BootAck || !some {
		return d
	}
	tags, self := proxydhcp.Tags(s.pxe, req), req.Link.Prefix.Addr()
	nul := s.cfg.names(&client{Request: req}).nul
	chosen := s.cfg.chosen(tags, tags, onlyPXE)
	var all []extra
	for _, line := range slices.Backward(s.cfg.Options) {
		if o := chosen[line.Code]; o != nil && o.Rule == line.Rule && line.Inner == (Inner{}) {
			all = append(all, extra{o.Code, o.value(self, nul)})
		}
	}
	fits := func(o *Option) bool { return o.PXE && o.Tags.Met(tags) }
	inside, _ := inner(s.cfg.Options, fits, nul)
	reply := *d.Reply
	d.Reply = &reply
	for _, e := range append(all, inside...) {
		if reply.Packet.Options[e.code] == nil && s.add(&reply, e, req) {
			d.Reason += fmt.Sprintf("; option %d for PXE clients", e.code)
		}
	}
	return d
}

// add puts an option into a reply, if the client takes that much.
func (s *Server) add(reply *dhcp.Reply, e extra, req dhcp.Request) bool {
	var taken uint16
	if size := req.Packet.Options[pxe.OptMaxMessageSize]; len(size) == 2 {
		taken = binary.BigEndian.Uint16(size)
	}
	reply.Packet.Options[e.code] = e.value
	payload := dhcp.Encode(reply.Packet)
	if len(payload) > pxe.MaxReply(taken) {
		delete(reply.Packet.Options, e.code)
		return false
	}
	reply.Payload = payload
	return true
}

// value is what is sent: 0.0.0.0 is ourselves, and texts have a NUL for those who want it.
func (o *Option) value(self netip.Addr, nul bool) []byte {
	value := slices.Clone(o.Value)
	if o.Addrs && self.IsValid() {
		for i := 0; i+4 <= len(value); i += 4 {
			if binary.BigEndian.Uint32(value[i:]) == 0 {
				copy(value[i:], self.AsSlice())
			}
		}
	}
	if o.Text && nul && len(value) < 255 {
		value = append(value, 0)
	}
	return value
}

// inner are the options that hold others, with those sub-options that are told. What is too long lacks.
func inner(options []Option, told func(*Option) bool, nul bool) (all []extra, lacks []uint8) {
	var done []Inner
	for _, group := range slices.Backward(options) {
		if group.Inner == (Inner{}) || slices.Contains(done, group.Inner) {
			continue
		}
		done = append(done, group.Inner)
		var subs [][]byte
		for _, o := range slices.Backward(options) {
			if o.Inner == group.Inner && told(&o) {
				subs = append(subs, encode(o.Code, o.value(netip.Addr{}, nul && o.Inner.Enterprise == 0)))
			}
		}
		if len(subs) == 0 {
			continue
		}
		values, fit := group.Inner.hold(subs)
		if !fit {
			lacks = append(lacks, group.Inner.Of)
		}
		for _, value := range values {
			all = append(all, extra{group.Inner.Of, value})
		}
	}
	return all, lacks
}

// hold are the values that hold sub-options.
func (in Inner) hold(subs [][]byte) (values [][]byte, fit bool) {
	const longest = 250 // as dnsmasq counts
	if in.Enterprise == 0 {
		return nested(subs), true
	}
	all := slices.Concat(subs...)
	if len(all) > longest {
		return nil, false
	}
	b := binary.BigEndian.AppendUint32(nil, in.Enterprise)
	return [][]byte{append(append(b, byte(len(all))), all...)}, true
}
