package pxe

import (
	"encoding/hex"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

var addrs = cmpopts.EquateComparable(netip.Addr{})

func bytesOf(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// What option 43 says, with every sub-option this package can read decoded.
type said struct {
	Control *DiscoveryControl
	Prompt  *Prompt
	Servers []BootServers
	Menu    []MenuItem
	Item    *BootItem
}

func decode(t *testing.T, subs SubOptions) said {
	t.Helper()
	var s said
	for _, sub := range subs {
		var err error
		switch sub.Code {
		case SubDiscoveryControl:
			control := DiscoveryControl(sub.Value[0])
			s.Control = &control
		case SubMenuPrompt:
			s.Prompt = new(Prompt)
			*s.Prompt, err = ParsePrompt(sub.Value)
		case SubBootServers:
			s.Servers, err = ParseBootServers(sub.Value)
		case SubBootMenu:
			s.Menu, err = ParseMenu(sub.Value)
		case SubBootItem:
			s.Item = new(BootItem)
			*s.Item, err = ParseBootItem(sub.Value)
		}
		if err != nil {
			t.Errorf("sub-option %d: %v", sub.Code, err)
		}
	}
	return s
}

func encode(t *testing.T, s said) []byte {
	t.Helper()
	var subs SubOptions
	if s.Control != nil {
		subs = append(subs, SubOption{SubDiscoveryControl, []byte{byte(*s.Control)}})
	}
	if s.Prompt != nil {
		subs = append(subs, SubOption{SubMenuPrompt, s.Prompt.Bytes()})
	}
	if s.Servers != nil {
		var v []byte
		for _, servers := range s.Servers {
			v = AppendBootServers(v, servers)
		}
		subs = append(subs, SubOption{SubBootServers, v})
	}
	if s.Menu != nil {
		var v []byte
		for _, item := range s.Menu {
			v = AppendMenuItem(v, item)
		}
		subs = append(subs, SubOption{SubBootMenu, v})
	}
	if s.Item != nil {
		subs = append(subs, SubOption{SubBootItem, s.Item.Bytes()})
	}
	b, err := subs.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestOption43BothWays(t *testing.T) {
	server := netip.MustParseAddr("192.168.9.2")
	control := func(c DiscoveryControl) *DiscoveryControl { return &c }
	for name, c := range map[string]struct {
		hex  string
		want said
	}{
		"the founding note's OFFER to a BIOS machine (capture A, frame 2)": {
			"060103" + "0a0400505845" + "0807800001c0a80902" + "09118000" + "0e274e6574776f726b20426f6f7427" + "ff",
			said{
				Control: control(NoBroadcast | NoMulticast),
				Prompt:  &Prompt{0, "PXE"},
				Servers: []BootServers{{TypeFirstPrivate, []netip.Addr{server}}},
				Menu:    []MenuItem{{TypeFirstPrivate, "'Network Boot'"}},
			},
		},
		"the boot item iPXE asks for and gets back (capture A, frames 17 and 18)": {
			"470480000000ff", said{Item: &BootItem{Type: TypeFirstPrivate}},
		},
		"straight to the file (captures F1 and F2)": {
			"060108ff", said{Control: control(UseFile)},
		},
		"a menu of a numbered type without a known server, and local boot": {
			"060102" + "0a04ff505845" + "0910" + "000103524953" + "0000074c6f63616c206f" + "ff",
			said{
				Control: control(NoMulticast),
				Prompt:  &Prompt{NoTimeout, "PXE"},
				Menu:    []MenuItem{{1, "RIS"}, {TypeLocalBoot, "Local o"}},
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			wire := bytesOf(t, c.hex)
			subs, err := ParseSubOptions(wire)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, decode(t, subs), addrs); diff != "" {
				t.Errorf("decoded (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(wire, encode(t, c.want)); diff != "" {
				t.Errorf("encoded (-want +got):\n%s", diff)
			}
			if got := subs.Size(); got != len(wire) {
				t.Errorf("the size of %d bytes is %d", len(wire), got)
			}
		})
	}
}

func TestBrokenOption43SaysWhatItCould(t *testing.T) {
	for name, c := range map[string]struct {
		hex  string
		read int
		err  string
	}{
		"nothing at all":                      {"", 0, "option 43 is not ended by 255"},
		"no end":                              {"060108", 1, "option 43 is not ended by 255"},
		"padding, then the end, then garbage": {"0000060108ff47", 1, ""},
		"a length beyond the end":             {"0601080904", 1, "option 43: sub-option 9 is cut short"},
		"a code without a length":             {"06", 0, "option 43: sub-option 6 is cut short"},
	} {
		t.Run(name, func(t *testing.T) {
			subs, err := ParseSubOptions(bytesOf(t, c.hex))
			said := ""
			if err != nil {
				said = err.Error()
			}
			if said != c.err || len(subs) != c.read {
				t.Errorf("read %d sub-options and said %q, want %d and %q", len(subs), said, c.read, c.err)
			}
		})
	}
	if _, err := (SubOptions{{SubBootMenu, make([]byte, 256)}}).Bytes(); err == nil {
		t.Error("a value of 256 bytes was encoded")
	}
}

func TestVendorClass(t *testing.T) {
	for option, want := range map[string]VendorClass{
		"PXEClient:Arch:00000:UNDI:002001":     {Name: "PXEClient", Typed: true, UNDI: "002001"},
		"PXEClient:Arch:00007:UNDI:003000\x00": {Name: "PXEClient", Arch: ArchX64, Typed: true, UNDI: "003000"},
		"HTTPClient:Arch:00016:UNDI:003000":    {Name: "HTTPClient", Arch: ArchX64HTTP, Typed: true, UNDI: "003000"},
		"PXEClient":                            {Name: "PXEClient"},
		"PXEClient:Arch:x:UNDI":                {Name: "PXEClient"},
		"MSFT 5.0":                             {Name: "MSFT 5.0"},
		"":                                     {},
	} {
		if diff := cmp.Diff(want, ParseVendorClass([]byte(option))); diff != "" {
			t.Errorf("%q (-want +got):\n%s", option, diff)
		}
	}
}

func TestArchs(t *testing.T) {
	if diff := cmp.Diff([]Arch{7, 9}, ParseArchs([]byte{0, 7, 0, 9, 0})); diff != "" {
		t.Errorf("two architectures and an odd byte (-want +got):\n%s", diff)
	}
	for arch, want := range map[Arch]string{0: "x86PC (0)", 7: "x86-64_EFI (7)", 16: "x86-64_HTTP (16)", 41: "ARM_rpiboot (41)", 42: "unknown (42)"} {
		if arch.String() != want {
			t.Errorf("architecture %d is called %q, want %q", uint16(arch), arch, want)
		}
	}
	if a, ok := ParseArchName("X86-64_efi"); !ok || a != ArchX64 {
		t.Errorf("X86-64_efi is %v, %v", a, ok)
	}
	if a, ok := ParseArchName("x86-64_HTTP"); ok {
		t.Errorf("x86-64_HTTP is no name of dnsmasq's, but was read as %v", a)
	}
}

func TestMaxReply(t *testing.T) {
	for size, want := range map[uint16]int{0: 548, 300: 548, 576: 548, 1260: 1232, 1472: 1444, 65280: 1472} {
		if got := MaxReply(size); got != want {
			t.Errorf("with option 57 = %d a reply may have %d bytes, want %d", size, got, want)
		}
	}
}

func FuzzSubOptions(f *testing.F) {
	f.Add([]byte{6, 1, 3, 8, 7, 128, 0, 1, 192, 168, 9, 2, 255})
	f.Add([]byte{71, 4, 128, 0, 0, 0, 255})
	f.Add([]byte{9, 3, 0, 0, 9, 255})
	f.Fuzz(func(t *testing.T, b []byte) {
		subs, err := ParseSubOptions(b)
		for _, sub := range subs {
			_, _ = ParseBootServers(sub.Value)
			_, _ = ParseMenu(sub.Value)
			_, _ = ParsePrompt(sub.Value)
			_, _ = ParseBootItem(sub.Value)
			_, _ = ParseMcastAlloc(sub.Value)
			_, _ = ParseCredentialTypes(sub.Value)
		}
		_, _ = ParseMTFTP(subs)
		if err != nil {
			return
		}
		again, err := subs.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		back, err := ParseSubOptions(again)
		if diff := cmp.Diff(subs, back); err != nil || diff != "" {
			t.Fatalf("written and read again: %v (-want +got):\n%s", err, diff)
		}
	})
}

func TestArchWords(t *testing.T) {
	for word, want := range map[string]Arch{
		"x86-bios": ArchX86BIOS, "ia32-uefi": ArchIA32, "x64-uefi": ArchX64, "ebc-uefi": ArchEBC, "arm32-uefi": ArchARM32,
		"arm64-uefi": ArchARM64, "x64-uefi-http": ArchX64HTTP, "x86-bios-http": ArchX86BIOSHTTP, "arm64-uboot-http": ArchARM64UBootHTTP,
		"arm32-uboot": 21, "riscv64-uefi": 27, "loongarch64-uefi-http": ArchLoongArch64HTTP, "intel-lean-client": 5,
		"x86PC": ArchX86BIOS, "x86-64_EFI": ArchX64, "ARM64_HTTP": ArchARM64HTTP,
	} {
		if got, ok := ParseArch(word); !ok || got != want {
			t.Errorf("%s: %v, want %v", word, got, want)
		}
	}
	seen := map[string]bool{}
	for _, word := range ArchWords() {
		if seen[word] {
			t.Errorf("%s stands for two", word)
		}
		seen[word] = true
		if a, ok := ParseArch(word); !ok || a.Word() != word && !strings.HasPrefix(a.String(), word+" (") {
			t.Errorf("%s is read as %v", word, a)
		}
	}
	if _, ok := ParseArch("x64"); ok || Arch(999).Word() != "" {
		t.Error("a word that is none was read")
	}
}
