package dhcpd_test

import (
	"bytes"
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/dhcpd"
	"github.com/bootrig/bootrig/server/internal/capture"
	"github.com/bootrig/bootrig/server/policy"
	"github.com/bootrig/bootrig/server/proxydhcp"
	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/machine"
)

// datagram is a frame of a capture as a machine receives it.
func datagram(f capture.Frame) machine.Datagram {
	return machine.Datagram{Src: f.Src, Dst: f.Dst, Payload: f.Payload}
}

func facts(j *event.Journal) []string {
	var lines []string
	all, _ := j.After(0)
	for _, e := range all {
		lines = append(lines, fmt.Sprintf("%s %s %s %s | %s | %s", e.Kind, e.Client, e.Path, e.Rule, e.Text, e.Attrs))
	}
	return lines
}

func TestMachineTellsWhatWasAskedAndAnswered(t *testing.T) {
	var journal event.Journal
	m := dhcpd.NewMachine(dhcpd.Config{PXE: note(t), Links: []dhcp.Link{eth0()}, Events: &journal})
	for _, f := range readDHCP(t, "A-control.pcap") {
		switch f.Number {
		case 1, 10, 17:
			m.Receive(time.Unix(0, 0), datagram(f))
		}
	}
	var sent []string
	for d, ok := m.Next(); ok; d, ok = m.Next() {
		sent = append(sent, fmt.Sprintf("%d %s>%s", d.Link, d.Src, d.Dst))
	}
	if diff := cmp.Diff([]string{"0 192.168.9.2:67>255.255.255.255:68", "0 192.168.9.2:4011>192.168.9.111:68"}, sent); diff != "" {
		t.Errorf("sent (-want +got):\n%s", diff)
	}
	const mac = "52:54:00:12:34:56"
	const program = " user=iPXE ipxe=b105018086100eeb03010000170101220101130101110101270101190101290101100102210101150101180101120101"
	want := []string{
		"discover " + mac + `   |  | link=eth0 from=0.0.0.0:68 xid=0x79904706 class=PXEClient:Arch:00000:UNDI:002001 arch="x86PC (0)"` + program,
		"offer " + mac + " pxelinux.0 dnsmasq.conf:5 | a menu of 1 | to=255.255.255.255:68 siaddr=192.168.9.2 xid=0x79904706 " +
			"vendor=0601030a04005058450807800001c0a80902091180000e274e6574776f726b20426f6f7427ff",
		"ignore " + mac + "  built-in | a DHCPREQUEST on port 67 is for the DHCP server that gives the address | of=request usual=yes link=eth0 from=0.0.0.0:68" +
			` xid=0x79904706 class=PXEClient:Arch:00000:UNDI:002001 arch="x86PC (0)"` + program + " server=192.168.9.1",
		"boot-request " + mac + `   |  | link=eth0 from=192.168.9.111:68 ciaddr=192.168.9.111 xid=0x00000000 class=PXEClient arch="x86PC (0)" item=32768.0` + program,
		"boot-ack " + mac + " pxelinux.0 dnsmasq.conf:5 | boot item 32768.0 | to=192.168.9.111:68 siaddr=192.168.9.2 xid=0x00000000 vendor=470480000000ff",
	}
	if diff := cmp.Diff(want, facts(&journal)); diff != "" {
		t.Errorf("facts (-want +got):\n%s", diff)
	}
}

func TestGarbageIsRecordedAndIgnored(t *testing.T) {
	whole := readDHCP(t, "A-control.pcap")[0].Payload
	changed := func(change func([]byte)) []byte {
		b := bytes.Clone(whole)
		change(b)
		return b
	}
	for name, c := range map[string]struct {
		payload []byte
		want    string
	}{
		"nothing":                         {nil, "0 bytes are no DHCP packet"},
		"a header without a cookie":       {whole[:236], "236 bytes are no DHCP packet"},
		"options behind another cookie":   {changed(func(b []byte) { b[236] = 0 }), "no DHCP packet: it begins its options with 00825363"},
		"a hardware address of 17 bytes":  {changed(func(b []byte) { b[2] = 17 }), "a hardware address of 17 bytes"},
		"a hardware address without type": {changed(func(b []byte) { b[1] = 0 }), "a hardware address of 6 bytes and no hardware type"},
	} {
		t.Run(name, func(t *testing.T) {
			var journal event.Journal
			m := dhcpd.NewMachine(dhcpd.Config{PXE: note(t), Links: []dhcp.Link{eth0()}, Events: &journal})
			from := netip.MustParseAddrPort("192.168.9.77:68")
			m.Receive(time.Unix(0, 0), machine.Datagram{Src: from, Dst: netip.MustParseAddrPort("192.168.9.2:67"), Payload: c.payload})
			if _, answered := m.Next(); answered {
				t.Error("garbage was answered")
			}
			want := []string{"ignore   built-in | " + c.want + " | from=192.168.9.77:68 port=67"}
			if diff := cmp.Diff(want, facts(&journal)); diff != "" {
				t.Errorf("facts (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAPacketWithoutItsEndIsRead(t *testing.T) {
	whole := bytes.TrimRight(readDHCP(t, "A-control.pcap")[0].Payload, "\x00")
	m := dhcpd.NewMachine(dhcpd.Config{PXE: note(t), Links: []dhcp.Link{eth0()}})
	m.Receive(time.Unix(0, 0), machine.Datagram{
		Src: netip.MustParseAddrPort("0.0.0.0:68"), Dst: netip.MustParseAddrPort("255.255.255.255:67"), Payload: whole[:len(whole)-1],
	})
	if _, answered := m.Next(); !answered {
		t.Error("no answer")
	}
}

// One interface with three addresses: the one that was asked answers, else the one a range is for.
func TestTheRightAddressOfAnInterfaceAnswers(t *testing.T) {
	link := func(index int, prefix string) dhcp.Link {
		return dhcp.Link{Name: fmt.Sprintf("eth%d", index), Index: index, Prefix: netip.MustParsePrefix(prefix)}
	}
	links := []dhcp.Link{link(1, "10.0.0.1/8"), link(2, "172.16.0.1/16"), link(2, "192.168.9.2/24"), link(2, "192.168.9.3/24")}
	frames := readDHCP(t, "A-control.pcap")
	for to, want := range map[string]string{
		"255.255.255.255": "192.168.9.2", "192.168.9.3": "192.168.9.3", "192.168.9.2": "192.168.9.2",
	} {
		d := datagram(frames[0])
		d.Link, d.Dst = 1, netip.AddrPortFrom(netip.MustParseAddr(to), 4011)
		m := dhcpd.NewMachine(dhcpd.Config{PXE: note(t), Links: links})
		m.Receive(time.Unix(0, 0), d)
		if out, ok := m.Next(); !ok || out.Src.Addr().String() != want {
			t.Errorf("to %s: answered %v by %s, want %s", to, ok, out.Src, want)
		}
	}
}

// Answers wait for the time their line says, each for its own.
func TestDelayedAnswers(t *testing.T) {
	cfg := load(t, network+"dhcp-boot=a.0\ndhcp-reply-delay=3\ndhcp-match=set:efi,93,7\n")
	cfg.Delays = append(cfg.Delays, proxydhcp.Delay{Wait: time.Second, Tags: policy.Wants{"efi"}, Rule: "x:9"}) // dnsmasq takes one line only
	m := dhcpd.NewMachine(dhcpd.Config{PXE: cfg, Links: []dhcp.Link{eth0()}})
	start := time.Unix(0, 0)
	ask := func(after time.Duration, capture string) {
		m.Receive(start.Add(after), datagram(readDHCP(t, capture)[0]))
	}
	ask(0, "A-control.pcap")
	ask(time.Second, "B-control.pcap") // OVMF
	var sent []time.Duration
	for {
		if _, early := m.Next(); early {
			t.Fatal("an answer came before its time")
		}
		at, some := m.Deadline()
		if !some {
			break
		}
		m.Expire(at)
		for _, ok := m.Next(); ok; _, ok = m.Next() {
			sent = append(sent, at.Sub(start))
		}
	}
	if diff := cmp.Diff([]time.Duration{2 * time.Second, 3 * time.Second}, sent); diff != "" {
		t.Errorf("answers after (-want +got):\n%s", diff)
	}
}

func FuzzMachine(f *testing.F) {
	for _, name := range []string{"A-control.pcap", "B-control.pcap", "../questions.pcap"} {
		for _, frame := range readDHCP(f, name) {
			f.Add(frame.Payload, frame.Dst.Port())
		}
	}
	cfg := load(f, network+"dhcp-boot=a.0\npxe-service=x86PC,Boot,pxelinux\npxe-service=x86PC,Disk\npxe-service=x86-64_EFI,Boot,b.efi\n")
	f.Fuzz(func(t *testing.T, payload []byte, port uint16) {
		m := dhcpd.NewMachine(dhcpd.Config{PXE: cfg, Links: []dhcp.Link{eth0()}})
		src := netip.MustParseAddrPort("192.168.9.50:68")
		m.Receive(time.Unix(0, 0), machine.Datagram{Src: src, Dst: netip.AddrPortFrom(eth0().Prefix.Addr(), port), Payload: payload})
		for d, ok := m.Next(); ok; d, ok = m.Next() {
			said := capture.Fields(t, d.Payload) // an answer always parses
			if said["siaddr"] == "0.0.0.0" || said["option 54"] == "" || said["option 60"] == "" {
				t.Fatalf("an answer that firmware drops: %v", said)
			}
		}
	})
}
