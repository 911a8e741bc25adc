package main

import (
	"cmp"
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

// configured says which configuration is meant: the flags that serve, check, boot and test share.
type configured struct {
	YAML string `short:"c" name:"config" placeholder:"FILE" help:"Serve what this bootrig.yaml says."`
	Conf string `short:"C" name:"dnsmasq-conf" placeholder:"FILE" help:"Serve what this dnsmasq.conf says."`
}

// alone says that what to serve is said once; paths are PATHs beside the flags.
func (c configured) alone(paths []string) error {
	switch {
	case c.YAML != "" && c.Conf != "":
		return usage(errors.New("-c and -C exclude each other: -c is a bootrig.yaml, -C a dnsmasq.conf, and bootrig convert makes the one of the other"))
	case c.YAML != "" && len(paths) > 0:
		return usage(errors.New("-c and PATH exclude each other: the bootrig.yaml says what to serve with media: {paths: [PATH]} or tftp: {root: DIRECTORY}"))
	case c.Conf != "" && len(paths) > 0:
		return usage(errors.New("-C and PATH exclude each other: the dnsmasq.conf says what to serve with tftp-root"))
	}
	return nil
}

// offering and serving are flags of what serves, whatever the configuration says of it.
type offering struct {
	Offer string `name:"offer" enum:",direct,redirect" default:"" placeholder:"FORM" help:"What OFFERs say: direct, all of it; redirect, only to ask on port 4011, which some UEFI firmware wants. It wins over the offers of a bootrig.yaml. Default: what dnsmasq would."`
	HTTP  string `name:"http" placeholder:"[ADDR:]PORT[=DIR]" help:"Serve files over HTTP too: those of DIR, else those that TFTP serves. Default with PATHs: 80."`
}

// source says what to serve: the flags that serve and check share.
type source struct {
	configured
	Paths    []string `arg:"" optional:"" name:"path" help:"What was downloaded, served as it is: a netboot directory, a netboot.tar.gz, an ISO image. Of several each is below its name, and a directory without anything to boot is laid over them. Neither this nor -c nor -C: a boot program that tells which server, address and MAC it reached."`
	Programs []string `name:"programs" placeholder:"DIR" help:"Look for boot programs (pxelinux.0, snponly.efi, ...) in this directory, copied or with packages unpacked in it, before this host's packages; repeatable."`
	Seed     string   `name:"seed" placeholder:"DIR" help:"Give installers the answer files in this directory (preseed.cfg, ks.cfg, user-data, answerfile.xml, autoinst.xml), which are templates of {{mac}}, {{uuid}}, {{name}}, {{ip}}, {{server}}, {{base}} and {{callback}}: machines are installed without a question, and lose what is on their disks."`
	offering
	Interface []string `short:"i" name:"interface" placeholder:"IF" help:"Serve this interface only; repeatable. Default: those the configuration names, else all with an IPv4 address."`
}

// settings reads what the flags name. The zero Config is the embedded boot program.
func (s *source) settings(from dnsmasq.Source) (cfg config.Config, err error) {
	if err = s.alone(s.Paths); err != nil {
		return cfg, err
	}
	if cfg, err = s.read(from); err != nil {
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

// read reads what the flags name; from is where a dnsmasq.conf is read, and whether it starts programs.
func (s *source) read(from dnsmasq.Source) (config.Config, error) {
	if len(s.Paths) > 0 {
		return config.Config{Media: config.Media{Paths: s.Paths, Programs: s.Programs, Seed: s.Seed, Rule: strings.Join(s.Paths, " ")}, Files: s.Paths}, nil
	}
	cfg, err := s.configured.read(from)
	cfg.Media.Programs = append(cfg.Media.Programs, s.Programs...)
	cfg.Media.Seed = cmp.Or(s.Seed, cfg.Media.Seed)
	return cfg, err
}

// read reads the configuration; the zero Config stands for none.
func (c configured) read(from dnsmasq.Source) (config.Config, error) {
	var cfg *config.Config
	var err error
	switch {
	case c.YAML != "":
		cfg, err = yaml.Load(c.YAML)
	case c.Conf != "":
		cfg, err = from.Load(c.Conf)
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
