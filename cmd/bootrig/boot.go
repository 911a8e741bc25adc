package main

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/term"

	"github.com/bootrig/bootrig/scenarios/runner"
	telling "github.com/bootrig/bootrig/scenarios/runner/report"
	"github.com/bootrig/bootrig/server/config/dnsmasq"
)

// BootCmd is `bootrig boot`.
type BootCmd struct {
	Guests    []string `arg:"" name:"guest" help:"Firmware of a guest: ipxe-bios, ipxe-efi, ovmf-x64, ovmf-x64-http (real only), intel-undi (scripted only). Several start at once."`
	As        string   `enum:"sim,tap,qemu" default:"qemu" help:"qemu is a real machine, tap and sim a scripted one, in real or virtual time."`
	Conf      string   `short:"C" name:"dnsmasq-conf" type:"existingfile" placeholder:"FILE" help:"Serve what this dnsmasq.conf says. Default: a boot program that tells whom it reached."`
	Dir       string   `name:"dir" type:"existingdir" placeholder:"DIR" help:"Serve this netboot directory as it is."`
	Server    string   `default:"ours" help:"Server: ours, dnsmasq, or cmd:COMMAND."`
	NIC       string   `name:"nic" help:"Network card of a real machine, instead of one its firmware has a driver for."`
	Memory    string   `name:"mem" default:"1G" help:"Memory of the guest."`
	Until     string   `default:"Run /init|bootrig: server |login:" help:"End when the serial console of a real machine shows this."`
	Interface string   `short:"i" name:"interface" placeholder:"IF" help:"Boot on the LAN this interface is on (not yet there)."`
	Verbose   bool     `short:"v" help:"Tell misses, retries and the server's own view too."`
}

// Help is what `bootrig boot -h` adds.
func (BootCmd) Help() string {
	return `The guest boots on a LAN of its own, beside a plain DHCP server and the server under test. Nothing touches the host's network.

Examples:

  bootrig boot ipxe-bios
      SeaBIOS and the iPXE ROM fetch a small boot program: the whole wire in four seconds.

  bootrig boot ipxe-bios -C dnsmasq.conf --mem 2G
      what a machine would do with the configuration you have.

A menu without a timeout waits for a key; a scenario can press it (bootrig test -h).
^C ends everything. Exit code: 0 it booted, 1 it did not, 2 used wrongly, 3 could not be tried.`
}

// Run boots the guests and tells their story.
func (c *BootCmd) Run(ctx context.Context) error {
	if c.Interface != "" {
		return usage(errors.New("boot: --interface is not there yet: guests boot on an isolated LAN only"))
	}
	if c.Conf != "" && c.Dir != "" {
		return usage(errors.New("boot: -C and --dir exclude each other: the dnsmasq.conf says what to serve with tftp-root"))
	}
	req := runner.Request{
		Name: "boot", World: c.As, Server: c.Server, Out: filepath.Join(os.TempDir(), "bootrig-failed"),
		Events: &telling.Story{W: os.Stdout, Verbose: c.Verbose, Terminal: term.IsTerminal(int(os.Stdout.Fd()))},
	}
	for path, abs := range map[string]*string{c.Conf: &req.Host.Conf, c.Dir: &req.Host.Dir} {
		if path == "" {
			continue
		}
		var err error
		if *abs, err = filepath.Abs(path); err != nil {
			return err
		}
	}
	source, err := c.scenario()
	if err != nil {
		return err
	}
	req.Source = source
	r, err := runner.Run(ctx, req)
	if err != nil {
		return interrupted(ctx, err)
	}
	r.Scenario, r.Rerun = strings.Join(c.Guests, " "), strings.Join(os.Args, " ")
	return c.conclude(r)
}

func (c *BootCmd) conclude(r runner.Result) error {
	if err := telling.Result(os.Stdout, r); err != nil {
		return err
	}
	switch r.Outcome {
	case runner.Failed:
		return exitFailed
	case runner.NotTested:
		return exitNotTested
	}
	return nil
}

// scenario writes what is asked for as a scenario.
func (c *BootCmd) scenario() ([]byte, error) {
	lan, err := c.lan()
	if err != nil {
		return nil, err
	}
	first := lan.Masked().Addr().Next()
	var b strings.Builder
	fmt.Fprintf(&b, "lan %s house=%s server=%s\nserver\n", lan.Masked(), first, first.Next())
	ip := first.Next()
	for i, firmware := range c.Guests {
		name := "pc"
		if i > 0 {
			name += strconv.Itoa(i + 1)
		}
		ip = ip.Next()
		fmt.Fprintf(&b, "guest %s firmware=%s nic=%s mem=%s mac=52:54:00:12:34:%02x ip=%s\n", name, quoted(firmware), quoted(c.NIC), quoted(c.Memory), 0x56+i, ip)
		fmt.Fprintf(&b, "[!qemu] expect %s handoff\n[qemu] expect %s console %s\n", name, name, quoted(c.Until))
	}
	return []byte(b.String()), nil
}

// lan is the network of the configuration's first range, since it would be silent on any other.
func (c *BootCmd) lan() (netip.Prefix, error) {
	lan := netip.MustParsePrefix("192.168.9.0/24")
	if c.Conf == "" {
		return lan, nil
	}
	settings, err := dnsmasq.Load(c.Conf)
	if err != nil || len(settings.DHCP.Ranges) == 0 {
		return lan, err
	}
	r := settings.DHCP.Ranges[0]
	if r.Bits == 0 {
		r.Bits = lan.Bits()
	}
	return netip.PrefixFrom(r.Addr, r.Bits), nil
}

// quoted is a word of a scenario, whatever it holds.
func quoted(word string) string { return "'" + strings.ReplaceAll(word, "'", "''") + "'" }
