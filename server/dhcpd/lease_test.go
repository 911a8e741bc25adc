package dhcpd_test

import (
	"net"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/server/config/dnsmasq"
	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/dhcpd"
	"github.com/bootrig/bootrig/server/lease"
	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/machine"
	"github.com/bootrig/bootrig/wire/pxe"
)

// isolated is a lab whose addresses are ours to give.
func isolated(t *testing.T) dhcpd.Config {
	t.Helper()
	cfg, err := dnsmasq.Parse("dnsmasq.conf", []byte("dhcp-range=192.168.9.100,192.168.9.110\n"))
	if err != nil {
		t.Fatal(err)
	}
	return dhcpd.Config{PXE: &cfg.DHCP, Lease: &cfg.Leases, Links: []dhcp.Link{eth0()}}
}

// from asks without an address, as client n.
func from(n byte, kind dhcpv4.MessageType, wanted net.IP) machine.Datagram {
	p := &dhcpv4.DHCPv4{
		OpCode: dhcpv4.OpcodeBootRequest, HWType: 1, ClientHWAddr: net.HardwareAddr{2, 0, 0, 0, 0, n},
		Options: dhcpv4.Options{pxe.OptMessageType: {byte(kind)}},
	}
	if wanted != nil {
		p.Options[pxe.OptRequestedAddress] = wanted.To4()
		p.Options[pxe.OptServerID] = []byte{192, 168, 9, 2}
	}
	return machine.Datagram{Src: netip.MustParseAddrPort("0.0.0.0:68"), Dst: netip.MustParseAddrPort("255.255.255.255:67"), Payload: p.ToBytes()}
}

// answers are what a Machine says now.
func answers(t *testing.T, m *dhcpd.Machine) (all []*dhcpv4.DHCPv4) {
	t.Helper()
	for d, ok := m.Next(); ok; d, ok = m.Next() {
		p, err := dhcpv4.FromBytes(d.Payload)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	return all
}

var noon = time.Unix(1700000000, 0)

// offered asks for an address and returns it.
func offered(t *testing.T, m *dhcpd.Machine, n byte) net.IP {
	t.Helper()
	m.Receive(noon, from(n, dhcpv4.MessageTypeDiscover, nil))
	got := answers(t, m)
	if len(got) != 1 || got[0].MessageType() != dhcpv4.MessageTypeOffer {
		t.Fatalf("client %d was offered %v", n, got)
	}
	return got[0].YourIPAddr
}

func TestLeasesThatCameTogetherAreStoredTogetherBeforeTheyAreTold(t *testing.T) {
	cfg := isolated(t)
	var stored [][]lease.Change
	cfg.Store = func(c []lease.Change) error { stored = append(stored, c); return nil }
	m := dhcpd.NewMachine(cfg)
	one, two := offered(t, m, 1), offered(t, m, 2)
	if slices.ContainsFunc(stored, func(c []lease.Change) bool { return len(c) > 0 }) {
		t.Errorf("an offer was stored: %v", stored)
	}
	stored = nil
	m.Receive(noon, from(1, dhcpv4.MessageTypeRequest, one))
	m.Receive(noon, from(2, dhcpv4.MessageTypeRequest, two))
	if got := answers(t, m); len(got) != 2 || got[0].MessageType() != dhcpv4.MessageTypeAck || got[1].MessageType() != dhcpv4.MessageTypeAck {
		t.Errorf("the answers are %v", got)
	}
	if len(stored) != 1 || len(stored[0]) != 2 {
		t.Errorf("stored %v, want both at once", stored)
	}
}

func TestAnAddressThatAnswersAPingIsNotGiven(t *testing.T) {
	cfg := isolated(t)
	var journal event.Journal
	cfg.Events, cfg.Patience = &journal, time.Second
	m := dhcpd.NewMachine(cfg)
	m.Receive(noon, from(1, dhcpv4.MessageTypeDiscover, nil))
	if got := answers(t, m); len(got) != 0 {
		t.Fatalf("an offer did not wait: %v", got)
	}
	first, asked := m.NextProbe()
	if !asked {
		t.Fatal("nothing is probed")
	}
	m.Alive(noon, first.Addr)
	if got := answers(t, m); len(got) != 0 {
		t.Fatalf("the next address was not probed: %v", got)
	}
	second, asked := m.NextProbe()
	if !asked || second == first {
		t.Fatalf("probed %v and then %v", first, second)
	}
	at, waits := m.Deadline()
	if diff := cmp.Diff(noon.Add(time.Second), at); !waits || diff != "" {
		t.Fatalf("it waits %v (-want +got):\n%s", waits, diff)
	}
	m.Expire(at)
	if got := answers(t, m); len(got) != 1 || got[0].YourIPAddr.String() != second.Addr.String() {
		t.Errorf("offered %v, want %s", got, second.Addr)
	}
	if all, _ := journal.After(0); len(all) == 0 || all[0].Kind != event.Conflict {
		t.Errorf("the facts are %v", facts(&journal))
	}
}
