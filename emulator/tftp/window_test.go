package tftp_test

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/emulator/internal/testnet"
	"github.com/bootrig/bootrig/emulator/tftp"
	"github.com/bootrig/bootrig/wire/machine"
)

// A window is acknowledged at its end, and a gap at once (RFC 7440 section 4; Mtftp4RrqHandleData).
func TestEDK2AcknowledgesWindows(t *testing.T) {
	cfg := client("ovmf-x64")
	tr := tftp.New(testnet.Start(), cfg)
	var acks []string
	take := func(payload []byte) {
		tr.Receive(testnet.Start(), machine.Datagram{Src: netip.MustParseAddrPort("192.168.9.2:1000"), Dst: cfg.Local, Payload: payload})
		for d, ok := tr.Next(); ok; d, ok = tr.Next() {
			acks = append(acks, string('0'+rune(d.Payload[3])))
		}
	}
	tr.Next()
	take([]byte("\x00\x06blksize\x008\x00windowsize\x004\x00"))
	for _, block := range []byte{1, 2, 3, 4, 5, 7, 8, 6, 7, 8, 9} {
		take(append([]byte{0, 3, 0, block}, "12345678"...))
	}
	take([]byte{0, 3, 0, 10, 'x'})
	content, err, done := tr.Done()
	if !done || err != nil || len(content) != 73 {
		t.Errorf("%d bytes, %v, done %t", len(content), err, done)
	}
	if diff := cmp.Diff(strings.Split("0 4 5 5 9 :", " "), acks); diff != "" {
		t.Errorf("ACKs (-want +got):\n%s", diff)
	}
}

func TestAClosedPortEndsEDK2sTransferAlone(t *testing.T) {
	for who, want := range map[string]tftp.Reason{"ovmf-x64": tftp.Unreachable, "ipxe-bios": tftp.OpenTimeout, "pxelinux": tftp.OpenTimeout} {
		cfg := client(who)
		tr := tftp.New(testnet.Start(), cfg)
		tr.Receive(testnet.Start(), machine.Unreachable{Src: cfg.Local, Dst: cfg.Server})
		for at, ok := tr.Deadline(); ok; at, ok = tr.Deadline() {
			tr.Expire(at)
		}
		if _, err, _ := tr.Done(); reason(err) != want || !strings.Contains(err.Text, "port unreachable") {
			t.Errorf("%s: %v, want %q", who, err, want)
		}
	}
}
