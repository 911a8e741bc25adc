package trial

import (
	"time"

	"github.com/bootrig/bootrig/emulator/link"
	"github.com/bootrig/bootrig/emulator/observe"
	"github.com/bootrig/bootrig/emulator/rom"
	"github.com/bootrig/bootrig/wire/event"
)

// A witness sees what passes the machine's port. All of it is touched under the lab's lock.
type witness struct {
	cfg      Config
	mac      [6]byte
	observer *observe.Observer
	began    time.Time
	latest   *event.Event // what the observer made of this frame, if it is an answer
	facts    []event.Event
	answers  []Answer

	asked, released chan struct{} // closed when it would ask for an address, and when it has given it back
}

func newWitness(cfg Config) *witness {
	w := &witness{cfg: cfg, mac: [6]byte(cfg.MAC), asked: make(chan struct{}), released: make(chan struct{})}
	w.observer = observe.New(observe.Config{Guest: cfg.MAC.String(), MAC: cfg.MAC, Events: event.Func(w.record)})
	return w
}

func (w *witness) record(e event.Event) {
	w.facts = append(w.facts, e)
	switch e.Kind {
	case event.Offer, event.Ack, event.Nak, event.ProxyAck, event.BootAck, event.BOOTPReply:
		w.latest = &e
	}
}

func (w *witness) frame(now time.Time, fromGuest bool, frame []byte) {
	if fromGuest && message(frame) == release {
		once(w.released)
		return
	}
	w.latest = nil
	w.observer.Frame(now, fromGuest, frame)
	if fromGuest || w.latest == nil {
		return
	}
	a := w.answer(*w.latest, frame)
	w.answers = append(w.answers, a)
	if w.cfg.Heard != nil {
		w.cfg.Heard(a)
	}
}

// filter keeps the question for an address off the wire where only offers are wanted.
func (w *witness) filter(frame []byte) ([]byte, bool) {
	if w.cfg.OffersOnly && [6]byte(frame[6:]) == w.mac && message(frame) == request {
		once(w.asked)
		return frame, false
	}
	return frame, true
}

func once(c chan struct{}) {
	select {
	case <-c:
	default:
		close(c)
	}
}

// DHCP messages (RFC 2132, section 9.6).
const (
	request = 3
	release = 7
)

// message is the type of a machine's DHCP message; 0 if it is none.
func message(frame []byte) byte {
	const options, udpLen, typeOption, end = 240, 8, 53, 255
	p, ok := link.ParseIPv4(frame)
	if !ok || p.Protocol != link.ProtocolUDP || p.Fragment() {
		return 0
	}
	u, ok := link.ParseUDP(p.Src, p.Dst, p.Payload)
	if !ok || u.DstPort != 67 || len(u.Payload) < options {
		return 0
	}
	for o := u.Payload[options:]; len(o) > 2 && o[0] != end && len(o) >= 2+int(o[1]); o = o[2+int(o[1]):] {
		if o[0] == typeOption {
			return o[2]
		}
	}
	return 0
}

// option66 is what an answer says in it, the name of the TFTP server; facts do not tell it.
func option66(frame []byte) string {
	p, ok := link.ParseIPv4(frame)
	if !ok || p.Fragment() {
		return ""
	}
	u, ok := link.ParseUDP(p.Src, p.Dst, p.Payload)
	if !ok {
		return ""
	}
	reply, err := rom.ParseReply(u.Payload)
	if err != nil {
		return ""
	}
	return string(reply.Option(66))
}
