package main

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"os"
	"text/tabwriter"
	"time"
)

// LeasesCmd is `bootrig leases`.
type LeasesCmd struct {
	stated
	JSON    bool `name:"json" xor:"form" help:"Print JSON, a lease a line."`
	Dnsmasq bool `name:"dnsmasq" xor:"form" help:"Print what dnsmasq writes into its dhcp-leasefile."`
}

// Help is what `bootrig leases --help` adds.
func (LeasesCmd) Help() string {
	return `The leases that have not ended, of the server of this host. A server without address ranges has none.

Examples:

  sudo bootrig leases
  sudo bootrig leases --dnsmasq >/var/lib/misc/dnsmasq.leases    # before dnsmasq takes over

Exit code: 0 they were printed, 1 no server runs, 2 used wrongly.`
}

// Run prints.
func (c *LeasesCmd) Run(ctx context.Context) error {
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
		out := bufio.NewWriter(os.Stdout)
		for _, l := range all {
			fmt.Fprintln(out, l.dnsmasq())
		}
		return out.Flush()
	}
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ADDRESS\tMACHINE\tNAME\tENDS")
	for _, l := range all {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", l.Address, l.MAC, dash(l.Name), l.ends())
	}
	return table.Flush()
}

// dnsmasq is the line of a lease in its file (lease.c, lease_update_file): when it ends, 0 for never, MAC, address, name
// and option 61, with * for what is not known.
func (l leased) dnsmasq() string {
	ends := int64(0)
	if !l.Expires.IsZero() {
		ends = l.Expires.Unix()
	}
	return fmt.Sprintf("%d %s %s %s %s", ends, l.MAC, l.Address, cmp.Or(l.Name, "*"), cmp.Or(l.ClientID, "*"))
}

func (l leased) ends() string {
	if l.Expires.IsZero() {
		return "never"
	}
	return fmt.Sprintf("%s (in %s)", l.Expires.Local().Format(time.DateTime), time.Until(l.Expires).Round(time.Minute))
}
