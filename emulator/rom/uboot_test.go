package rom_test

import (
	"testing"
	"time"

	"github.com/bootrig/bootrig/emulator/internal/testnet"
	"github.com/bootrig/bootrig/emulator/rom"
	"github.com/bootrig/bootrig/wire/machine"
)

func TestHowUBootDecides(t *testing.T) {
	p := newParts()
	names := &testnet.Packet{YIAddr: p.me, SIAddr: p.server, File: "pxelinux.0"}
	twice := p.then(p.all...)
	decide(t, "uboot-arm64", []decision{
		{"there is no script, and the lease names a program", names, nil, nil, "boots from 192.168.9.2", twice},
		{"option 67 names it too", &testnet.Packet{YIAddr: p.me, SIAddr: p.server, Options: append([]byte{67, 10}, "pxelinux.0"...)}, nil, nil,
			"boots from 192.168.9.2", twice},
		{"a proxy is not heard: the files are asked of the house, and without a name the script once more", p.lease, p.direct, p.complete,
			`TFTP error; Not retrying...: 192.168.9.1 answered ERROR 1 "file boot.scr.uimg not found" to boot.scr.uimg`, twice},
		{"nor one that would take its lease", names, p.direct, nil, "boots from 192.168.9.2", twice},
		{"siaddr 0 is no server", &testnet.Packet{YIAddr: p.me, File: "pxelinux.0"}, nil, nil,
			"*** ERROR: `serverip' not set: the packet that names \"pxelinux.0\" has siaddr 0.0.0.0", twice},
		{"nobody answers", nil, p.direct, nil, "impatient: Retry time exceeded; starting again: no offer in 25.75s; ran out of patience", p.all[:1]},
	})
}

// TestUBootAsksAnewForWhatIsNotAcknowledged: the REQUEST is not sent again, the DISCOVER is.
func TestUBootAsksAnewForWhatIsNotAcknowledged(t *testing.T) {
	n := testnet.New(nbp)
	answers(n, &testnet.Packet{YIAddr: n.Addr, SIAddr: n.Server, File: "pxelinux.0"}, nil, nil)
	deaf := 3
	n.Drop = func(toGuest bool, d machine.Datagram) bool {
		typ := byte(0)
		if d.Src.Port() == 67 {
			typ, _ = testnet.Type(d.Payload)
		}
		if typ == 5 {
			deaf--
		}
		return typ == 5 && deaf >= 0
	}
	got := boot(t, "uboot-arm64", n)
	if want := "boots from 192.168.9.2"; text(got.outcome) != want || got.took != 15*time.Second {
		t.Errorf("%s after %s, want %s after 15s", text(got.outcome), got.took, want)
	}
}

func TestBoardsCanWork(t *testing.T) {
	for _, p := range rom.Boards() {
		if err := p.Check(); err != nil || p.Citation == "" {
			t.Errorf("%s: %v, from %q", p.Name, err, p.Citation)
		}
	}
}
