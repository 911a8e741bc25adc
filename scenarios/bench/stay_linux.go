package bench

import (
	"fmt"

	"github.com/gopacket/gopacket/pcapgo"
	"golang.org/x/net/bpf"
)

// watch looks at the frames that pass the server's card until stop, which says what was seen. The kernel says when they did.
func (p *place) watch() (stop func() *stays, err error) {
	var handle *pcapgo.EthernetHandle
	err = in(p.server, func() (err error) {
		handle, err = pcapgo.NewEthernetHandle(card)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("watch the server's card: %w", err)
	}
	if err := headers(handle); err != nil {
		handle.Close()
		return nil, fmt.Errorf("watch the server's card: %w", err)
	}
	seen := make(chan *stays)
	go func() {
		s := &stays{}
		for {
			frame, info, err := handle.ZeroCopyReadPacketData()
			if err != nil { // it was closed
				seen <- s
				return
			}
			s.take(info.Timestamp, frame)
		}
	}()
	return func() *stays { handle.Close(); return <-seen }, nil
}

// headers has a handle take the beginning of each frame only.
func headers(h *pcapgo.EthernetHandle) error {
	filter, err := bpf.Assemble([]bpf.Instruction{bpf.RetConstant{Val: behindNumber}})
	if err != nil {
		return err
	}
	return h.SetBPF(filter)
}
