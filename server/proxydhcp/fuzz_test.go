package proxydhcp_test

import (
	"bytes"
	"testing"

	"github.com/bootrig/bootrig/server/config/dnsmasq"
	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/internal/capture"
	"github.com/bootrig/bootrig/server/proxydhcp"
	"github.com/bootrig/bootrig/wire/pxe"
)

// packets are what ROMs were seen to send, and what the conformance suite asks.
func packets(t testing.TB) (all []capture.Frame) {
	t.Helper()
	for _, name := range []string{"captures/A-control.pcap", "captures/B-control.pcap", "captures/C-control.pcap", "captures/F3-control.pcap", "questions.pcap"} {
		frames := capture.ReadDHCP(t, "../../testdata/"+name)
		if len(frames) == 0 {
			t.Fatal("no packets in ", name)
		}
		all = append(all, frames...)
	}
	return all
}

// proxies are configurations that between them make every kind of answer.
func proxies(t testing.TB) (all []*proxydhcp.Config) {
	t.Helper()
	const menus = "pxe-prompt=Boot,3\npxe-service=x86PC,Install,pxelinux\npxe-service=x86PC,Disk\npxe-service=x86-64_EFI,One,one.efi\n"
	for _, conf := range []string{
		network + "dhcp-boot=pxelinux.0\n",
		network + menus + "dhcp-reply-delay=1\ndhcp-match=set:ipxe,175\ndhcp-boot=tag:ipxe,http://192.168.9.2/boot.ipxe\n",
		network + menus + "dhcp-range=192.168.20.0,proxy,255.255.255.0\npxe-service=x86PC,Two,two,192.168.9.7\ndhcp-option=vendor:PXEClient,7,224.0.1.2\n",
		network + menus + "dhcp-pxe-vendor=PXEClient,HTTPClient\ndhcp-boot=http://192.168.9.2/boot.efi\n",
	} {
		all = append(all, load(t, conf))
	}
	http := load(t, network)
	http.Boot = []proxydhcp.Boot{{File: "http://192.168.9.2/boot.efi", Archs: pxe.HTTPArchs(), Rule: "x:1"}}
	return append(all, http)
}

// Whatever packet comes, a reply is one that its client can read and takes, and who asks for no netboot
// hears nothing.
func FuzzPacket(f *testing.F) {
	for _, p := range packets(f) {
		f.Add(p.Payload, p.Dst.Port(), p.Src.Addr().IsUnspecified())
		other := bytes.ReplaceAll(bytes.ReplaceAll(p.Payload, []byte(pxe.PXEClient), []byte("XPEClient")), []byte(pxe.HTTPClient), []byte("TTHPClient"))
		f.Add(other, p.Dst.Port(), p.Src.Addr().IsUnspecified())
	}
	configs := proxies(f)
	f.Fuzz(func(t *testing.T, payload []byte, port uint16, nowhere bool) {
		packet, err := dhcp.Parse(payload)
		if err != nil {
			return
		}
		src := "192.168.9.50:68"
		if nowhere {
			src = "0.0.0.0:68"
		}
		for i, cfg := range configs {
			req := question{src: src}.request()
			req.Port, req.Packet = port, packet
			d := proxydhcp.Decide(cfg, req)
			if d.Rule == "" || d.Reason == "" && d.Reply == nil {
				t.Errorf("configuration %d: a decision without its rule or reason: %+v", i, d)
			}
			if r := d.Reply; r != nil {
				for _, fault := range capture.Faults(packet, r) {
					t.Errorf("configuration %d: the reply by %s: %s", i, d.Rule, fault)
				}
				if class := packet.Options[pxe.OptVendorClass]; !netboots(class) {
					t.Errorf("configuration %d: who calls itself %q is answered by %s", i, class, d.Rule)
				}
				if !r.Dst.IsValid() || r.Dst.Port() == 0 || r.Dst.Addr().IsUnspecified() {
					t.Errorf("configuration %d: the reply goes to %s", i, r.Dst)
				}
			}
		}
	})
}

// netboots tells whether option 60 is that of PXE or UEFI HTTP boot.
func netboots(class []byte) bool {
	return bytes.HasPrefix(class, []byte(pxe.PXEClient)) || bytes.HasPrefix(class, []byte(pxe.HTTPClient))
}

// Whatever a configuration says, who is no PXE client hears nothing, and what others hear is a packet that
// they take.
func FuzzDecide(f *testing.F) {
	f.Add(network+"dhcp-boot=tag:efi,a.efi\ndhcp-match=set:efi,93,7\npxe-prompt=tag:!efi,Hi,3\n", 0)
	f.Add("dhcp-range=tag:!x,set:y,192.168.9.0,proxy\npxe-service=tag:y,x86PC,A,a\ndhcp-option=vendor:PXEClient,9,00:00\n", 1)
	all := packets(f)
	for i := range all {
		f.Add(network+"dhcp-boot=a.0\npxe-service=x86PC,A,a\npxe-service=x86PC,B,b\npxe-service=x86-64_EFI,C,c\n", i)
	}
	f.Fuzz(func(t *testing.T, conf string, which int) {
		if bytes.Contains([]byte(conf), []byte("conf-")) || bytes.Contains([]byte(conf), []byte("dhcp-hosts")) || bytes.Contains([]byte(conf), []byte("dhcp-pxe-vendor")) {
			t.Skip("no files, and only PXE clients")
		}
		cfg, err := dnsmasq.Parse("x", []byte(conf))
		if err != nil {
			return
		}
		asked := all[uint(which)%uint(len(all))]
		packet, err := dhcp.Parse(asked.Payload)
		if err != nil {
			return
		}
		req := question{src: asked.Src.String()}.request()
		req.Port, req.Packet = asked.Dst.Port(), packet
		d := proxydhcp.Decide(&cfg.DHCP, req)
		if r := d.Reply; r != nil {
			for _, fault := range capture.Faults(packet, r) {
				t.Errorf("the reply by %s: %s", d.Rule, fault)
			}
			if class := packet.Options[pxe.OptVendorClass]; !netboots(class) {
				t.Errorf("who calls itself %q is answered by %s", class, d.Rule)
			}
		}
	})
}
