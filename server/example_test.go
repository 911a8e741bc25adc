package server_test

import (
	"context"
	"fmt"
	"log"
	"net/netip"
	"time"

	"github.com/bootrig/bootrig/server"
	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/wire/event"
)

// A server inside another program: it is told its networks, tells what happens, and ends with its context.
func Example() {
	ctx, stop := context.WithTimeout(context.Background(), time.Hour)
	defer stop()
	s, err := server.New(server.Config{
		Links:  []dhcp.Link{{Name: "eth0", Index: 2, Prefix: netip.MustParsePrefix("192.168.9.2/24")}},
		Events: event.Func(func(e event.Event) { fmt.Println(e.Kind, e.Client, e.Text) }),
	})
	if err != nil {
		log.Fatal(err)
	}
	go func() { <-s.Ready(); fmt.Println("it listens") }()
	if err := s.Run(ctx); err != nil {
		log.Fatal(err)
	}
}
