package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/bootrig/bootrig/emulator/raw"
	"github.com/bootrig/bootrig/emulator/rom"
	"github.com/bootrig/bootrig/internal/teller"
	"github.com/bootrig/bootrig/scenarios/trial"
	"github.com/bootrig/bootrig/wire/pxe"
)

// playing is whose firmware is played on the network of an interface.
type playing struct {
	MAC    string        `name:"mac" placeholder:"MAC" help:"On the network of an interface: play the machine with this MAC, which must be off. Default: a MAC that is nobody's, on this host always the same."`
	UUID   string        `name:"uuid" placeholder:"UUID" help:"And with this UUID (option 97). Default: one for the MAC."`
	Listen time.Duration `name:"listen" default:"3s" placeholder:"DURATION" help:"And wait for answers at least that long, so that those that come too late for the firmware are told too."`
}

// none tells that there is no such flag.
func (p playing) none() bool { return p.MAC == "" && p.UUID == "" }

// A player plays firmware, one after the other.
type player struct {
	interfac   string
	mac        net.HardwareAddr
	uuid       pxe.UUID
	listen     time.Duration
	offersOnly bool
}

// player reads the flags. The interface need not be there yet: Join tells.
func (p playing) player(name string) (*player, error) {
	x := &player{interfac: name, listen: p.Listen}
	own, err := net.InterfaceByName(name)
	if err == nil {
		x.mac = nobodys(own.HardwareAddr)
	}
	if p.MAC != "" {
		x.mac, err = net.ParseMAC(p.MAC)
		if err != nil || len(x.mac) != 6 || x.mac[0]&1 != 0 {
			return nil, fmt.Errorf("--mac %s is no MAC of a machine, such as 52:54:00:12:34:56", p.MAC)
		}
		if own != nil && slices.Equal(x.mac, own.HardwareAddr) {
			return nil, fmt.Errorf("--mac %s is this host's own, whose stack would answer too: give another", p.MAC)
		}
	}
	x.uuid = uuidOf(x.mac)
	if p.UUID != "" {
		if x.uuid, err = pxe.ParseUUID(p.UUID); err != nil {
			return nil, fmt.Errorf("--uuid %s: %w", p.UUID, err)
		}
	}
	return x, nil
}

// nobodys is a MAC that no card has (locally administered: IEEE 802, section 8.4), the same for each card of a host.
func nobodys(card net.HardwareAddr) net.HardwareAddr {
	sum := sha256.Sum256(card)
	return net.HardwareAddr{0x02, 'b', 'r', sum[0], sum[1], sum[2]}
}

// uuidOf is a UUID for a MAC (RFC 9562, section 5.8).
func uuidOf(mac net.HardwareAddr) pxe.UUID {
	sum := sha256.Sum256(mac)
	u := pxe.UUID(sum[:16])
	u[6], u[8] = u[6]&0x0f|0x80, u[8]&0x3f|0x80
	return u
}

// scripted finds the profiles of names.
func scripted(names []string) (all []rom.Profile, err error) {
	var known []string
	for _, p := range slices.Concat(rom.Profiles(), rom.Boards()) {
		known = append(known, p.Name)
	}
	for _, name := range names {
		p, err := rom.Lookup(name)
		if err != nil {
			return nil, fmt.Errorf("on the network of an interface scripted firmware boots: %q is none of %s", name, strings.Join(known, ", "))
		}
		all = append(all, p)
	}
	return all, nil
}

// play plays a firmware, in a lab of its own, and tells it as it comes.
func (x *player) play(ctx context.Context, p rom.Profile, inJSON bool) (t trial.Trial, err error) {
	lab, _, err := raw.Join(x.interfac, rand.Uint64())
	if err != nil {
		return t, notTried(err)
	}
	cfg := trial.Config{Lab: lab, Profile: p, MAC: x.mac, UUID: x.uuid, Seed: rand.Uint64(), OffersOnly: x.offersOnly, Listen: x.listen}
	if !inJSON {
		fmt.Printf("%s as %s on %s\n", p.Name, x.mac, teller.Clean(x.interfac))
		cfg.Heard = func(a trial.Answer) { a.Tell(os.Stdout) }
	}
	t, err = trial.Run(ctx, cfg)
	switch broke := lab.Close(); {
	case err != nil:
		return t, interrupted(ctx, err)
	case broke != nil:
		return t, notTried(broke)
	case inJSON:
		return t, (&teller.JSON{W: os.Stdout}).Print(t)
	}
	t.Tell(os.Stdout)
	return t, nil
}

// notTried prints why an interface cannot be used.
func notTried(err error) error {
	switch {
	case errors.Is(err, os.ErrNotExist):
		return usage(err)
	case errors.Is(err, os.ErrPermission):
		program, _ := os.Executable()
		err = fmt.Errorf("%w (sudo, or once and for all: sudo setcap cap_net_raw+ep %s)", err, program)
	}
	fmt.Fprintln(os.Stderr, teller.Clean(err.Error()))
	return exitNotTested
}

// warn says that a server of this host is not asked, if there may be one.
func (x *player) warn() {
	udp, _ := os.ReadFile("/proc/net/udp")
	if port := bootPort(string(udp)); port != 0 {
		fmt.Fprintf(os.Stderr, "note: this host listens on UDP port %d itself, and hears nothing of what is sent on its own %s: bootrig boot --help tells how that server is asked\n", port, teller.Clean(x.interfac))
	}
}

// bootPort is a port of a boot server that is open, of what /proc/net/udp says; 0: none is.
func bootPort(udp string) int {
	for line := range strings.Lines(udp) {
		fields := strings.Fields(line)
		if len(fields) < 2 {
			continue
		}
		_, port, _ := strings.Cut(fields[1], ":")
		switch port {
		case "0043":
			return 67
		case "0FAB":
			return 4011
		}
	}
	return 0
}
