package tftp_test

import (
	"bytes"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/emulator/internal/testnet"
	"github.com/bootrig/bootrig/emulator/rom"
	"github.com/bootrig/bootrig/emulator/tftp"
	"github.com/bootrig/bootrig/wire/machine"
)

// A client is the TFTP side of a ROM or of pxelinux.
func client(name string) tftp.Config {
	cfg := tftp.Config{
		Local: netip.MustParseAddrPort("192.168.9.100:49152"), Server: netip.MustParseAddrPort("192.168.9.2:69"), Name: "f",
		Options: "tsize 0 blksize 1408", Patience: tftp.SyslinuxPatience(), Dialect: tftp.Syslinux,
	}
	if name != "pxelinux" {
		p, err := rom.Lookup(name)
		if err != nil {
			panic(err)
		}
		cfg.Options, cfg.Patience, cfg.Dialect = p.TFTP.Options, p.TFTP.Patience, p.TFTP.Dialect
	}
	return cfg
}

// fetch runs a transfer against a net and tells how it ended and after how long.
func fetch(cfg tftp.Config, n *testnet.Net) (content []byte, err *tftp.Error, took time.Duration) {
	t := tftp.New(testnet.Start(), cfg)
	done := func() bool { _, _, ok := t.Done(); return ok }
	took = n.Run(t, testnet.Start(), testnet.Start().Add(time.Hour), done).Sub(testnet.Start())
	content, err, _ = t.Done()
	return content, err, took
}

func TestFilesOfEveryLengthArriveWhole(t *testing.T) {
	for _, who := range []string{"pxelinux", "ipxe-bios", "intel-undi", "ovmf-x64"} {
		for _, size := range []int{1, 511, 512, 1407, 1408, 1409, 1432, 1456, 1468, 2816, 4 * 1468, 100_000} {
			want := bytes.Repeat([]byte("0123456"), size/7+1)[:size]
			n := testnet.New(func(string) ([]byte, bool) { return want, true })
			got, err, _ := fetch(client(who), n)
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s: %d bytes: got %d, %v", who, size, len(got), err)
			}
		}
	}
}

func TestHowATransferEnds(t *testing.T) {
	for _, tc := range []struct {
		name, who string
		oack      func(string, []string) ([]string, bool)
		edit      func(machine.Datagram) machine.Datagram
		size      int
		want      tftp.Reason
		took      time.Duration
	}{
		{name: "a server without options sends 512 byte blocks", who: "ipxe-bios", size: 1500,
			oack: func(string, []string) ([]string, bool) { return nil, true }},
		{name: "pxelinux takes that too", who: "pxelinux", size: 1500,
			oack: func(string, []string) ([]string, bool) { return nil, true }},
		{name: "an option nobody asked for is ERROR 8 to pxelinux", who: "pxelinux", size: 9, want: tftp.BadPacket,
			oack: func(_ string, g []string) ([]string, bool) { return append(g, "windowsize", "4"), true }},
		{name: "iPXE ignores it", who: "ipxe-bios", size: 9,
			oack: func(_ string, g []string) ([]string, bool) { return append(g, "windowsize", "4"), true }},
		{name: "EDK2 takes what it knows for an ERROR 4", who: "ovmf-x64", size: 9, want: tftp.BadPacket,
			oack: func(_ string, g []string) ([]string, bool) { return append(g, "tsize", "9"), true }},
		{name: "and more than it asked for", who: "ovmf-x64", size: 9, want: tftp.BadPacket,
			oack: func(string, []string) ([]string, bool) { return []string{"windowsize", "5"}, true }},
		{name: "and ignores an option it does not know", who: "ovmf-x64", size: 9,
			oack: func(_ string, g []string) ([]string, bool) { return append(g, "x", "9"), true }},
		{name: "EDK2 takes a server without options", who: "ovmf-x64", size: 9000,
			oack: func(string, []string) ([]string, bool) { return nil, true }},
		{name: "silence: EDK2 asks six times in 24 s", who: "ovmf-x64", want: tftp.OpenTimeout, took: 24 * time.Second,
			oack: func(string, []string) ([]string, bool) { return nil, false }},
		{name: "a block size that is no number", who: "ipxe-bios", size: 9, want: tftp.BadPacket,
			oack: func(string, []string) ([]string, bool) { return []string{"blksize", "x"}, true }},
		{name: "a block larger than agreed", who: "ipxe-bios", size: 1432, want: tftp.BadPacket,
			oack: func(string, []string) ([]string, bool) { return []string{"blksize", "512"}, true }},
		{name: "a block size beyond pxelinux's buffer", who: "pxelinux", size: 9, want: tftp.BadPacket,
			oack: func(string, []string) ([]string, bool) { return []string{"blksize", "4096"}, true }},
		{name: "an empty file is missing to pxelinux", who: "pxelinux", size: 0, want: tftp.NotFound},
		{name: "silence: iPXE gives up after 0.25 s doubled to 8 s", who: "ipxe-bios", want: tftp.OpenTimeout, took: 15930 * time.Millisecond,
			oack: func(string, []string) ([]string, bool) { return nil, false }},
		{name: "silence: pxelinux waits 2382 ticks", who: "pxelinux", want: tftp.OpenTimeout, took: 2382 * 54925 * time.Microsecond,
			oack: func(string, []string) ([]string, bool) { return nil, false }},
		{name: "silence: a classic ROM tries four times", who: "intel-undi", want: tftp.OpenTimeout, took: 15 * time.Second,
			oack: func(string, []string) ([]string, bool) { return nil, false }},
		{name: "data that comes from another port is not listened to", who: "intel-undi", size: 9000, want: tftp.ReadTimeout, took: 15 * time.Second,
			edit: func(d machine.Datagram) machine.Datagram {
				if d.Payload[1] == 3 {
					d.Src = netip.AddrPortFrom(d.Src.Addr(), 9)
				}
				return d
			}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			n := testnet.New(func(string) ([]byte, bool) { return make([]byte, tc.size), true })
			n.OACK, n.Edit = tc.oack, tc.edit
			content, err, took := fetch(client(tc.who), n)
			got := tftp.Reason("")
			if err != nil {
				got = err.Reason
			}
			if got != tc.want || err == nil && len(content) != tc.size {
				t.Errorf("ended with %q and %d bytes, want %q and %d", got, len(content), tc.want, tc.size)
			}
			if diff := took - tc.took; diff < -50*time.Millisecond || diff > 50*time.Millisecond {
				t.Errorf("took %s, want %s", took, tc.took)
			}
		})
	}
}

func TestErrorsKeepTheirMeaning(t *testing.T) {
	for code, want := range map[byte]tftp.Reason{0: tftp.ServerError, 1: tftp.NotFound, 2: tftp.AccessDenied, 4: tftp.IllegalOp, 8: tftp.ServerError} {
		n := testnet.New(func(string) ([]byte, bool) { return nil, false })
		n.Edit = func(d machine.Datagram) machine.Datagram { d.Payload[3] = code; return d }
		_, err, _ := fetch(client("ipxe-bios"), n)
		if err == nil || err.Reason != want || err.Code != int(code) {
			t.Errorf("ERROR %d: %+v, want %q", code, err, want)
		}
	}
}

func TestLostPacketsAreMadeGood(t *testing.T) {
	for _, tc := range []struct {
		who  string
		each int // every how manyeth packet is lost, either way
		want tftp.Reason
	}{
		{"pxelinux", 3, ""},
		{"intel-undi", 3, ""},
		{"ipxe-bios", 20, ""},
		// iPXE's wait grows with each loss and shrinks by an eighth with each answer.
		{"ipxe-bios", 3, tftp.ReadTimeout},
	} {
		i := 0
		n := testnet.New(func(string) ([]byte, bool) { return make([]byte, 100_000), true })
		n.Drop = func(bool, machine.Datagram) bool { i++; return i%tc.each == 0 }
		content, err, _ := fetch(client(tc.who), n)
		got := tftp.Reason("")
		if err != nil {
			got = err.Reason
		}
		if got != tc.want || err == nil && len(content) != 100_000 {
			t.Errorf("%s, every %d lost: %d bytes, %v", tc.who, tc.each, len(content), err)
		}
	}
}

func TestBlockNumbersGoFrom65535To0(t *testing.T) {
	for _, who := range []string{"pxelinux", "ipxe-bios", "intel-undi"} {
		cfg := client(who)
		tr := tftp.New(testnet.Start(), cfg)
		d := machine.Datagram{Src: netip.MustParseAddrPort("192.168.9.2:1000"), Dst: cfg.Local, Payload: make([]byte, 516)}
		const blocks = 66_000
		for i := 1; i <= blocks; i++ {
			d.Payload[1], d.Payload[2], d.Payload[3] = 3, byte(i>>8), byte(i)
			if i == blocks {
				d.Payload = d.Payload[:5]
			}
			tr.Receive(testnet.Start(), d)
		}
		if content, err, done := tr.Done(); !done || len(content) != (blocks-1)*512+1 {
			t.Errorf("%s: %d bytes, done %t, %v", who, len(content), done, err)
		}
	}
}

func TestAProbeAsksForTheSizeAndAborts(t *testing.T) {
	asWell := func(_ string, granted []string) ([]string, bool) { return granted, true }
	plain := func(string, []string) ([]string, bool) { return nil, true }
	sizeless := func(string, []string) ([]string, bool) { return []string{"blksize", "512"}, true }
	const asks = ".\x01f.octet.tsize.0.blksize.1468.windowsize.4."
	for _, tc := range []struct {
		name, who string
		oack      func(string, []string) ([]string, bool)
		sent      []string
		want      tftp.Reason
	}{
		{"a classic ROM says ERROR 0", "intel-undi", asWell, []string{".\x01f.octet.tsize.0.", ".\x05..TFTP Aborted."}, ""},
		{"EDK2 says ERROR 8", "ovmf-x64", asWell, []string{asks, ".\x05.\x08User aborted the transfer."}, ""},
		{"an OACK without tsize ends EDK2's boot", "ovmf-x64", sizeless, []string{asks, ".\x05.\x08User aborted the transfer."}, tftp.NoSize},
		{"so does a server without options", "ovmf-x64", plain, []string{asks, ".\x05.\x04User aborted download."}, tftp.NoSize},
	} {
		t.Run(tc.name, func(t *testing.T) {
			n := testnet.New(func(string) ([]byte, bool) { return make([]byte, 9000), true })
			n.OACK = tc.oack
			var sent []string
			n.Seen = func(_ time.Time, toGuest bool, d machine.Datagram) {
				if !toGuest {
					sent = append(sent, strings.ReplaceAll(string(d.Payload), "\x00", "."))
				}
			}
			p, _ := rom.Lookup(tc.who)
			cfg := client(tc.who)
			cfg.Options, cfg.Probe = p.TFTP.Probe, true
			_, err, _ := fetch(cfg, n)
			if got := reason(err); got != tc.want {
				t.Errorf("ended with %q, want %q", got, tc.want)
			}
			if diff := cmp.Diff(tc.sent, sent); diff != "" {
				t.Errorf("packets (-want +got):\n%s", diff)
			}
		})
	}
}

func reason(err *tftp.Error) tftp.Reason {
	if err == nil {
		return ""
	}
	return err.Reason
}

func TestAFileTheLoaderDoesNotLikeIsClosed(t *testing.T) {
	for size, want := range map[int]string{40_000: "No error, file close", 4000: ""} {
		n := testnet.New(func(string) ([]byte, bool) { return make([]byte, size), true })
		said := ""
		n.Seen = func(_ time.Time, toGuest bool, d machine.Datagram) {
			if !toGuest && d.Payload[1] == 5 {
				said = strings.Trim(string(d.Payload[4:]), "\x00")
			}
		}
		cfg := client("pxelinux")
		cfg.Head = func([]byte) bool { return false }
		content, err, _ := fetch(cfg, n)
		// A real pxelinux closed a module of 40006 bytes with block 12 unacknowledged.
		if err != nil || said != want || len(content) != min(size, 12*1408) {
			t.Errorf("%d bytes: read %d, said %q, %v", size, len(content), said, err)
		}
	}
}

func FuzzTransfer(f *testing.F) {
	f.Add([]byte("\x00\x06tsize\x0012\x00blksize\x00512\x00"), []byte("\x00\x03\x00\x01abc"), byte(1))
	f.Add([]byte("\x00\x05\x00\x01gone\x00"), []byte("\x00\x03\x00\x02"), byte(0))
	f.Add([]byte("\x00\x06windowsize\x003\x00"), []byte("\x00\x03\x00\x01abc"), byte(2))
	f.Add([]byte("\x00\x06"), []byte(""), byte(1))
	f.Fuzz(func(t *testing.T, one, two []byte, dialect byte) {
		cfg := client([]string{"ipxe-bios", "pxelinux", "ovmf-x64"}[dialect%3])
		cfg.Memory = 1 << 20
		tr := tftp.New(testnet.Start(), cfg)
		src := netip.MustParseAddrPort("192.168.9.2:1000")
		for _, p := range [][]byte{one, two, one, two} {
			tr.Receive(testnet.Start(), machine.Datagram{Src: src, Dst: cfg.Local, Payload: p})
			tr.Next()
		}
		for {
			if _, _, done := tr.Done(); done {
				return
			}
			at, ok := tr.Deadline()
			if !ok {
				t.Fatal("neither done nor waiting")
			}
			tr.Expire(at)
		}
	})
}
