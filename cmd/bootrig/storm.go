package main

import (
	"context"
	"path/filepath"
	"strings"

	"github.com/bootrig/bootrig/internal/textfile"
	"github.com/bootrig/bootrig/scenarios/runner"
	"github.com/bootrig/bootrig/scenarios/runner/script"
	"github.com/bootrig/bootrig/scenarios/storm"
	"github.com/bootrig/bootrig/wire/event"
)

// StormCmd is `bootrig storm`.
type StormCmd struct {
	Paths []string `arg:"" optional:"" name:"path" help:"What was downloaded, served as it is: netboot directories, netboot tarballs, ISO images. Neither that nor -c nor -C: a boot program that tells whom it reached."`
	configured
	offering
	Clients   int      `short:"n" default:"100" help:"How many machines boot."`
	Interface string   `short:"i" name:"interface" placeholder:"IF" help:"Storm the network that this interface is on, and whatever servers are there. Every address is given back."`
	Together  int      `default:"0" placeholder:"N" help:"How many are on one LAN with one server, in sim; more are on further LANs. Default: 100. In tap all are on one. With -i: how many have an address at the same time; the next waits until one is given back. Default: 50."`
	Profile   []string `default:"ipxe-bios" placeholder:"NAME[=WEIGHT]" help:"Firmware of the machines, and in which proportion; repeatable."`
	Arrive    string   `default:"at-once" placeholder:"HOW" help:"How they are switched on: at-once, ramp=30s (evenly in that time) or poisson=50/s (each by chance)."`
	Fault     []string `sep:"none" placeholder:"WORDS" help:"What goes wrong, as a fault line of a scenario says it: 'wire loss=1% delay=2ms', 'server drop=69'; repeatable."`
	Scale     string   `placeholder:"SIZE" help:"Cut every larger file of a scenario's content to this, as its scale= does (64K at least): the same chain, in less time."`
	Key       []string `placeholder:"KEY" help:"Press this key when a machine waits for nothing else, as at a menu without a timeout; repeatable, one after the other."`
	As        string   `enum:"sim,tap" default:"sim" help:"sim is virtual time, for many machines and faults by seed; tap is real time, where the server is a process that can be too slow."`
	Server    string   `default:"ours" help:"Server under test: ours, dnsmasq, or cmd:COMMAND, where {config} is the configuration file."`
	Seed      uint64   `default:"1" help:"Seed of all that is by chance. The second LAN has the next one, and so on."`
	Only      int      `placeholder:"CLIENT" help:"Run the first LAN alone, and tell the story of this client of it, from 1."`
	SVG       string   `name:"svg" type:"path" placeholder:"FILE" help:"Draw how many were switched on, had booted and were lost over the time."`
	JSON      bool     `name:"json" help:"Print each boot, and at the end what they come to, as JSON lines."`
}

// Help is what `bootrig storm -h` adds.
func (*StormCmd) Help() string {
	return `Scripted machines boot on a LAN of their own, each with its whole chain, beside a plain DHCP server and the server under
test. Nothing touches the host's network.

With -i they boot on a network that is there: as frames with MACs of their own, past the host's own stack, from whoever answers.
They run nothing, and a boot program that is none the emulator knows is the end of a good boot. Each gives its address
back (DHCPRELEASE) when its boot has ended, and all that have one do on ^C; a storm that is killed gives none back. Servers
of this host itself hear nothing of it (bootrig boot --help says how they are asked).

Examples:

  bootrig storm -n 1000 --profile ipxe-bios=3 --profile ipxe-efi=1 --fault 'wire loss=1%'
      a thousand boots of our own boot program over a bad wire, in virtual time.

  bootrig storm -n 1000 --as tap -C dnsmasq.conf --server dnsmasq
      a thousand machines at once against the dnsmasq that you have: what it needs, and whom it loses.

  sudo bootrig storm -i eth0 -n 200 --together 20 --profile ipxe-bios --profile ovmf-x64
      two hundred machines on the network of eth0, of which twenty at most have an address.

  bootrig storm scenarios/ubuntu.txtar -n 1000 --scale 256K --key ret
      a scenario's chain with its files cut short.

  bootrig storm ./netboot -n 200 --as tap --arrive ramp=30s --key ret

Exit code: 0 all booted, 1 some did not, 2 used wrongly, 3 could not be tried.`
}

// Run lets the storm loose.
func (c *StormCmd) Run(ctx context.Context) error {
	if c.Interface != "" {
		return c.onLAN(ctx)
	}
	if err := c.alone(c.Paths); err != nil {
		return err
	}
	cfg, err := c.config()
	if err != nil {
		return notStormed(err)
	}
	ground, err := c.ground(cfg)
	if err != nil {
		return notStormed(err)
	}
	return c.loose(ctx, cfg, func(heard func(storm.Boot), facts event.Recorder) (*storm.Usage, error) {
		if c.As == runner.Tap {
			return storm.Tap(ctx, ground, cfg, facts, heard)
		}
		return nil, storm.Sim(ctx, ground, cfg, facts, heard)
	})
}

func (c *StormCmd) config() (cfg storm.Config, err error) {
	cfg = storm.Config{Clients: c.Clients, Together: c.Together, Seed: c.Seed, Keys: c.Key, Only: c.Only}
	switch {
	case c.Interface == "" && c.As == runner.Tap:
		cfg.Together = c.Clients
	case c.Together > 0:
	case c.Interface != "":
		cfg.Together = 50
	default:
		cfg.Together = 100
	}
	if cfg.Mix, err = storm.ParseMix(c.Profile); err == nil {
		cfg.Arrival, err = storm.ParseArrival(c.Arrive)
	}
	if err == nil {
		err = cfg.Check()
	}
	return cfg, err
}

// ground is the LAN and what is on it: a scenario's, or written as one.
func (c *StormCmd) ground(cfg storm.Config) (*runner.Ground, error) {
	req := runner.Request{Name: "storm", World: c.As, Server: c.Server, Own: runner.Own{Dnsmasq: c.Conf, YAML: c.YAML, Paths: c.Paths}}
	var err error
	if name := strings.Join(c.Paths, ""); strings.HasSuffix(name, ".txtar") {
		req.Name, req.Dir, req.Own.Paths, req.Room = name, filepath.Dir(name), nil, min(cfg.Clients, cfg.Together)
		req.Source, err = textfile.Read(name)
	} else {
		var lines string
		lines, _, _, err = c.configured.ground(c.offering, min(cfg.Clients, cfg.Together))
		req.Source = []byte(lines)
	}
	if err == nil && c.Scale != "" {
		if req.Scale, err = script.ParseScale(c.Scale); err != nil {
			err = &runner.Mistake{Err: err}
		}
	}
	if err != nil {
		return nil, err
	}
	faults := ""
	for _, fault := range c.Fault {
		faults += "fault " + fault + "\n"
	}
	req.Source = append([]byte(faults), req.Source...)
	return runner.NewGround(req)
}
