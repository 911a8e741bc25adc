package verdict

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestBootsOfOneMachine(t *testing.T) {
	for name, c := range map[string]struct {
		facts, ours string
		want        []string
	}{
		"one":                              {menu + "got 192.168.9.2:69 linux\n", "", []string{"192.168.9.2 booted"}},
		"it was reset behind its kernel":   {menu + "got 192.168.9.2:69 linux\n5s " + toPXE, "", []string{"192.168.9.2 booted", "192.168.9.2 offer-ignored"}},
		"the firmware tries another way":   {uefi + leases + "120s discover - - class=HTTPClient:Arch:00016 arch=16\n", "", []string{"invalid IP no-offer", "invalid IP no-offer"}},
		"a program refused, and once more": {loaded + "64s " + bios + direct + leases, "", []string{"192.168.9.2 came-back", "192.168.9.2 offer-not-taken"}},
		"whom it should have followed":     {uefi + asks + leases + "offer 192.168.9.3:67 evil.efi class=PXEClient server=192.168.9.3\n" + wants + acked + "rrq 192.168.9.3:69 evil.efi\ngot 192.168.9.3:69 evil.efi\n", "192.168.9.2", []string{"192.168.9.2 second-proxy"}},
		"whom it followed, if nobody says": {uefi + asks + leases + "offer 192.168.9.3:67 evil.efi class=PXEClient server=192.168.9.3\n" + wants + acked + "rrq 192.168.9.3:69 evil.efi\ngot 192.168.9.3:69 evil.efi\n", "", []string{"192.168.9.3 booted"}},
		"a system that wants an address":   {"discover - - class=MSFT\n" + leases + wants + acked, "", nil},
		"a capture that begins in between": {"oack 192.168.9.2:69 linux\nrrq 192.168.9.2:69 initrd.gz\ngot 192.168.9.2:69 initrd.gz\n", "", []string{"192.168.9.2 booted"}},
		"U-Boot that asks the DHCP server": {"discover - - class=U-Boot\n" + asks + leases + wants + acked + "rrq 192.168.9.1:69 boot.scr\n", "", []string{"192.168.9.2 asks-elsewhere"}},
		"nothing":                          {"", "", nil},
	} {
		server, _ := netip.ParseAddr(c.ours)
		var got []string
		for _, b := range Boots(tell(t, "wire", c.facts), server, time.Time{}) {
			got = append(got, fmt.Sprint(b.Server, " ", b.Story.ID))
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
