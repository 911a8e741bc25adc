package netboot

import (
	"context"
	"net/netip"
	"testing"

	"github.com/pin/tftp/v3"

	"github.com/bootrig/bootrig/emulator/tap/taptest"
	"github.com/bootrig/bootrig/server"
	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/wire/event"
)

// Our server is a value: it is given its networks, tells what happens, and ends with its context.
func TestEmbedded(t *testing.T) { taptest.Run(t, embed) } // its ports are root's

func embed(t *testing.T) {
	var journal event.Journal
	loopback := dhcp.Link{Name: "lo", Index: 1, Prefix: netip.MustParsePrefix("127.0.0.1/8")}
	s := must(server.New(server.Config{Links: []dhcp.Link{loopback}, Events: &journal}))
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- s.Run(ctx) }()
	<-s.Ready()
	must(must(tftp.NewClient("127.0.0.1:69")).Receive("bootrig.0", "octet"))
	stop()
	err := <-ended
	if facts, _ := journal.After(0); len(facts) == 0 || err != nil {
		t.Errorf("it told %d facts and ended with %v", len(facts), err)
	}
}
