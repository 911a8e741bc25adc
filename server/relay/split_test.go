package relay

import (
	"bytes"
	"net/netip"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/wire/machine"
)

// A request as a client sends it, and as a relay in two halves passes it on.
var (
	plain = append(packet{op: 1}.bytes()[:240:240], 53, 1, 1, 255, 0, 0, 0)
	info  = []byte{82, 21, 5, 4, 192, 168, 20, 1, 11, 4, 192, 168, 20, 1, 10, 1, 0, 2, 4, 0, 0, 0, 2}
)

func TestARelayInTwoHalvesMarksWhatItPassesOn(t *testing.T) {
	to := netip.MustParseAddrPort("192.168.9.1:67")
	split := Relay{Local: links[0].Prefix.Addr(), Server: to, Split: true, Interface: "office", Rule: "x:1"}
	byAddr := split
	byAddr.Interface, byAddr.Uplink = "", netip.MustParseAddr("172.16.2.3")
	elsewhere := split
	elsewhere.Interface = "sea"
	second := split
	second.Local = netip.MustParseAddr("192.168.21.1")
	relayed := bytes.Clone(plain)
	copy(relayed[24:], []byte{192, 168, 20, 200})
	looped := bytes.Clone(plain)
	copy(looped[24:], links[2].Prefix.Addr().AsSlice())
	unicastly := bytes.Replace(info, []byte{10, 1, 0}, []byte{10, 1, 0x80}, 1)
	marked := func(info []byte) []byte { return append(append(bytes.Clone(plain[:243]), info...), 255) }
	long := append(append(bytes.Clone(plain[:243]), make([]byte, 300)...), 255)
	for name, c := range map[string]struct {
		relay  Relay
		in     []byte
		dst    string
		giaddr string // of what is passed on; "": nothing is
		want   []byte // from its options on
		reason string
	}{
		"the server sees the address of its own side": {split, plain, "255.255.255.255:67", links[2].Prefix.Addr().String(), marked(info), "relayed to 192.168.9.1:67"},
		"or the one that is named":                    {byAddr, plain, "255.255.255.255:67", "172.16.2.3", marked(info), "relayed to 192.168.9.1:67"},
		"a unicast is said to be one":                 {split, plain, "192.168.20.1:67", links[2].Prefix.Addr().String(), marked(unicastly), "relayed to 192.168.9.1:67"},
		"what another relay passed on is not marked":  {split, relayed, "255.255.255.255:67", "192.168.20.200", relayed, "relayed to 192.168.9.1:67"},
		"what was here is not passed on":              {split, looped, "255.255.255.255:67", "", nil, "it was relayed here already, and came back"},
		"there must be room for the mark":             {split, long, "255.255.255.255:67", "", nil, "there is no room in it for agent information (option 82)"},
		"and an end of the options":                   {split, plain[:243], "255.255.255.255:67", "", nil, "there is no room in it for agent information (option 82)"},
		"the other side must be there":                {elsewhere, plain, "255.255.255.255:67", "", nil, "there is no interface sea with an address for the server to answer to"},
	} {
		t.Run(name, func(t *testing.T) {
			in := machine.Datagram{Link: 0, Dst: netip.MustParseAddrPort(c.dst), Payload: c.in}
			passed, ours := Agent{Relays: Relays{c.relay}, Links: links, Uplinks: uplinks}.Takes(in)
			if !ours || len(passed) != 1 || passed[0].Reason != c.reason {
				t.Fatalf("ours %t, passed %+v", ours, passed)
			}
			p := passed[0]
			if c.giaddr == "" {
				if p.Payload != nil {
					t.Errorf("it is passed on: %x", p.Payload)
				}
				return
			}
			if got := addr(p.Payload, giaddrField).String(); got != c.giaddr {
				t.Errorf("giaddr %s, want %s", got, c.giaddr)
			}
			if diff := cmp.Diff(c.want[240:], p.Payload[240:]); diff != "" {
				t.Errorf("options (-want +got):\n%s", diff)
			}
		})
	}
	if _, ours := (Agent{Relays: Relays{second}, Links: links}).Takes(machine.Datagram{Payload: plain}); ours {
		t.Error("a relay in two halves is at the first address of its interface")
	}
}

func TestARelayInTwoHalvesKnowsWhoseAnAnswerIs(t *testing.T) {
	side := links[2].Prefix.Addr()
	split := Relay{Local: links[0].Prefix.Addr(), Split: true, Interface: "office", Rule: "x:1"}
	other := split
	other.Local = netip.MustParseAddr("192.168.40.1")
	answer := func(options ...byte) []byte {
		p := packet{op: 2, flags: 0x8000, giaddr: side.String()}.bytes()
		return append(p[:240:240], options...)
	}
	mark := func(index byte) []byte { return []byte{82, 6, 2, 4, 0, 0, 0, index} }
	lab := byte(links[0].Index)
	for name, c := range map[string]struct {
		relays Relays
		in     []byte
		want   []byte // its options, the size of which stays; nil: it is nobody's
	}{
		"the mark at the end is taken out":     {Relays{split}, answer(append(append([]byte{53, 1, 2}, mark(lab)...), 255)...), []byte{53, 1, 2, 255, 0, 0, 0, 0, 0, 0, 0, 0}},
		"a mark before others too":             {Relays{split}, answer(append(append([]byte{53, 1, 2}, mark(lab)...), 51, 1, 1, 255)...), []byte{53, 1, 2, 51, 1, 1, 255, 0, 0, 0, 0, 0, 0, 0, 0}},
		"of several relays each has its own":   {Relays{split, other}, answer(append(append([]byte{53, 1, 2}, mark(lab)...), 255)...), []byte{53, 1, 2, 255, 0, 0, 0, 0, 0, 0, 0, 0}},
		"no mark, nobody's":                    {Relays{split}, answer(53, 1, 2, 255), nil},
		"a mark for an interface that is none": {Relays{split}, answer(append(mark(77), 255)...), nil},
		"a mark cut short":                     {Relays{split}, answer(82, 200, 2, 4, 0), nil},
		"a mark without an interface in it":    {Relays{split}, answer(82, 3, 1, 1, 7, 255), nil},
		"a sub-option that leads out of it":    {Relays{split}, answer(82, 3, 2, 9, 7, 255), nil},
		"a mark behind the end":                {Relays{split}, answer(append([]byte{255}, mark(lab)...)...), nil},
	} {
		t.Run(name, func(t *testing.T) {
			kept := bytes.Clone(c.in)
			passed, ours := Agent{Relays: c.relays, Links: links}.Takes(machine.Datagram{Link: 2, Payload: c.in})
			if ours != (c.want != nil) {
				t.Fatalf("ours %t: %+v", ours, passed)
			}
			if ours && !bytes.Equal(passed[0].Payload[240:], c.want) {
				t.Errorf("options %v, want %v", passed[0].Payload[240:], c.want)
			}
			if ours && passed[0].Link != 0 {
				t.Errorf("it leaves by link %d", passed[0].Link)
			}
			if !bytes.Equal(kept, c.in) {
				t.Error("the packet that came was changed")
			}
		})
	}
}

// What comes may be anything.
func FuzzSplit(f *testing.F) {
	f.Add(plain, true)
	f.Add(append(plain[:240:240], append(info, 255)...), false)
	f.Fuzz(func(t *testing.T, b []byte, request bool) {
		if len(b) < headerSize {
			return
		}
		b[opField], b[hopsField] = bootReply, 0
		copy(b[giaddrField:], links[2].Prefix.Addr().AsSlice())
		link := 2
		if request {
			b[opField], link = bootRequest, 0
			clear(b[giaddrField : giaddrField+4])
		}
		r := Relay{Local: links[0].Prefix.Addr(), Server: netip.MustParseAddrPort("192.168.9.1:67"), Split: true, Interface: "office"}
		passed, _ := Agent{Relays: Relays{r}, Links: links}.Takes(machine.Datagram{Link: link, Payload: b})
		for _, p := range passed {
			if p.Payload == nil {
				continue
			}
			if !request && len(p.Payload) != len(b) {
				t.Errorf("the answer has %d bytes, and had %d", len(p.Payload), len(b))
			}
			if request && len(p.Payload) > longestPacket && len(p.Payload) > len(b) {
				t.Errorf("the request has grown to %d bytes", len(p.Payload))
			}
		}
	})
}
