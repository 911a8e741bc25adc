package observe

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/emulator/house"
	"github.com/bootrig/bootrig/emulator/link"
	"github.com/bootrig/bootrig/emulator/sim"
	"github.com/bootrig/bootrig/wire/machine"
)

// A talker sends its datagrams, one a second.
type talker struct {
	say  []machine.Datagram
	next time.Time
	due  bool
}

func (m *talker) Receive(time.Time, machine.Input) {}
func (m *talker) Expire(now time.Time)             { m.due, m.next = true, now.Add(time.Second) }
func (m *talker) Deadline() (time.Time, bool)      { return m.next, len(m.say) > 0 }
func (m *talker) Next() (machine.Datagram, bool) {
	if !m.due || len(m.say) == 0 {
		return machine.Datagram{}, false
	}
	d := m.say[0]
	m.due, m.say = false, m.say[1:]
	return d, true
}

// chatter lets a house and a guest send a bit of everything a Stack can make.
func chatter(t testing.TB, capture func(time.Time, link.Port, []byte)) (frames int) {
	t.Helper()
	discover, err := dhcpv4.NewDiscovery(guestMAC)
	if err != nil {
		t.Fatal(err)
	}
	own := netip.MustParseAddrPort("192.168.9.100:2000")
	m := &talker{next: epoch, say: []machine.Datagram{
		{Src: netip.MustParseAddrPort("0.0.0.0:68"), Dst: netip.MustParseAddrPort("255.255.255.255:67"), Payload: discover.ToBytes()},
		{Src: own, Dst: netip.MustParseAddrPort("192.168.9.1:9"), Payload: []byte("nobody listens")},
		{Src: own, Dst: netip.MustParseAddrPort("192.168.9.55:9"), Payload: []byte("nobody is there")},
		{Src: own, Dst: netip.MustParseAddrPort("192.168.9.1:9"), Payload: []byte(strings.Repeat("in pieces ", 500))},
	}}
	l := link.NewLAN(1)
	l.Plug("house", house.New(house.Config{Addr: netip.MustParsePrefix("192.168.9.1/24")}))
	l.Plug("pc", link.NewStack(link.StackConfig{MAC: guestMAC}, m))
	v6 := l.External("v6", func([]byte) {})
	l.WatchAll(func(now time.Time, from link.Port, frame []byte) {
		frames++
		capture(now, from, frame)
	})
	solicitation := []byte{133, 0, 0, 0, 0, 0, 0, 0}
	l.Inject(epoch, v6, link.NDP([6]byte{0x33, 0x33, 0, 0, 0, 2}, [6]byte(serverMAC), netip.MustParseAddr("fe80::2"), netip.MustParseAddr("ff02::2"), solicitation))
	sim.New(l, epoch).Run(epoch.Add(time.Minute), nil)
	return frames
}
