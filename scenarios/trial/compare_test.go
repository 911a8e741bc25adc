package trial

import (
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/emulator/house"
	"github.com/bootrig/bootrig/emulator/observe"
	"github.com/bootrig/bootrig/emulator/rom"
	"github.com/bootrig/bootrig/wire/event"
)

// tried is what a machine is answered on a network.
func tried(t *testing.T, n network, profile string) (c Column) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		p, err := rom.Lookup(profile)
		if err != nil {
			t.Fatal(err)
		}
		lab, _ := n.build(t)
		r, err := Run(t.Context(), Config{Lab: lab, Profile: p, MAC: mac, Listen: time.Second})
		if err != nil {
			t.Fatal(err)
		}
		c = r.Column()
	})
	return c
}

func TestWhereAnswersDifferIsTold(t *testing.T) {
	bios := network{&house.Config{}, []house.Config{direct("boot.0")}, map[string][]byte{"boot.0": append([]byte{0xea}, make([]byte, 999)...)}}
	table := Compare(tried(t, bios, "ipxe-bios"), tried(t, network{house: &house.Config{}}, "ovmf-x64"))
	var b strings.Builder
	if err := table.Tell(&b); err != nil {
		t.Fatal(err)
	}
	const want = `                ipxe-bios           ovmf-x64
  DHCP servers  192.168.9.1         192.168.9.1
! boot servers  192.168.9.2         -
! option 60     PXEClient           -
! option 43     060108ff            -
  port 4011     -                   -
! boot file     boot.0              -
! siaddr        192.168.9.9         -
! fetched       boot.0, 1000 bytes  -
! ends          booted              no-offer
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if same := Compare(tried(t, bios, "ipxe-bios"), tried(t, bios, "ipxe-bios")); same.Differs() {
		t.Errorf("twice the same differs: %v", same)
	}
}

// What is played is like the machine of a capture.
func TestLike(t *testing.T) {
	for name, want := range map[string]string{"A-control.pcap": "ipxe-bios", "ipxe-efi-direct.pcap": "ipxe-efi", "B-control.pcap": "ovmf-x64"} {
		file, err := os.Open("../../testdata/captures/" + name)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		var facts []event.Event
		wire := observe.Wire{Events: event.Func(func(e event.Event) { facts = append(facts, e) })}
		if err := observe.Read(file, wire.Frame); err != nil {
			t.Fatal(err)
		}
		if p, _ := Like(facts); p.Name != want {
			t.Errorf("%s: it is like %q, not %s", name, p.Name, want)
		}
	}
}
