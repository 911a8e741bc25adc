package qemu

import (
	"fmt"
	"strings"
	"time"

	"github.com/digitalocean/go-qemu/qmp"

	"github.com/bootrig/bootrig/wire/event"
)

// Key presses and releases a key, by QEMU's name of it: "ret", "f8", "a", "esc"; several held
// together are joined with "-": "ctrl-b". ("minus" is the key itself.)
//
// A key waits in the BIOS's keyboard buffer until a program asks for it. iPXE asks all the time
// while it works and throws away what it does not know, so press keys meant for pxelinux after it
// has started (measured: from its banner, that is its first request of ldlinux.c32, on, Enter for
// vesamenu.c32 is never lost).
func (g *Guest) Key(name string) error {
	type key struct {
		Type string `json:"type"`
		Data string `json:"data"`
	}
	var keys []key
	for part := range strings.SplitSeq(name, "-") {
		keys = append(keys, key{"qcode", part})
	}
	if _, err := g.domain.Run(qmp.Command{Execute: "send-key", Args: map[string]any{"keys": keys}}); err != nil {
		return fmt.Errorf("key %q: %w", name, err)
	}
	g.events.Record(event.Event{Time: time.Now(), Kind: event.Key, Source: "guest", Client: g.spec.Name, Text: name})
	return nil
}
