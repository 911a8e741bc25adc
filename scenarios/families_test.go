package scenarios_test

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/bootrig/bootrig/scenarios/runner"
	"github.com/bootrig/bootrig/scenarios/runner/runnertest"
	"github.com/bootrig/bootrig/wire/event"
)

// families are causes of which each has a real machine that shows it, and what `bootrig serve` by itself is to say. Its
// machine is never done: serve has the last word.
var families = []struct {
	name, want                     string
	firmware, content, habit, conf string
}{
	{name: "a signed GRUB that asks the DHCP server", want: "grub-asks-elsewhere", firmware: "ovmf-x64", content: "debian",
		conf: "pxe-service=x86-64_EFI,Boot,debian-installer/amd64/bootnetx64.efi"},
	{name: "a program that Secure Boot refuses", want: "came-back", firmware: "ovmf-x64-secure", content: "bootrig",
		conf: "pxe-service=x86-64_EFI,Boot,efi/bootrig.efi"},
	{name: "a port 4011 that is dead", want: "dead-4011", firmware: "ovmf-x64", content: "bootrig", habit: "fault server drop=4011",
		conf: "pxe-service=x86-64_EFI,Boot,efi/bootrig.efi"},
	{name: "another boot server", want: "second-proxy", firmware: "ipxe-bios", content: "bootrig", habit: "house 192.168.9.3 proxy=on file=evil.0",
		conf: "pxe-service=x86PC,Boot,bootrig"},
	{name: "a program for another machine", want: "wrong-program", firmware: "ovmf-x64", content: "bootrig",
		conf: "pxe-service=x86-64_EFI,Boot,bootrig.0"},
}

// TestServeNamesEachFamily boots a real machine for each family of causes, and waits for what serve says of it in its
// log: make families.
func TestServeNamesEachFamily(t *testing.T) {
	if os.Getenv("BOOTRIG_FAMILIES") == "" {
		t.Skip("make families asks for it")
	}
	for _, f := range families {
		t.Run(f.name, func(t *testing.T) {
			const lab = "lan 192.168.9.0/24 house=192.168.9.1 server=192.168.9.2\nserver dnsmasq.conf\ncontent /tftpboot %s\n" +
				"guest pc firmware=%s mac=52:54:00:12:34:56 ip=192.168.9.100\n%s\nexpect pc console 'it has booted' within=5m\n" +
				"-- dnsmasq.conf --\nport=0\ndhcp-range=192.168.9.0,proxy\n%s\nenable-tftp\ntftp-root=/tftpboot\n"
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var said []string
			req := runner.Request{Name: f.name, Dir: runnertest.Dir(), World: runner.QEMU, Server: "ours", Self: runnertest.Bootrig(t), Linger: 6 * time.Minute,
				Source: fmt.Appendf(nil, lab, f.content, f.firmware, f.habit, f.conf),
				Events: event.Func(func(e event.Event) {
					if e.Kind == event.Verdict && e.Source == "server" {
						said = append(said, e.Attr("id")+": "+e.Text)
						if e.Attr("id") == f.want {
							cancel()
						}
					}
				})}
			r, err := runner.Run(ctx, req)
			switch {
			case ctx.Err() != nil:
				t.Logf("serve says %q", said)
			case r.Outcome == runner.NotTested:
				runnertest.Skip(t, runner.QEMU, r.Reason)
			default:
				t.Errorf("serve says %q, want %s: %v", said, f.want, err)
			}
		})
	}
}
