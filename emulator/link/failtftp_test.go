package link

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestAFileFailsBehindItsSizeAndNoOther(t *testing.T) {
	p := newPair(t, 1)
	p.sa.Learn(addrB.Addr(), macB)
	p.sb.Learn(addrA.Addr(), macA)
	p.Filter(p.pb, FailTFTP("a/linux", 8, "broken"))
	server, tftp := netip.AddrPortFrom(addrB.Addr(), 5000), netip.AddrPortFrom(addrB.Addr(), tftpPort)
	other := netip.AddrPortFrom(addrA.Addr(), 40001)
	p.a.send(portA, tftp, "\x00\x01/a/linux\x00octet\x00")
	p.a.send(other, tftp, "\x00\x01linux\x00octet\x00")
	p.Poke(epoch, p.pa)
	now := run(p.LAN, epoch, time.Second)
	for n, part := range []string{"1111", "2222", "33"} {
		for _, client := range []netip.AddrPort{portA, other} {
			p.b.send(server, client, "\x00\x03\x00"+string(rune(n+1))+part)
		}
	}
	p.Poke(now, p.pb)
	run(p.LAN, now, time.Second)
	var got []string
	for _, d := range p.a.got {
		got = append(got, d.Dst.String()[strings.LastIndex(d.Dst.String(), ":"):]+" "+d.Src.String()+" "+string(d.Payload))
	}
	from := " " + server.String() + " "
	want := []string{
		":40000" + from + "\x00\x03\x00\x011111", ":40001" + from + "\x00\x03\x00\x011111",
		":40000" + from + "\x00\x03\x00\x022222", ":40001" + from + "\x00\x03\x00\x022222",
		":40000" + from + "\x00\x05\x00\x00broken\x00", ":40001" + from + "\x00\x03\x00\x0333",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAnOACKGrantsWhatNobodyAskedFor(t *testing.T) {
	p := newPair(t, 1)
	p.sa.Learn(addrB.Addr(), macB)
	p.sb.Learn(addrA.Addr(), macA)
	p.Filter(p.pb, GrantTFTP("windowsize", "16"))
	server := netip.AddrPortFrom(addrB.Addr(), 5000)
	for _, packet := range []string{"\x00\x06tsize\x009\x00", "\x00\x03\x00\x01data", "\x02\x06a reply of DHCP"} {
		p.b.send(server, portA, packet)
	}
	p.Poke(epoch, p.pb)
	run(p.LAN, epoch, time.Second)
	var got []string
	for _, d := range p.a.got {
		got = append(got, string(d.Payload))
	}
	want := []string{"\x00\x06tsize\x009\x00windowsize\x0016\x00", "\x00\x03\x00\x01data", "\x02\x06a reply of DHCP"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
