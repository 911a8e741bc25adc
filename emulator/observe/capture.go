package observe

import (
	"fmt"
	"io"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"

	"github.com/bootrig/bootrig/emulator/link"
)

// A Capture writes frames as pcapng, each port of the switch an interface. Every frame is flushed, so that
// what a killed run has seen can be read.
type Capture struct {
	Name  func(link.Port) string // what a port is called in the file; nil: port0, port1
	w     *pcapgo.NgWriter
	ports map[link.Port]int
	err   error
}

// NewCapture starts a pcapng file on w.
func NewCapture(w io.Writer) (*Capture, error) {
	ng, err := pcapgo.NewNgWriterInterface(w, describe("lan"), pcapgo.NgWriterOptions{
		SectionInfo: pcapgo.NgSectionInfo{Application: "bootrig"},
	})
	if err != nil {
		return nil, fmt.Errorf("start a capture: %w", err)
	}
	c := &Capture{w: ng, ports: map[link.Port]int{}}
	return c, c.Flush()
}

func describe(name string) pcapgo.NgInterface {
	return pcapgo.NgInterface{Name: name, LinkType: layers.LinkTypeEthernet, TimestampResolution: 9}
}

// Frame writes one frame; it fits LAN.WatchAll. Flush and Close tell what went wrong.
func (c *Capture) Frame(now time.Time, from link.Port, frame []byte) {
	if c.err != nil {
		return
	}
	var index int
	if index, c.err = c.port(from); c.err != nil {
		return
	}
	info := gopacket.CaptureInfo{Timestamp: now, CaptureLength: len(frame), Length: len(frame), InterfaceIndex: index}
	if c.err = c.w.WritePacket(info, frame); c.err == nil {
		c.err = c.w.Flush()
	}
}

// port is the interface of a port, which is described when its first frame comes.
func (c *Capture) port(p link.Port) (int, error) {
	index, ok := c.ports[p]
	if !ok {
		name := fmt.Sprint("port", int(p))
		if c.Name != nil {
			name = c.Name(p)
		}
		var err error
		if index, err = c.w.AddInterface(describe(name)); err != nil {
			return 0, err
		}
		c.ports[p] = index
	}
	return index, nil
}

// Flush gives the first error of writing.
func (c *Capture) Flush() error {
	if c.err == nil {
		c.err = c.w.Flush()
	}
	if c.err != nil {
		return fmt.Errorf("write the capture: %w", c.err)
	}
	return nil
}

// Close ends the capture; it does not close the writer.
func (c *Capture) Close() error { return c.Flush() }
