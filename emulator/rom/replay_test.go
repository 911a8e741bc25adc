package rom

import (
	"encoding/binary"
	"encoding/hex"
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/emulator/internal/testnet"
	"github.com/bootrig/bootrig/wire/machine"
)

func TestTheProfileSendsEveryPacketOfTheCaptureByteForByte(t *testing.T) {
	const noUUID = "00000000000000000000000000000000"
	const own = 0x52 // the card has the address of U-Boot's environment, which is all 52
	for _, tc := range []struct {
		file, firmware string
		mac            byte // the last of 52:54:00:12:34
		uuid           string
		addr           string
		files          int // that the ROM itself reads, or asks the size of
		sends          int // packets of the ROM in the capture
	}{
		{"A-control.pcap", "ipxe-bios", 0x56, "00112233445566778899aabbccddeeff", "192.168.9.111", 1, 8}, // 2 DISCOVER, REQUEST, boot item, RRQ, 3 ACK
		{"C-control.pcap", "ipxe-bios", 0x58, noUUID, "192.168.9.113", 1, 8},                             // 2 DISCOVER, REQUEST, boot item, RRQ, 3 ACK
		{"ipxe-efi-redirect.pcap", "ipxe-efi", 0x56, noUUID, "192.168.9.100", 1, 14},                     // DISCOVER, REQUEST, proxy, RRQ, 10 ACK
		{"ipxe-efi-direct.pcap", "ipxe-efi", 0x56, noUUID, "192.168.9.100", 1, 13},                       // DISCOVER, REQUEST, RRQ, 10 ACK
		{"B-control.pcap", "ovmf-x64", 0x57, noUUID, "192.168.9.112", 2, 9},                              // DISCOVER, REQUEST, proxy, RRQ, ERROR, RRQ, 3 ACK
		{"F1-control.pcap", "ovmf-x64", 0x61, noUUID, "192.168.9.122", 2, 8},                             // DISCOVER, REQUEST, RRQ, ERROR, RRQ, 3 ACK
		{"ovmf-menu.pcap", "ovmf-x64", 0x56, noUUID, "192.168.9.100", 2, 11},                             // DISCOVER, REQUEST, proxy, boot item, RRQ, ERROR, RRQ, 4 ACK
		{"ovmf-http.pcap", "ovmf-x64-http", 0x56, noUUID, "192.168.9.100", 0, 4},                         // DISCOVER, REQUEST, HEAD, GET
		{"ovmf-http-2025.pcap", "ovmf-x64-http@2025.02", 0x56, noUUID, "192.168.9.100", 0, 4},            // the same
		{"ovmf-http-2026.pcap", "ovmf-x64-http@2026.08", 0x56, noUUID, "192.168.9.100", 0, 4},            // the same
		{"ipxe-bios-1.21.pcap", "ipxe-bios@1.21.1", 0x56, noUUID, "192.168.9.100", 1, 5},                 // DISCOVER, REQUEST, RRQ, 2 ACK
		{"ipxe-bios-2.0.pcap", "ipxe-bios@2.0.0", 0x56, noUUID, "192.168.9.100", 1, 5},                   // the same
		{"ipxe-bios-http.pcap", "ipxe-bios", 0x56, noUUID, "192.168.9.100", 0, 3},                        // DISCOVER, REQUEST, GET
		{"ipxe-efi-http.pcap", "ipxe-efi", 0x56, noUUID, "192.168.9.100", 0, 3},                          // the same
		{"ipxe-bios-1.21-http.pcap", "ipxe-bios@1.21.1", 0x56, noUUID, "192.168.9.100", 0, 3},            // the same
		{"ipxe-bios-2.0-http.pcap", "ipxe-bios@2.0.0", 0x56, noUUID, "192.168.9.100", 0, 3},              // the same
		{"ipxe-efi-1.21.pcap", "ipxe-efi@1.21.1", 0x56, noUUID, "192.168.9.100", 2, 10},                  // DISCOVER, REQUEST, proxy, RRQ, ERROR, RRQ, 4 ACK
		{"ipxe-efi-2.0.pcap", "ipxe-efi@2.0.0", 0x56, noUUID, "192.168.9.100", 2, 10},                    // DISCOVER, REQUEST, proxy, RRQ, ERROR, RRQ, 4 ACK
		{"ovmf-2025.pcap", "ovmf-x64@2025.02", 0x56, noUUID, "192.168.9.100", 2, 10},                     // DISCOVER, REQUEST, proxy, RRQ, ERROR, RRQ, 4 ACK
		{"ovmf-2026.pcap", "ovmf-x64@2026.08", 0x56, noUUID, "192.168.9.100", 2, 10},                     // DISCOVER, REQUEST, proxy, RRQ, ERROR, RRQ, 4 ACK
		{"D-control.pcap", "ovmf-x64", 0x59, noUUID, "192.168.9.114", 0, 4},                              // 4 DISCOVER
		{"uboot-arm64.pcap", "uboot-arm64", own, noUUID, "192.168.9.100", 3, 17},                         // DISCOVER, REQUEST, RRQ; DISCOVER, REQUEST, RRQ, 10 ACK, RRQ
		{"uboot-arm64-2025.pcap", "uboot-arm64@2025.01", own, noUUID, "192.168.9.100", 1, 15},            // DISCOVER, REQUEST; DISCOVER, REQUEST, RRQ, 10 ACK
		{"uboot-x86.pcap", "uboot-x86", own, noUUID, "192.168.9.100", 3, 17},                             // the same
		{"uboot-arm.pcap", "uboot-arm", own, noUUID, "192.168.9.100", 3, 17},                             // the same
		{"uboot-riscv64.pcap", "uboot-riscv64", own, noUUID, "192.168.9.100", 3, 17},                     // the same
	} {
		t.Run(tc.file, func(t *testing.T) {
			profile, err := Lookup(tc.firmware)
			if err != nil {
				t.Fatal(err)
			}
			uuid, _ := hex.DecodeString(tc.uuid)
			mac := [6]byte{0x52, 0x54, 0, 0x12, 0x34, tc.mac}
			if tc.mac == own {
				mac = [6]byte{own, own, own, own, own, own}
			}
			rom := New(Config{Profile: profile, MAC: mac, UUID: [16]byte(uuid), Seed: 1})
			sameAsCaptured(t, rom, testnet.Capture(t, tc.file), tc.addr, tc.files, tc.sends)
		})
	}
}

// sameAsCaptured wants of a ROM what a capture shows that the real one sent.
func sameAsCaptured(t *testing.T, rom *ROM, packets []testnet.Captured, addr string, files, sends int) {
	t.Helper()
	want, got := replay(rom, packets, netip.MustParseAddr(addr), files)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("client packets (-captured +sent):\n%s", diff)
	}
	if len(want) != sends {
		t.Errorf("the capture has %d packets of the ROM, want %d", len(want), sends)
	}
}

// replay feeds the servers' packets of a capture to a ROM in the capture's time and returns what the client
// sent then and now, up to the last packet of the ROM's own transfers, or to its end.
func replay(rom *ROM, packets []testnet.Captured, addr netip.Addr, files int) (want, got []string) {
	start := time.Unix(1e9, 0)
	rom.Receive(start, machine.Reset{})
	got = drain(rom, got)
	// What the real one was busy with when ours had answered: iPXE waits 13 s for an IPv6 router after the ACK, and from
	// 1.21 on has a second's work between the OFFERs and its REQUEST.
	var gap time.Duration
	var last time.Duration
	for _, p := range packets {
		if p.TCP {
			break // the rest is HTTP's
		}
		fromClient := p.Src.Addr() == addr || p.Src.Addr().IsUnspecified()
		if fromClient && (p.Src.Port() == 68 || p.Dst.Port() == 69) && len(got) > len(want) {
			gap += p.At - last
		}
		last = p.At
		if fromClient && p.Dst.Port() == 69 {
			if files--; files < 0 {
				return want, got // the next RRQ is the boot program's
			}
		}
		now := start.Add(p.At - gap)
		if at, ok := rom.Deadline(); ok && fromClient && len(got) == len(want) && at.After(now) && at.Sub(now) < time.Second/2 {
			gap -= at.Sub(now) + 1 // the tick that ends a slot comes when it comes: EDK2's timer runs already (edk2.go)
			now = at.Add(1)
		}
		for at, ok := rom.Deadline(); ok && at.Before(now); at, ok = rom.Deadline() {
			rom.Expire(at)
			got = drain(rom, got)
		}
		if _, ended := rom.Outcome(); ended && len(want) == len(got) {
			return want, got
		}
		if fromClient {
			want = append(want, render(p.Datagram))
			continue
		}
		rom.Receive(now, toGuest(rom, p.Datagram))
		got = drain(rom, got)
	}
	asked, answers := exchanges(packets, addr)
	return append(want, asked...), append(got, browse(rom, answers)...)
}

// toGuest readdresses a captured reply to this run: its xid, or its transfer's port.
func toGuest(rom *ROM, d machine.Datagram) machine.Datagram {
	if d.Dst.Port() == rom.port {
		d.Payload = append([]byte{}, d.Payload...)
		if binary.BigEndian.Uint32(d.Payload[4:]) != 0 {
			binary.BigEndian.PutUint32(d.Payload[4:], rom.xid)
		}
	} else if rom.get != nil {
		d.Dst = netip.AddrPortFrom(d.Dst.Addr(), rom.local.Port())
	}
	return d
}

func drain(m machine.Machine, lines []string) []string {
	for d, ok := m.Next(); ok; d, ok = m.Next() {
		if !d.TCP { // its numbers are of no interest: browse looks at what it carries
			lines = append(lines, render(d))
		}
	}
	return lines
}

// render prints a datagram with what changes from run to run masked: a random xid, the transfer's ports.
func render(d machine.Datagram) string {
	payload := append([]byte{}, d.Payload...)
	src, dst := d.Src, d.Dst
	if src.Port() == 68 || src.Port() == 4011 {
		if binary.BigEndian.Uint32(payload[4:]) != 0 {
			copy(payload[4:8], "XID!")
		}
	} else {
		src = netip.AddrPortFrom(src.Addr(), 1)
		if dst.Port() != 69 {
			dst = netip.AddrPortFrom(dst.Addr(), 1)
		}
	}
	return src.String() + " > " + dst.String() + "\n" + hex.Dump(payload)
}
