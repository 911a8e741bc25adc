package explain_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/config/dnsmasq"
	"github.com/bootrig/bootrig/server/explain"
)

func TestParseClient(t *testing.T) {
	for name, c := range map[string]struct{ words, want string }{
		"nothing is a BIOS machine":         {"", `52:54:00:12:34:56, x86PC (0), vendor class "PXEClient:Arch:00000:UNDI:002001"`},
		"an architecture brings its class":  {"arch=7", `52:54:00:12:34:56, x86-64_EFI (7), vendor class "PXEClient:Arch:00007:UNDI:003000"`},
		"one by name, in any case":          {"arch=arm64_efi", `52:54:00:12:34:56, ARM64_EFI (11), vendor class "PXEClient:Arch:00011:UNDI:003000"`},
		"one that boots by HTTP":            {"arch=x86-64_HTTP", `52:54:00:12:34:56, x86-64_HTTP (16), vendor class "HTTPClient:Arch:00016:UNDI:003000"`},
		"an iPXE says so":                   {"mac=aa:bb:cc:dd:ee:ff arch=7 ipxe=yes", `aa:bb:cc:dd:ee:ff, x86-64_EFI (7), vendor class "PXEClient:Arch:00007:UNDI:003010", user class "iPXE"`},
		"one that boots what is signed":     {"arch=7 secure-boot=yes", `52:54:00:12:34:56, x86-64_EFI (7), vendor class "PXEClient:Arch:00007:UNDI:003000", Secure Boot`},
		"a class with a blank":              {`vendor="My PXE" user=lab`, `52:54:00:12:34:56, x86PC (0), vendor class "My PXE", user class "lab"`},
		"no class at all":                   {"vendor= name=laptop", "52:54:00:12:34:56, called laptop"},
		"behind a relay":                    {"vendor= relay=10.7.0.1", "52:54:00:12:34:56, behind relay 10.7.0.1"},
		"blanks and lines between the keys": {"  arch=0\n\tname=a ", `52:54:00:12:34:56, x86PC (0), vendor class "PXEClient:Arch:00000:UNDI:002001", called a`},
	} {
		t.Run(name, func(t *testing.T) {
			client, err := explain.ParseClient(c.words)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, client.String()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseClientSaysWhatIsWrong(t *testing.T) {
	for words, want := range map[string]string{
		"arhc=7":              `arhc=7: unknown key "arhc": one of arch, circuit, id, interface, ip, ipxe, mac, name, relay, remote, secure-boot, tags, user, uuid, vendor, option:NUMBER`,
		"52:54:00:12:34:56":   `52:54:00:12:34:56: unknown key "52:54:00:12:34:56": one of`,
		"mac=52:54":           "mac=52:54: no Ethernet address, such as 52:54:00:12:34:56",
		"arch=amiga":          "arch=amiga: a number or one of x86PC, PC98, ",
		"arch=65536":          "arch=65536: a number or one of",
		"ipxe=maybe":          "ipxe=maybe: yes or no",
		"secure-boot=1":       "secure-boot=1: yes or no",
		"secure-boot=yes":     "secure-boot=yes is for UEFI machines, and x86PC (0) is none: say which with arch=7",
		"uuid=0011":           "uuid=0011: no UUID, such as 00112233-4455-6677-8899-aabbccddeeff",
		"relay=host":          "relay=host: no IPv4 address",
		"ip=0.0.0.0":          "ip=0.0.0.0: no IPv4 address",
		"name=":               "name=: name needs a value",
		"name=a name=b":       "name=b: it stands here twice",
		"option:x=00":         "option:x=00: option:x: the options are 1 to 254",
		"option:12=lab":       "option:12=lab: the value of an option is bytes in hexadecimal, such as option:12=6c:61:62",
		`vendor="x`:           "a double quote is missing",
		"vendor= arch=7":      "a client without vendor class says no arch: leave one of the two out",
		"mac=1 ipxe=2 nosuch": "mac=1: no Ethernet address, such as 52:54:00:12:34:56\nipxe=2: yes or no\nnosuch: unknown key",
	} {
		_, err := explain.ParseClient(words)
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v, want %s", words, err, want)
		}
	}
}

// Whatever stands there is a client that can be told of, or an error.
func FuzzParseClient(f *testing.F) {
	f.Add(`mac=52:54:00:12:34:56 arch=7 ipxe=yes uuid=00112233-4455-6677-8899-aabbccddeeff id=01:02 option:82=01:02:03`)
	f.Add(`vendor="a b" relay=10.0.0.1 circuit=x ip=10.0.0.7`)
	cfg, err := dnsmasq.Parse("x", []byte("dhcp-range=10.0.0.0,proxy,255.0.0.0\ndhcp-boot=a\npxe-service=x86PC,A,b\npxe-service=7,A,b\npxe-service=7,C,d"))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, words string) {
		client, err := explain.ParseClient(words)
		if err != nil {
			return
		}
		link, _ := explain.On(explain.Links(cfg), client)
		for _, step := range explain.Explain(cfg, link, client).Steps {
			if step.Rule == "" || step.Reason == "" {
				t.Errorf("no rule or no reason: %+v", step)
			}
		}
	})
}

func TestLinksAreMadeUpFromTheRanges(t *testing.T) {
	for name, c := range map[string]struct{ conf, want string }{
		"a network without a mask":         {"dhcp-range=192.168.9.0,proxy", " 192.168.9.1/24"},
		"an address of it is ours":         {"dhcp-range=192.168.9.2,proxy", " 192.168.9.2/24"},
		"a mask":                           {"dhcp-range=10.1.0.0,proxy,255.255.0.0", " 10.1.0.1/16"},
		"one network twice":                {"dhcp-range=192.168.9.0,proxy\ndhcp-range=192.168.9.7,proxy", " 192.168.9.1/24"},
		"the interface that is named":      {"interface=eth7\ndhcp-range=192.168.9.0,proxy", "eth7 192.168.9.1/24"},
		"interfaces by their beginning":    {"interface=eth*\ndhcp-range=192.168.9.0,proxy", " 192.168.9.1/24"},
		"several networks":                 {"dhcp-range=192.168.9.0,proxy\ndhcp-range=10.1.0.0,proxy", " 192.168.9.1/24,  10.1.0.1/24"},
		"none":                             {"dhcp-boot=x", ""},
		"a network that has one address":   {"dhcp-range=10.1.0.7,proxy,255.255.255.255", " 10.1.0.7/32"},
		"a network of two, point to point": {"dhcp-range=10.1.0.6,proxy,255.255.255.254", " 10.1.0.6/31"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg, err := dnsmasq.Parse("x", []byte(c.conf))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, l := range explain.Links(cfg) {
				got = append(got, l.Name+" "+l.Prefix.String())
			}
			if diff := cmp.Diff(c.want, strings.Join(got, ", ")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestTheLinkOfAClient(t *testing.T) {
	cfg, err := dnsmasq.Parse("x", []byte("dhcp-range=192.168.9.0,proxy\ndhcp-range=10.1.0.0,proxy"))
	if err != nil {
		t.Fatal(err)
	}
	for words, want := range map[string]string{"": "192.168.9.1/24", "ip=10.1.0.9": "10.1.0.1/24", "ip=172.16.0.1": "192.168.9.1/24"} {
		client, err := explain.ParseClient(words)
		if err != nil {
			t.Fatal(err)
		}
		if link, ok := explain.On(explain.Links(cfg), client); !ok || link.Prefix.String() != want {
			t.Errorf("%s: %s, want %s", words, link.Prefix, want)
		}
	}
	if _, ok := explain.On(explain.Links(&config.Config{}), explain.Plain(0)); ok {
		t.Error("a link without a network")
	}
}
