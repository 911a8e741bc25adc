package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/bootrig/bootrig/emulator/qemu"
	"github.com/bootrig/bootrig/emulator/rom"
	"github.com/bootrig/bootrig/scenarios/runner"
)

// BootCmd is `bootrig boot`.
type BootCmd struct {
	Words []string `arg:"" name:"guest" help:"Firmware of a guest: ipxe-bios, ipxe-efi, ovmf-x64, aavmf-arm64, each with -http too, ovmf-x64-secure, ovmf-x64-secure-http, uboot-arm64, uboot-arm, uboot-riscv64, uboot-x86, intel-undi, raspberry-pi-3, raspberry-pi-4, raspberry-pi-5; -secure and aavmf are real only, intel-undi and raspberry-pi scripted only. NAME@VERSION is another version than this host's (bootrig firmware lists them). Several start at once. PATHs among them are what was downloaded, served as it is: netboot directories, netboot tarballs, ISO images. Neither that nor -c nor -C: a boot program that tells whom it reached."`
	configured
	offering
	running
	As        string   `enum:"sim,tap,qemu" default:"qemu" help:"qemu is a real machine, tap and sim a scripted one, in real or virtual time."`
	NIC       string   `name:"nic" help:"Network card of a real machine, instead of one its firmware has a driver for."`
	Memory    string   `name:"mem" default:"1G" help:"Memory of the guest."`
	Until     string   `default:"Run /init|bootrig: server |login:" help:"End when the serial console of a real machine shows this."`
	Dirs      []string `name:"dir" hidden:"" help:"A PATH, as scripts say that were written when it was a flag."`
	Interface string   `short:"i" name:"interface" placeholder:"IF" help:"Boot scripted firmware on the network that this interface is on, from whoever answers there, and run nothing."`
	playing
	DiscoverOnly bool `name:"discover-only" help:"With -i: stop after OFFERs. Nothing asks for an address, nothing is downloaded."`
}

// Help is what `bootrig boot -h` adds.
func (*BootCmd) Help() string {
	return `The guest boots on a LAN of its own, beside a plain DHCP server and the server under test. Nothing touches the host's network.

With -i scripted firmware boots on a network that is there: what every DHCP server and proxy answers is told, what the firmware chooses and why, and what the file is that it downloads; it is not run. Frames go past the host's own stack, with a MAC of its own, which is free again in the end, as the address is: it is given back (DHCPRELEASE).

Examples:

  bootrig boot ipxe-bios
      SeaBIOS and the iPXE ROM fetch a small boot program: the whole wire in four seconds.

  bootrig boot ipxe-bios@2.0.0
  bootrig boot file:./82540em.rom
      the same with the iPXE of another version, and with a ROM of your own in the card that it is for.

  bootrig boot ipxe-bios ./netboot --as sim
      how far a scripted machine comes with the netboot directory you have.

  bootrig boot ipxe-bios XenServer.iso --as sim
      the same with an image as it was downloaded.

  bootrig boot ovmf-x64-secure-http netboot.tar.gz --until 'Booting .Install'
      a real UEFI machine under Secure Boot, by HTTP boot, until GRUB starts the installer,
      which says nothing more on the serial console.

  bootrig boot ipxe-bios -C dnsmasq.conf --mem 2G
  bootrig boot ipxe-bios ovmf-x64 -c bootrig.yaml
      what machines would do with the configuration you have.

  sudo bootrig boot intel-undi ovmf-x64 -i eth0
      who answers BIOS and UEFI machines on the network of eth0, and what they would boot.

  sudo bootrig boot ovmf-x64 -i eth0 --mac 52:54:00:12:34:56 --discover-only
      what is offered to one machine, which is off.

A server of this host itself hears nothing of what is sent on its own interface: ask it from another host, or, where it serves a bridge such as br0, from a port of that:

  ip link add rig0 type veth peer name rig1 && ip link set rig0 master br0 up && ip link set rig1 up
  bootrig boot ovmf-x64 -i rig1

An access point of Wi-Fi, and a switch port that is locked to one MAC, let no strangers in.

A menu without a timeout waits for a key; a scenario can press it (bootrig test -h).
^C ends everything. Exit code: 0 it booted, 1 it did not, 2 used wrongly (a firmware, server or configuration that is
none), 3 could not be tried: with -i that is an interface without a link, or no right to send frames (CAP_NET_RAW).`
}

// Run boots the guests and tells their story.
func (c *BootCmd) Run(ctx context.Context) error {
	if c.Interface != "" {
		return c.onLAN(ctx)
	}
	if c.DiscoverOnly || !c.none() {
		return usage(errors.New("boot: --discover-only, --mac and --uuid are for -i, which says on which network"))
	}
	guests, paths, err := c.words()
	if err == nil {
		err = c.alone(paths)
	}
	if err != nil {
		return err
	}
	source, err := c.scenario(guests)
	if err != nil {
		return err
	}
	req := c.request()
	req.Name, req.World, req.Source = "boot", c.As, source
	req.Own = runner.Own{Dnsmasq: c.Conf, YAML: c.YAML, Paths: paths}
	flush := c.tell(&req, "", "")
	r, err := runner.Run(ctx, req)
	flush()
	if err != nil {
		return interrupted(ctx, wrong(err))
	}
	r.Scenario, r.Rerun = strings.Join(guests, " "), strings.Join(os.Args, " ")
	return c.conclude(r)
}

// words tells guests from the PATHs among them.
func (c *BootCmd) words() (guests, paths []string, err error) {
	paths = slices.Clone(c.Dirs)
	for _, word := range c.Words {
		_, file := qemu.FirmwareFile(word)
		_, lookup := rom.Lookup(word)
		_, there := os.Stat(word)
		switch {
		case lookup == nil || qemu.Known(word) == nil || file:
			guests = append(guests, word)
		case strings.Contains(word, string(filepath.Separator)) || there == nil:
			paths = append(paths, word)
		default:
			return nil, nil, usage(fmt.Errorf("boot: %q is no firmware and no PATH: there are %s, and PATHs such as ./netboot or ./x.iso", word, strings.Join(firmware(), ", ")))
		}
	}
	if len(guests) == 0 {
		return nil, nil, usage(fmt.Errorf("boot: which machine boots? One of %s", strings.Join(firmware(), ", ")))
	}
	return guests, paths, nil
}

// firmware names all there is, scripted or real.
func firmware() []string {
	names := qemu.Firmware()
	for _, p := range slices.Concat(rom.Profiles(), rom.Boards()) {
		names = append(names, p.Name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func (c *BootCmd) conclude(r runner.Result) error {
	if err := c.result(r); err != nil {
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
func (c *BootCmd) scenario(guests []string) ([]byte, error) {
	lines, lan, server, err := c.ground(c.offering, 0)
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	b.WriteString(lines)
	ip := lan.Addr().Next().Next()
	for i, firmware := range guests {
		name := "pc"
		if i > 0 {
			name += strconv.Itoa(i + 1)
		}
		if ip = ip.Next(); ip == server {
			ip = ip.Next()
		}
		fmt.Fprintf(&b, "guest %s firmware=%s nic=%s mem=%s mac=52:54:00:12:34:%02x ip=%s\n", name, quoted(firmware), quoted(c.NIC), quoted(c.Memory), 0x56+i, ip)
		fmt.Fprintf(&b, "[!qemu] expect %s handoff\n[qemu] expect %s console %s\n", name, name, quoted(c.Until))
	}
	return []byte(b.String()), nil
}

// quoted is a word of a scenario, whatever it holds.
func quoted(word string) string { return "'" + strings.ReplaceAll(word, "'", "''") + "'" }
