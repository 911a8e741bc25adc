package script

import (
	"net/netip"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWhomAGuestMeansByHouseAndServer(t *testing.T) {
	f, err := Parse("x", []byte(`lan office 192.168.10.0/24
lan lobby 192.168.11.0/24 house=192.168.11.1
lan racks 192.168.9.0/24 house=192.168.9.1 server=192.168.9.2
relay office racks
relay lobby racks
server
guest near firmware=ipxe-bios mac=52:54:00:12:34:01 ip=192.168.9.100 lan=racks
guest far firmware=ipxe-bios mac=52:54:00:12:34:02 ip=192.168.10.100 lan=office
guest guest firmware=ipxe-bios mac=52:54:00:12:34:03 ip=192.168.11.100 lan=lobby
`))
	if err != nil {
		t.Fatal(err)
	}
	p := f.Plan(Env{"sim", "ours"})
	addr := netip.MustParseAddr
	same := cmp.Comparer(func(a, b netip.Addr) bool { return a == b })
	for name, want := range map[string]Hosts{
		"near":  {House: addr("192.168.9.1"), Server: addr("192.168.9.2")},
		"far":   {addr("192.168.9.1"), addr("192.168.9.2"), addr("192.168.10.254")},
		"guest": {addr("192.168.11.1"), addr("192.168.9.2"), addr("192.168.11.254")},
	} {
		if diff := cmp.Diff(want, p.Hosts(name), same); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if got := p.RouterOn(p.Relays[1], "racks"); got != addr("192.168.9.253") {
		t.Errorf("the second router has %s among the servers, where the first has .254", got)
	}
}
