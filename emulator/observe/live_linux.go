package observe

import (
	"context"
	"fmt"
	"net"
	"os"
	"time"

	"github.com/gopacket/gopacket/pcapgo"
)

// A Live is an interface of this host that is listened to. It sends nothing.
type Live struct {
	handle *pcapgo.EthernetHandle
	name   string
}

// Listen opens an interface for all frames that pass it: also those that are for others, as a switch's mirror port has
// them, and those of this host itself. The kernel takes a VLAN tag off before, where there is one.
func Listen(name string) (*Live, error) {
	if _, err := net.InterfaceByName(name); err != nil {
		return nil, fmt.Errorf("this host has no interface %s (ip link lists them): %w", name, os.ErrNotExist)
	}
	handle, err := pcapgo.NewEthernetHandle(name)
	if err == nil {
		err = handle.SetPromiscuous(true)
	}
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w: root may, and who has CAP_NET_RAW", name, err)
	}
	return &Live{handle, name}, nil
}

// Run gives all frames, until ctx ends.
func (l *Live) Run(ctx context.Context, take func(now time.Time, frame []byte)) error {
	stop := context.AfterFunc(ctx, func() { l.handle.Close() })
	defer func() {
		if stop() {
			l.handle.Close()
		}
	}()
	for {
		frame, info, err := l.handle.ReadPacketData()
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			return fmt.Errorf("%s: %w", l.name, err)
		}
		take(info.Timestamp, frame)
	}
}
