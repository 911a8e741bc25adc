package observe

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"

	"github.com/bootrig/bootrig/wire/event"
)

// Read reads the Ethernet frames of a capture, pcap or pcapng. One that was cut off has the frames before that, and is
// no error: so ends whatever still grows.
func Read(r io.Reader, take func(now time.Time, frame []byte)) error {
	in := bufio.NewReader(r)
	begin, err := in.Peek(4)
	if err != nil {
		return fmt.Errorf("%d bytes are no capture: wanted is a pcap or pcapng file", len(begin))
	}
	var source gopacket.PacketDataSource
	var kind layers.LinkType
	if bytes.Equal(begin, []byte{0x0a, 0x0d, 0x0d, 0x0a}) { // a Section Header Block (draft-ietf-opsawg-pcapng, 4.1)
		ng, err := pcapgo.NewNgReader(in, pcapgo.NgReaderOptions{})
		if err != nil {
			return fmt.Errorf("no pcapng file: %w", err)
		}
		source, kind = ng, ng.LinkType()
	} else {
		old, err := pcapgo.NewReader(in)
		if err != nil {
			return fmt.Errorf("no pcap file, nor pcapng: %w", err)
		}
		source, kind = old, old.LinkType()
	}
	if kind != layers.LinkTypeEthernet {
		return fmt.Errorf("the capture has frames of %s: wanted are those of Ethernet (tcpdump -i with one interface, not any)", kind)
	}
	for {
		frame, info, err := source.ReadPacketData()
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return nil
		case err != nil:
			return fmt.Errorf("read the capture: %w", err)
		}
		take(info.Timestamp, frame)
	}
}

// Machines reads a capture: the facts of each machine in it, by its MAC, and when the capture ends.
func Machines(r io.Reader) (facts map[string][]event.Event, end time.Time, err error) {
	facts = map[string][]event.Event{}
	wire := Wire{Events: event.Func(func(e event.Event) { facts[e.Client] = append(facts[e.Client], e) })}
	err = Read(r, func(now time.Time, frame []byte) {
		end = now
		wire.Frame(now, frame)
	})
	wire.End()
	return facts, end, err
}
