package main

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/config/dnsmasq"
	"github.com/bootrig/bootrig/server/config/yaml"
	"github.com/bootrig/bootrig/server/proxydhcp"
)

// source says what to serve: the flags that serve and check share.
type source struct {
	YAML      string   `short:"c" name:"config" placeholder:"FILE" help:"Serve what this bootrig.yaml says."`
	Conf      string   `short:"C" name:"dnsmasq-conf" placeholder:"FILE" help:"Serve what this dnsmasq.conf says."`
	Paths     []string `arg:"" optional:"" name:"path" help:"A netboot directory, served as it is. Neither this nor -c nor -C: a boot program that tells which server, address and MAC it reached."`
	HTTP      string   `name:"http" placeholder:"[ADDR:]PORT[=DIR]" help:"Serve files over HTTP too: those of DIR, else those that TFTP serves."`
	Interface []string `short:"i" name:"interface" placeholder:"IF" help:"Serve this interface only; repeatable. Default: those the configuration names, else all with an IPv4 address."`
}

// settings reads what the flags name. The zero Config is the embedded boot program.
func (s *source) settings(links []proxydhcp.Link) (cfg config.Config, err error) {
	switch {
	case s.YAML != "" && s.Conf != "":
		return cfg, usage(errors.New("-c and -C exclude each other: -c is a bootrig.yaml, -C a dnsmasq.conf, and bootrig convert makes the one of the other"))
	case s.YAML != "" && len(s.Paths) > 0:
		return cfg, usage(errors.New("-c and PATH exclude each other: the bootrig.yaml says what to serve with tftp: {root: DIRECTORY}"))
	case s.Conf != "" && len(s.Paths) > 0:
		return cfg, usage(errors.New("-C and PATH exclude each other: the dnsmasq.conf says what to serve with tftp-root"))
	case len(s.Paths) > 1:
		return cfg, usage(errors.New("several PATHs are not served yet: give one directory"))
	case s.YAML != "":
		read, err := yaml.Load(s.YAML)
		if err != nil {
			return cfg, err
		}
		cfg = *read
	case s.Conf != "":
		read, err := dnsmasq.Load(s.Conf)
		if err != nil {
			return cfg, err
		}
		cfg = *read
	case len(s.Paths) == 1:
		if cfg, err = config.Directory(s.Paths[0], links); err != nil {
			return cfg, err
		}
	}
	if s.HTTP != "" {
		cfg.HTTP, err = parseHTTP(s.HTTP)
	}
	return cfg, err
}

// parseHTTP reads [ADDR:]PORT[=DIR].
func parseHTTP(value string) (config.HTTP, error) {
	where, dir, _ := strings.Cut(value, "=")
	h := config.HTTP{Dir: dir, Rule: "--http"}
	host, port := "", where
	if i := strings.LastIndexByte(where, ':'); i >= 0 {
		host, port = where[:i], where[i+1:]
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil || n == 0 {
		return h, usage(fmt.Errorf("--http=%s: %q is no port; the form is [ADDR:]PORT[=DIR]", value, port))
	}
	h.Port = uint16(n)
	if host != "" {
		if h.Addr, err = netip.ParseAddr(strings.Trim(host, "[]")); err != nil {
			return h, usage(fmt.Errorf("--http=%s: %q is no IP address; the form is [ADDR:]PORT[=DIR]", value, host))
		}
	}
	return h, nil
}
