package config

import (
	"fmt"
	"strings"
)

// Something is nil if there is anything to serve.
func (c *Config) Something() error {
	if c.AnswersDHCP() || c.TFTP.Enabled || c.HTTP.Port != 0 || len(c.Media.Paths) > 0 {
		return nil
	}
	lacks := "neither dhcp-range nor dhcp-relay nor enable-tftp"
	if c.YAML {
		lacks = "neither networks nor leases, relays, tftp, http or media"
	}
	return fmt.Errorf("%s: there is nothing to serve: %s", strings.Join(c.Files, ", "), lacks)
}

// AnswersDHCP tells whether DHCP is to be answered at all.
func (c *Config) AnswersDHCP() bool {
	return c.Everywhere != "" || len(c.DHCP.Networks)+len(c.Leases.Networks())+len(c.Relays) > 0
}
