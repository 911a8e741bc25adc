package runner

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/emulator/rom"
	"github.com/bootrig/bootrig/internal/peer"
	"github.com/bootrig/bootrig/scenarios/runner/script"
	"github.com/bootrig/bootrig/wire/event"
)

func TestDnsmasqsLogIsReadAsFacts(t *testing.T) {
	for line, want := range map[string]event.Event{
		"dnsmasq-dhcp: 1486617153 PXE(eth0) 52:54:00:12:34:56 proxy":              {Kind: event.Offer, Client: "52:54:00:12:34:56", Path: "proxy"},
		"dnsmasq-dhcp: 0 PXE(eth0) 192.168.9.100 52:54:00:12:34:56 pxelinux.0":    {Kind: event.Offer, Client: "52:54:00:12:34:56", Path: "pxelinux.0"},
		"dnsmasq-tftp: sent /tftpboot/pxelinux.0 to 192.168.9.100":                {Kind: event.Got, Client: "192.168.9.100", Path: "/tftpboot/pxelinux.0"},
		"dnsmasq-tftp: file /tftpboot/a b not found for 192.168.9.100":            {Kind: event.Miss, Client: "192.168.9.100", Path: "/tftpboot/a b"},
		"dnsmasq-tftp: error 0 TFTP Aborted received from 192.168.9.100":          {Kind: event.Abort, Client: "192.168.9.100", Path: "0 TFTP Aborted"},
		"dnsmasq-tftp: cannot access /tftpboot/x: Permission denied":              {Kind: event.Fault, Text: "cannot access /tftpboot/x: Permission denied"},
		"dnsmasq: started, version 2.90 DNS disabled":                             {},
		"dnsmasq-dhcp: 1486617153 vendor class: PXEClient:Arch:00000:UNDI:002001": {},
	} {
		got, ok := dnsmasqFact(line)
		if want.Kind != "" {
			want.Source = "server"
		}
		if got != want || ok != (want.Kind != "") {
			t.Errorf("%s\ngives %+v, want %+v", line, got, want)
		}
	}
}

func TestServerCommands(t *testing.T) {
	with := &script.Plan{Server: script.Server{Config: "d.conf"}}
	media := &script.Plan{Server: script.Server{Paths: []string{"/over", "/media/x.iso"}}}
	newer := peer.Program{Version: "2.93", Argv: []string{"/cache/peers/usr/sbin/dnsmasq"}, Tree: "/cache/peers"}
	answered := &script.Plan{Server: script.Server{Paths: []string{"/media/x.iso"}, Seed: "/answers"}}
	for name, c := range map[string]struct {
		req  Request
		plan *script.Plan
		want string
	}{
		"ours with a configuration":       {Request{}, with, "/bootrig serve --json --state=/tmp/state.db -C /lab/d.conf"},
		"ours with the embedded program":  {Request{}, &script.Plan{}, "/bootrig serve --json --state=/tmp/state.db"},
		"ours, another binary":            {Request{Self: "/x/bootrig"}, with, "/lab-bin serve --json --state=/tmp/state.db -C /lab/d.conf"},
		"ours with the host's directory":  {Request{Own: Own{Paths: []string{"/srv/tftp"}}}, &script.Plan{}, "/bootrig serve --json --state=/tmp/state.db /srv/tftp"},
		"ours with the host's dnsmasq":    {Request{Own: Own{Dnsmasq: "/etc/d.conf"}}, &script.Plan{}, "/bootrig serve --json --state=/tmp/state.db -C /etc/d.conf"},
		"dnsmasq":                         {Request{Server: "dnsmasq@2.93"}, with, "/opt/dnsmasq/usr/sbin/dnsmasq -d -C /lab/d.conf --dhcp-leasefile=/tmp/leases --pid-file=/tmp/pid"},
		"dnsmasq has no embedded program": {Request{Server: "dnsmasq"}, &script.Plan{}, "could not test: this scenario is about our server's embedded boot program"},
		"dnsmasq does not guess":          {Request{Server: "dnsmasq", Own: Own{Paths: []string{"/srv"}}}, &script.Plan{}, "could not test: only our server serves content without a configuration"},
		"ours with what was downloaded":   {Request{}, media, "/bootrig serve --json --state=/tmp/state.db /over /media/x.iso"},
		"ours with answers":               {Request{}, answered, "/bootrig serve --json --state=/tmp/state.db /media/x.iso --seed=/answers"},
		"dnsmasq reads no images":         {Request{Server: "dnsmasq"}, media, "could not test: only our server serves content without a configuration"},
		"anything else":                   {Request{Server: "cmd:atftpd --conf {config}"}, with, "atftpd --conf /lab/d.conf"},
	} {
		t.Run(name, func(t *testing.T) {
			argv, err := (&realRun{lab: &lab{plan: &plan{Plan: c.plan, req: c.req}}, peer: newer}).serverCommand()
			got := strings.Join(argv, " ")
			if err != nil {
				got = err.Error()
			}
			if got != c.want {
				t.Errorf("command %q, want %q", got, c.want)
			}
		})
	}
}

func TestLinesAreGivenWhole(t *testing.T) {
	var got []string
	w := &lineWriter{line: func(b []byte) { got = append(got, string(b)) }}
	for _, part := range []string{"a", "b\nc", "\n\nd"} {
		if n, err := w.Write([]byte(part)); n != len(part) || err != nil {
			t.Fatal(n, err)
		}
	}
	if diff := cmp.Diff([]string{"ab", "c", ""}, got); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
}

func TestMistakesOfARequest(t *testing.T) {
	good := Request{Name: "x", Source: []byte("lan 10.0.0.0/8 house=10.0.0.1 server=10.0.0.2\nserver\n"), World: Sim}
	for name, c := range map[string]struct {
		change func(*Request)
		want   string
	}{
		"no such world":            {func(r *Request) { r.World = "moon" }, `there is no world "moon"`},
		"no such server":           {func(r *Request) { r.Server = "isc" }, `there is no server "isc"`},
		"an empty command":         {func(r *Request) { r.Server = "cmd: " }, `there is no server "cmd: "`},
		"golden of any server":     {func(r *Request) { r.Update, r.Server = true, "cmd:x" }, "golden traces are kept for ours and dnsmasq only"},
		"a card of a script":       {func(r *Request) { r.NIC = "e1000" }, `card "e1000", machine "": scripted guests have neither`},
		"no such board":            {func(r *Request) { r.World, r.Machine = QEMU, "q36" }, `machine "q36": there are pc and q35`},
		"a version of our server":  {func(r *Request) { r.Server = "ours@2.93" }, `there is no server "ours@2.93"`},
		"a profile of nothing":     {func(r *Request) { r.Profiles = []rom.Profile{{}} }, "firmware profile"},
		"two things to serve":      {func(r *Request) { r.Own = Own{Dnsmasq: "a", Paths: []string{"b"}} }, "a dnsmasq.conf, a bootrig.yaml and paths exclude each other"},
		"a scenario with mistakes": {func(r *Request) { r.Source = []byte("frob\n") }, "x:1: unknown verb"},
		"an unknown content set":   {func(r *Request) { r.Source = append(r.Source, "content /a nosuch\n"...) }, `x: unknown content set "nosuch"`},
		"an unknown firmware": {func(r *Request) {
			r.Source = append(r.Source, "guest pc firmware=nosuch mac=52:54:00:12:34:56 ip=10.0.0.9\n"...)
		}, "x: guest pc:"},
	} {
		t.Run(name, func(t *testing.T) {
			req := good
			c.change(&req)
			_, err := Run(context.Background(), req)
			var wrong *Mistake
			if !errors.As(err, &wrong) || !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("got %v, want the mistake %s", err, c.want)
			}
		})
	}
	if r, err := Run(context.Background(), Request{Name: "x", Source: good.Source, World: Sim, Server: "dnsmasq"}); err != nil || r.Outcome != NotTested {
		t.Errorf("dnsmasq in sim: %+v, %v", r, err)
	}
}

func TestTheRerunLineSaysItAll(t *testing.T) {
	got := Request{Name: "a.txtar", World: Tap, Server: "cmd:x y", Seed: 7}.Rerun()
	if want := `bootrig test --as tap --server "cmd:x y" --seed 7 a.txtar`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	got = Request{Name: "a.txtar", World: QEMU, Server: "dnsmasq@2.93", Firmware: "ipxe-bios@2.0.0", NIC: "e1000e", Machine: "q35"}.Rerun()
	if want := `bootrig test --as qemu --server dnsmasq@2.93 --firmware ipxe-bios@2.0.0 --nic e1000e --machine q35 a.txtar`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
