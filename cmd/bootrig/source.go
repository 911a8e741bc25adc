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
	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/proxydhcp"
)

// configured says which configuration is meant: the flags that serve, check, boot and test share.
type configured struct {
	YAML string `short:"c" name:"config" placeholder:"FILE" help:"Serve what this bootrig.yaml says."`
	Conf string `short:"C" name:"dnsmasq-conf" placeholder:"FILE" help:"Serve what this dnsmasq.conf says."`
}

// alone says that what to serve is said once; dir is a PATH beside the flags.
func (c configured) alone(dir string) error {
	switch {
	case c.YAML != "" && c.Conf != "":
		return usage(errors.New("-c and -C exclude each other: -c is a bootrig.yaml, -C a dnsmasq.conf, and bootrig convert makes the one of the other"))
	case c.YAML != "" && dir != "":
		return usage(errors.New("-c and PATH exclude each other: the bootrig.yaml says what to serve with tftp: {root: DIRECTORY}"))
	case c.Conf != "" && dir != "":
		return usage(errors.New("-C and PATH exclude each other: the dnsmasq.conf says what to serve with tftp-root"))
	}
	return nil
}

// onePath is the PATH to serve, if there is one.
func onePath(paths []string) (string, error) {
	switch len(paths) {
	case 0:
		return "", nil
	case 1:
		return paths[0], nil
	}
	return "", usage(errors.New("several PATHs are not served yet: give one directory"))
}

// offering and serving are flags of what serves, whatever the configuration says of it.
type offering struct {
	Offer string `name:"offer" enum:",direct,redirect" default:"" placeholder:"FORM" help:"What OFFERs say: direct, all of it; redirect, only to ask on port 4011, which some UEFI firmware wants. It wins over the offers of a bootrig.yaml. Default: what dnsmasq would."`
	HTTP  string `name:"http" placeholder:"[ADDR:]PORT[=DIR]" help:"Serve files over HTTP too: those of DIR, else those that TFTP serves."`
}

// source says what to serve: the flags that serve and check share.
type source struct {
	configured
	Paths []string `arg:"" optional:"" name:"path" help:"A netboot directory, served as it is. Neither this nor -c nor -C: a boot program that tells which server, address and MAC it reached."`
	offering
	Interface []string `short:"i" name:"interface" placeholder:"IF" help:"Serve this interface only; repeatable. Default: those the configuration names, else all with an IPv4 address."`
}

// settings reads what the flags name. The zero Config is the embedded boot program.
func (s *source) settings(from dnsmasq.Source, links []dhcp.Link) (cfg config.Config, err error) {
	dir, err := onePath(s.Paths)
	if err == nil {
		err = s.alone(dir)
	}
	if err != nil {
		return cfg, err
	}
	if cfg, err = read(from, s.configured, dir, links); err != nil {
		return cfg, err
	}
	if s.Offer != "" {
		cfg.DHCP.Offers = []proxydhcp.Offer{{Form: proxydhcp.Form(s.Offer), Rule: "--offer=" + s.Offer}}
	}
	if s.HTTP != "" {
		cfg.HTTP, err = parseHTTP(s.HTTP)
	}
	return cfg, err
}

// read reads a configuration; from is where a dnsmasq.conf is read, and whether it starts programs.
func read(from dnsmasq.Source, c configured, dir string, links []dhcp.Link) (config.Config, error) {
	var cfg *config.Config
	var err error
	switch {
	case c.YAML != "":
		cfg, err = yaml.Load(c.YAML)
	case c.Conf != "":
		cfg, err = from.Load(c.Conf)
	case dir != "":
		return config.Directory(dir, links)
	default:
		return config.Config{}, nil
	}
	if err != nil {
		return config.Config{}, err
	}
	return *cfg, nil
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
