package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/bootrig/bootrig/emulator/qemu"
	"github.com/bootrig/bootrig/scenarios/runner"
	"github.com/bootrig/bootrig/scenarios/runner/script"
)

// FirmwareCmd is `bootrig firmware`.
type FirmwareCmd struct {
	JSON bool `name:"json" help:"Print JSON, a firmware a line."`
}

// Help is what `bootrig firmware -h` adds.
func (FirmwareCmd) Help() string {
	return `Real machines have the firmware that this host has installed, and each other version that ` + "`make firmware`" + ` fetched:
Debian's packages, unpacked below the cache and not installed. A version that is in no Debian any more is not fetched.

  NAME            the version this host has installed
  NAME@VERSION    that one
  file:ROM        a file of yours: the ROM of a network card (in the card it is for, unless --nic or nic= says another), a BIOS,
                  or a UEFI for x64 with its variables

ipxe-bios and ipxe-efi are the iPXE of the cards' ROMs, of which a version goes with the SeaBIOS or OVMF that this host
has; seabios is the other half of ipxe-bios. A U-Boot hears no proxy, and one of riscv64 wants qemu-system-misc.

Examples:

  bootrig boot ipxe-bios@2.0.0
  bootrig test lab --firmware ovmf-x64@2026.08

In a scenario it is firmware=ipxe-bios@2.0.0.`
}

// A listed is a firmware as it is listed.
type listed struct {
	Firmware  string   `json:"firmware"`
	Installed bool     `json:"installed"`
	Here      []string `json:"here"`
	Missing   []string `json:"missing"`
}

// Run lists.
func (c *FirmwareCmd) Run() error {
	sets, err := runner.FirmwareDir()
	if err != nil {
		return err
	}
	out := json.NewEncoder(os.Stdout)
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "firmware\tinstalled\tversions here\tnot here")
	for _, name := range qemu.Firmware() {
		k := knownAs(name, sets)
		if c.JSON {
			if err := out.Encode(k); err != nil {
				return err
			}
			continue
		}
		installed := "no"
		if k.Installed {
			installed = "yes"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", name, installed, strings.Join(k.Here, " "), strings.Join(k.Missing, " "))
	}
	if c.JSON {
		return nil
	}
	return table.Flush()
}

// knownAs says which versions of a firmware are here.
func knownAs(name, sets string) listed {
	k := listed{Firmware: name, Installed: qemu.Installed(name, sets) == nil, Here: []string{}, Missing: []string{}}
	for _, version := range qemu.Versions(name, sets) {
		if qemu.Installed(name+"@"+version, sets) == nil {
			k.Here = append(k.Here, version)
		} else {
			k.Missing = append(k.Missing, version)
		}
	}
	return k
}

// versions are a run for each scenario and version asked for of the firmware of one of its guests, and of all
// versions those that are not here.
func (c *TestCmd) versions(files []*script.File) (requests []runner.Request, missing []runner.Result, err error) {
	sets, err := runner.FirmwareDir()
	if err != nil {
		return nil, nil, err
	}
	for _, firmware := range c.Firmware {
		if err := qemu.Known(firmware); firmware != "all" && err != nil {
			return nil, nil, usage(fmt.Errorf("--firmware: %w", err))
		}
	}
	base := c.base()
	base.World, base.Own = runner.QEMU, runner.Own{Dnsmasq: c.Conf, YAML: c.YAML}
	for _, f := range files {
		for _, firmware := range c.wanted(f, sets) {
			req := of(f, base)
			req.Firmware, req.NIC, req.Machine, req.Update = firmware, c.NIC, c.Machine, c.Update
			err := qemu.Installed(firmware, sets)
			if err != nil && slices.Contains(c.Firmware, "all") {
				missing = append(missing, runner.Result{
					Scenario: f.Name + " with " + firmware, World: runner.QEMU, Server: c.Server, Outcome: runner.NotTested, Skipped: true, Reason: err.Error(),
				})
				continue
			}
			requests = append(requests, req)
		}
	}
	if len(requests)+len(missing) == 0 {
		err = usage(errors.New("--firmware: no scenario has a guest of firmware " + strings.Join(c.Firmware, ", ")))
	}
	return requests, missing, err
}

// every version of every firmware.
func every(sets string) (list []string) {
	for _, name := range qemu.Firmware() {
		for _, version := range qemu.Versions(name, sets) {
			list = append(list, name+"@"+version)
		}
	}
	return list
}

// wanted are the versions for a scenario's guests.
func (c *TestCmd) wanted(f *script.File, sets string) (list []string) {
	plan := f.Plan(script.Env{World: runner.QEMU, Server: c.kind()})
	if plan.Skip != "" {
		return nil
	}
	asked := c.Firmware
	if slices.Contains(asked, "all") {
		asked = every(sets)
	}
	for _, g := range plan.Guests {
		for _, firmware := range asked {
			if qemu.StandsIn(firmware, g.Firmware) {
				list = append(list, firmware)
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}
