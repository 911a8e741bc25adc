package main

import (
	"math/rand/v2"
	"net"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/server/control"
)

// TestEveryMarkOutlivesTheKilledServer kills the program in the middle of marks that are made, and of boots that begin with
// them, and starts it again with the same state: who was told that a machine is marked finds it so, and a machine that
// was offered what its mark gives it has begun.
func TestEveryMarkOutlivesTheKilledServer(t *testing.T) {
	const together, perFile = 8, 100
	kills := 10
	if many, err := strconv.Atoi(os.Getenv("BOOTRIG_KILLS")); err == nil { // make kills
		kills = many
	}
	c := lab(t)
	conf, state, socket := installs(t)
	server := &victim{args: []string{"serve", "-C", conf, "-i", "eth0", "--state", state}}
	t.Cleanup(func() { // a test that fails leaves it running
		_ = server.process.Process.Kill()
		server.end()
	})
	random := rand.New(rand.NewPCG(3, 4))
	marked, begun, marks, boots, silent := map[string]bool{}, map[string]bool{}, 0, 0, 0
	check := func() {
		server.start(t)
		listening(t, server, socket)
		now := known(t, socket)
		for mac := range marked {
			if m := now[mac].Mark; m == nil || m.Once == nil || begun[mac] && m.Once.Began.IsZero() {
				t.Fatalf("%s was marked, its boot had begun: %v; now it is marked %v", mac, begun[mac], m)
			}
		}
	}
	count := func() { marks, boots = marks+len(marked), boots+len(begun) }
	for round := range kills {
		check()
		if round%perFile == perFile-1 { // a file that grows makes each kill take longer
			count()
			for mac := range known(t, socket) {
				asked(t, socket, "forget", mac)
			}
			clear(marked)
			clear(begun)
		}
		var macs []net.HardwareAddr
		for n := range together {
			macs = append(macs, net.HardwareAddr{2, 4, 0, byte(round >> 8), byte(round), byte(n)})
		}
		enough := random.IntN(together)
		for n, mac := range macs {
			switch {
			case n == enough && round%4 == 0: // the last was answered this moment
				_ = server.process.Process.Kill()
			case n == enough && round%4 == 2:
				go server.process.Process.Kill()
			}
			code, err := control.Ask(t.Context(), socket, []string{"once", mac.String(), until, "install"}, func(string) {})
			if err == nil && code == 0 {
				marked[mac.String()] = true
			} else {
				silent++
			}
		}
		if round%2 == 1 {
			for _, mac := range macs {
				c.send(t, booting(mac).ToBytes())
			}
			for range enough {
				c.offered(begun, 10*time.Second)
			}
			_ = server.process.Process.Kill()
			for c.offered(begun, time.Millisecond) {
			}
		}
		server.end()
	}
	check()
	_ = server.process.Process.Kill()
	server.end()
	count()
	t.Logf("%d marks were made by a server that was killed %d times, %d were not answered; %d boots had begun", marks, kills, silent, boots)
	if silent == 0 || boots == 0 {
		t.Error("no kill came in the middle of them")
	}
}

// offered notes who is offered a boot file, if somebody is in time.
func (c *tenants) offered(begun map[string]bool, patience time.Duration) bool {
	_ = c.conn.SetReadDeadline(time.Now().Add(patience))
	buf := make([]byte, 1500)
	n, _, err := c.conn.ReadFrom(buf)
	if err != nil {
		return false
	}
	if p, err := dhcpv4.FromBytes(buf[:n]); err == nil && p.BootFileName != "" {
		begun[p.ClientHWAddr.String()] = true
	}
	return true
}
