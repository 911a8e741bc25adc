package storm

import "github.com/bootrig/bootrig/wire/event"

// one passes the facts of one client on. A server knows it by its address, too.
type one struct {
	mac, addr string
	facts     event.Recorder
}

// only are the facts of the client whose story is wanted; nil: nobody's.
func only(cfg Config, facts event.Recorder) event.Recorder {
	if cfg.Only == 0 || facts == nil {
		return nil
	}
	return &one{mac: mac(cfg.Mark, cfg.Only).String(), facts: facts}
}

// Record implements event.Recorder.
func (o *one) Record(e event.Event) {
	if e.Client == o.addr && o.addr != "" {
		e.Client = o.mac
	}
	if e.Client != o.mac {
		return
	}
	if e.Kind == event.Ack {
		o.addr = e.Attr("yiaddr")
	}
	o.facts.Record(e)
}
