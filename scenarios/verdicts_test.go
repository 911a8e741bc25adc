package scenarios_test

import (
	"net"
	"strings"
	"testing"
	"time"

	"github.com/bootrig/bootrig/internal/verdict"
	"github.com/bootrig/bootrig/scenarios/runner"
	"github.com/bootrig/bootrig/scenarios/runner/runnertest"
	"github.com/bootrig/bootrig/scenarios/runner/script"
	"github.com/bootrig/bootrig/server/machines"
	"github.com/bootrig/bootrig/wire/event"
)

// What becomes of guests that are not to boot, by scenario and guest: their wire's verdict, and what their server says
// if that is another, since somebody on the wire changes what it sent.
var unbooted = map[string]struct{ wire, server string }{
	"lpxelinux.txtar pc":                {server: "file-missing"}, // it misses a kernel, and leaves for its disk
	"ignored.txtar shy":                 {wire: "ignored"},
	"media/starts.txtar other":          {wire: "at-menu"},
	"menu.txtar idle":                   {wire: "file-missing"},
	"uefi-menu.txtar idle":              {wire: "file-missing"},
	"leases.txtar late":                 {wire: "no-offer"}, // no address is left
	"refused.txtar pc":                  {wire: "nak"},
	"names.txtar out":                   {wire: "file-refused"}, // it asks above the root
	"names.txtar choice":                {wire: "at-menu"},
	"power.txtar dark":                  {wire: "stalled"}, // it was switched off
	"uboot.txtar pc":                    {wire: "wrong-program"},
	"uboot-pxe.txtar pc":                {wire: "wrong-program"}, // behind a kernel that is none
	"broken/dead-4011.txtar pc":         {wire: "dead-4011"},
	"broken/dead-tftp.txtar pc":         {wire: "dead-tftp"},
	"broken/house-class.txtar pc":       {wire: "house-4011", server: "dead-4011"},
	"broken/raspberry-pi-menu.txtar pi": {wire: "offer-ignored", server: "dead-4011"},
	"broken/uefi-whole-offer.txtar pc":  {wire: "offer-not-taken", server: "no-lease"},
	"broken/second-proxy.txtar pc":      {wire: "second-proxy", server: "dead-4011"},
	"broken/silent-house.txtar pc":      {wire: "no-lease"},
	"broken/disk-error.txtar pc":        {wire: "file-refused", server: "stalled"},
	"broken/oack-unasked.txtar pc":      {wire: "oack-unasked", server: "client-stopped"},
	"broken/uefi-oack-unasked.txtar pc": {wire: "oack-unasked", server: "client-stopped"},
	"broken/offer-never.txtar pc":       {wire: "no-offer", server: "dead-4011"},
	"broken/killed.txtar pc":            {wire: "server-restarted", server: "stalled"},
	"broken/restarted.txtar pc":         {wire: "server-restarted", server: "stalled"},
	"broken/truncated.txtar pc":         {wire: "file-refused"},
	"broken/late-link.txtar pc":         {wire: "offer-ignored", server: "dead-4011"},
	"broken/no-wrap.txtar pc":           {wire: "stalled"},
	"broken/no-link.txtar pc":           {wire: "unheard", server: nothing},
	"broken/parted.txtar pc":            {wire: "stalled"},
	"broken/small-mtu.txtar pc":         {wire: "blocks-lost"},
	"broken/no-initrd.txtar pc":         {wire: "file-missing"},
	"broken/no-ldlinux.txtar pc":        {wire: "no-ldlinux"},
	"broken/no-router.txtar pc":         {wire: "no-route"},
	"broken/old-mboot.txtar pc":         {wire: "wrong-module"},
	"broken/other-case.txtar pc":        {wire: "file-missing"},
	"broken/page-for-kernel.txtar pc":   {wire: "not-a-kernel"},
	"broken/short-kernel.txtar pc":      {wire: "kernel-truncated"},
	"broken/uefi-bios-program.txtar pc": {wire: "wrong-program"},
	"broken/uefi-dead-4011.txtar pc":    {wire: "dead-4011"},
	"broken/uefi-dead-tftp.txtar pc":    {wire: "dead-tftp"},
	"broken/uefi-no-file.txtar pc":      {wire: "file-missing"},
	"broken/uefi-no-tftp.txtar pc":      {wire: "dead-tftp"},
	"broken/uefi-nobody.txtar pc":       {wire: "ignored"},
	"broken/uefi-wrong-siaddr.txtar pc": {wire: "siaddr-elsewhere", server: "dead-4011"},
	"broken/wrong-siaddr.txtar pc":      {wire: "siaddr-elsewhere", server: "dead-tftp"},
	"broken/zero-siaddr.txtar pc":       {wire: "siaddr-zero", server: "dead-tftp"},
}

// nothing is what a server says of whom it never heard.
const nothing = "told nothing"

// TestEveryMachinesLineIsTheScenariosVerdict runs every scenario, and asks both what became of each guest: who saw its
// wire, and the server that it booted from.
func TestEveryMachinesLineIsTheScenariosVerdict(t *testing.T) {
	for _, name := range runnertest.Files(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			req := runnertest.Request(t, name, runner.Sim, "ours")
			r, book := judged(t, req)
			switch {
			case r.Skipped:
				return
			case r.Outcome == runner.NotTested:
				runnertest.Skip(t, req.World, r.Reason)
			}
			for guest, story := range r.Stories {
				want := unbooted[name+" "+guest]
				if want.wire == "" {
					want.wire = verdict.Booted
				}
				if want.server == "" {
					want.server = want.wire
				}
				if story.ID != want.wire {
					t.Errorf("the wire of %s: %s: %s, want %s", guest, story.ID, story.Text, want.wire)
				}
				if got := book[guest].Boot; want.server != nothing && got.Verdict != want.server || !strings.Contains(got.Line(), want.server) {
					t.Errorf("the server's line of %s: %s, want %s", guest, got.Line(), want.server)
				}
			}
		})
	}
}

// judged runs a scenario, and gives what its server remembers of each guest an hour later.
func judged(t *testing.T, req runner.Request) (runner.Result, map[string]machines.Machine) {
	t.Helper()
	file, err := script.Parse(req.Name, req.Source)
	if err != nil {
		t.Fatal(err)
	}
	macs, names := map[string]net.HardwareAddr{}, map[string]string{}
	for _, g := range file.Plan(script.Env{World: req.World, Server: req.Server}).Guests {
		macs[g.Name], names[g.MAC.String()] = g.MAC, g.Name
	}
	var book machines.Book
	var last time.Time
	req.Linger = 3 * time.Minute
	req.Events = event.Func(func(e event.Event) {
		last = e.Time
		if mac := macs[e.Client]; mac != nil && e.Source == "server" {
			e.Client = mac.String()
			book.Record(e)
		}
	})
	r := runnertest.Run(t, req)
	book.Expire(last.Add(time.Hour))
	all := map[string]machines.Machine{}
	for _, m := range book.Machines() {
		all[names[m.MAC]] = m
	}
	return r, all
}

// TestNoAlarmOnABadWire boots each healthy chain on a wire that loses one frame of a hundred, from many seeds: whoever
// boots is said to have booted.
func TestNoAlarmOnABadWire(t *testing.T) {
	seeds := uint64(20)
	if runnertest.Race || testing.Short() {
		seeds = 2
	}
	for _, name := range []string{"ubuntu-small.txtar", "xenserver-small.txtar", "pxelinux4.txtar", "intel.txtar", "uefi.txtar", "uefi-direct.txtar",
		"uefi-ipxe.txtar", "uefi-ipxe-direct.txtar", "isolated.txtar", "relayed-lease.txtar", "small.txtar", "embedded.txtar"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			req := runnertest.Request(t, name, runner.Sim, "ours")
			req.Source = lossy(req.Source)
			booted := 0
			for seed := range seeds {
				req.Seed = seed + 1
				r, book := judged(t, req)
				if r.Outcome == runner.NotTested {
					runnertest.Skip(t, req.World, r.Reason)
				}
				for guest, story := range r.Stories {
					server := book[guest].Boot
					switch {
					case story.Booted() && server.Verdict == verdict.Booted:
						booted++
					case r.Failure != nil && !story.Booted(): // its firmware had no more patience
					default:
						t.Errorf("%s: %s: the wire says %s: %s; the server: %s", r.Rerun, guest, story.ID, story.Text, server.Line())
					}
				}
			}
			if booted == 0 {
				t.Error("nobody booted")
			}
		})
	}
}

// lossy is a scenario on a wire that loses frames.
func lossy(source []byte) []byte {
	script, files, found := strings.Cut(string(source), "\n-- ")
	if found {
		files = "\n-- " + files
	}
	return []byte(script + "\nfault wire loss=1%\n" + files)
}
