package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"text/tabwriter"
	"time"

	"github.com/insomniacslk/dhcp/iana"

	"github.com/bootrig/bootrig/server/control"
	"github.com/bootrig/bootrig/server/lease"
	"github.com/bootrig/bootrig/server/lease/leasefile"
	"github.com/bootrig/bootrig/server/state"
)

// LeasesCmd is `bootrig leases`.
type LeasesCmd struct {
	List   LeasesListCmd   `cmd:"" default:"withargs" help:"Print every lease, in a line each."`
	Import LeasesImportCmd `cmd:"" help:"Take over the leases of a dnsmasq, before bootrig serves in its place."`
}

// Help is what `bootrig leases --help` adds.
func (LeasesCmd) Help() string {
	return `The leases that have not ended, of the server of this host. A server without address ranges has none.

Examples:

  sudo bootrig leases
  sudo bootrig leases --dnsmasq >dnsmasq.leases
      the dhcp-leasefile of a dnsmasq that takes over.

  sudo bootrig leases import /var/lib/misc/dnsmasq.leases
      the other way. No bootrig serve may run meanwhile.

Exit code: 0 it was done, 1 no server runs, or the file has a mistake, 2 used wrongly.`
}

// LeasesListCmd is `bootrig leases list`.
type LeasesListCmd struct {
	stated
	JSON    bool `name:"json" xor:"form" help:"Print JSON, a lease a line."`
	Dnsmasq bool `name:"dnsmasq" xor:"form" help:"Print what dnsmasq writes into its dhcp-leasefile."`
}

// Run prints.
func (c *LeasesListCmd) Run(ctx context.Context) error {
	lines, err := c.ask(ctx, "leases")
	if err != nil {
		return err
	}
	if c.JSON {
		return printed(os.Stdout, lines)
	}
	all, err := decoded[leased](lines)
	if err != nil {
		return err
	}
	if c.Dnsmasq {
		return leaseFile(all)
	}
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ADDRESS\tMACHINE\tNAME\tENDS")
	for _, l := range all {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", l.Address, l.MAC, dash(l.Name), l.ends())
	}
	return table.Flush()
}

func leaseFile(all []leased) error {
	out := bufio.NewWriter(os.Stdout)
	for _, l := range all {
		whole, err := l.lease()
		if err != nil {
			return fmt.Errorf("the server's answer: %w", err)
		}
		fmt.Fprintln(out, leasefile.Line(whole))
	}
	return out.Flush()
}

// lease is what was told, with its end by the time of day.
func (l leased) lease() (whole lease.Lease, err error) {
	whole = lease.Lease{HWType: iana.HWType(cmp.Or(l.Hardware, uint16(iana.HWTypeEthernet))), Name: l.Name, Expires: l.Expires}
	if whole.Addr, err = netip.ParseAddr(l.Address); err != nil {
		return whole, err
	}
	if whole.MAC, err = leasefile.Octets(l.MAC); err == nil {
		whole.ClientID, err = leasefile.Octets(l.ClientID)
	}
	return whole, err
}

func (l leased) ends() string {
	if l.Expires.IsZero() {
		return "never"
	}
	return fmt.Sprintf("%s (in %s)", l.Expires.Local().Format(time.DateTime), time.Until(l.Expires).Round(time.Minute))
}

// LeasesImportCmd is `bootrig leases import`.
type LeasesImportCmd struct {
	stated
	File string `arg:"" type:"existingfile" help:"The dhcp-leasefile."`
}

// Run takes leases over, all or none.
func (c *LeasesImportCmd) Run(ctx context.Context) error {
	if _, err := control.Ask(ctx, c.at(), []string{"leases"}, func(string) {}); err == nil {
		return fmt.Errorf("a server answers at %s: end it first, and start it again afterwards", c.at())
	}
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	all, err := leasefile.Read(f)
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	var wrong []error
	store, err := state.Open(c.State, func(text string) { wrong = append(wrong, errors.New(text)) })
	if err != nil {
		return err
	}
	defer store.Close()
	changes := taken(all, time.Until(store.Now()))
	if err := errors.Join(append(wrong, store.Apply(changes))...); err != nil {
		return err
	}
	fmt.Printf("%d leases are in %s; %d had ended\n", len(changes), c.State, len(all)-len(changes))
	return nil
}

// taken are the leases that have not ended, by a clock that is ahead of the time of day.
func taken(all []lease.Lease, ahead time.Duration) (changes []lease.Change) {
	now := time.Now()
	for _, l := range all {
		switch {
		case l.Expires.IsZero():
		case !l.Expires.After(now):
			continue
		default:
			l.Expires = l.Expires.Add(ahead)
		}
		changes = append(changes, lease.Change{Lease: l})
	}
	return changes
}

// clientID is option 61 as it is told.
func clientID(l lease.Lease) string { return net.HardwareAddr(l.ClientID).String() }
