package loader

import (
	"fmt"
	"net"
	"net/netip"
	"strings"
	"time"

	"github.com/bootrig/bootrig/emulator/loader/grub"
	"github.com/bootrig/bootrig/emulator/retry"
	"github.com/bootrig/bootrig/emulator/rom"
	"github.com/bootrig/bootrig/emulator/tftp"
)

// A gnu is GRUB at work, one for UEFI that came by TFTP.
type gnu struct {
	*env
	core      core
	commands  map[string]grubCommand
	vars      map[string]string
	functions map[string][]grub.Statement
	args      []string // $1 and so on
	status    int      // $?
	depth     int
	idle      int
	broke     bool // break, or a return, is under way
	menu      []*grubEntry
	autoload  map[string]string // command.lst: the module of a command
	cmdline   string
	kernel    *Module
	modules   []Module
	program   *rom.Handover // chainloader's
}

// runGRUB is GRUB from its start: its variables, the configuration inside it, and the one of its prefix.
func runGRUB(e *env) {
	p := &gnu{env: e, commands: grubCommands(), functions: map[string][]grub.Statement{}, autoload: map[string]string{}}
	p.port = 25300 // of the first transfer (capture 1d-own-prefix)
	p.core, _ = readCore(e.Handover.Program)
	p.say("Welcome to GRUB!")
	p.environment()
	if p.core.config != "" {
		p.run(p.core.config)
	}
	p.normal(p.configFile())
	p.fail("grub>", "GRUB has no menu to show: "+p.vars["config_file"]+" names no entry, or is not there")
}

// environment is what a core finds out by itself. It has its lease from the firmware, and its server is the one of
// the lease's siaddr, whatever a proxy says (net/drivers/efi/efinet.c; shared runs with and without a proxy).
func (p *gnu) environment() {
	h := p.Handover
	server := netip.IPv4Unspecified()
	if h.ACK != nil && h.PXE() {
		server = h.ACK.SIAddr
	}
	mac := net.HardwareAddr(h.MAC[:]).String()
	p.vars = map[string]string{
		"grub_cpu": "x86_64", "grub_platform": "efi", "feature_200_final": "y", "feature_menuentry_id": "y", "feature_default_font_path": "y",
		"net_default_interface": "efinet0", "net_default_mac": mac, "net_efinet0_mac": mac,
		"net_default_ip": h.Addr.String(), "net_efinet0_ip": h.Addr.String(),
	}
	device := ""
	if !server.IsUnspecified() {
		p.vars["net_default_server"], p.vars["net_efinet0_next_server"] = server.String(), server.String()
		device = "tftp," + server.String()
		p.vars["cmdpath"] = "(" + device + ")"
	}
	prefix := p.core.prefix
	if in, _, ok := deviceOf(prefix); ok {
		device = in
	} else if prefix != "" && device != "" {
		prefix = "(" + device + ")" + prefix
	}
	p.vars["prefix"], p.vars["root"] = prefix, device
}

// deviceOf takes "(device)/path" apart; ok is false for a path alone.
func deviceOf(name string) (device, path string, ok bool) {
	rest, ok := strings.CutPrefix(name, "(")
	if !ok {
		return "", name, false
	}
	device, path, ok = strings.Cut(rest, ")")
	return device, path, ok
}

// configFile is the configuration of this machine below the prefix: by its MAC address, by its address in hexadecimal
// that loses digit after digit, and grub.cfg (net/net.c, grub_net_search_configfile).
func (p *gnu) configFile() string {
	base := p.vars["prefix"] + "/grub.cfg"
	names := []string{strings.ReplaceAll("01-"+p.vars["net_default_mac"], ":", "-")}
	a := p.Handover.Addr.As4()
	for digits := fmt.Sprintf("%02X%02X%02X%02X", a[0], a[1], a[2], a[3]); digits != ""; digits = digits[:len(digits)-1] {
		names = append(names, digits)
	}
	if device, _, _ := deviceOf(base); strings.HasPrefix(device, "tftp") {
		for _, name := range names {
			if p.exists(base + "-" + name) {
				return base + "-" + name
			}
		}
	}
	return base
}

// normal is the module of that name: it reads the lists of modules, then the configuration, and shows its menu.
func (p *gnu) normal(config string) {
	dir := p.vars["prefix"] + "/x86_64-efi/"
	for _, list := range []string{"command", "fs", "crypto", "terminal"} {
		content, err := p.openFile(dir + list + ".lst")
		if err == nil && list == "command" {
			p.readCommands(string(content))
		}
	}
	p.configure(config)
}

// readCommands reads command.lst: "command: module", with an asterisk before some.
func (p *gnu) readCommands(text string) {
	for line := range strings.Lines(text) {
		if name, module, ok := strings.Cut(strings.TrimSpace(line), ":"); ok {
			p.autoload[strings.TrimPrefix(name, "*")] = strings.TrimSpace(module)
		}
	}
}

// configure runs a configuration and shows the menu that it makes.
func (p *gnu) configure(name string) {
	outer := p.menu
	p.menu = nil
	p.vars["config_file"], p.vars["config_directory"] = name, name[:max(strings.LastIndexByte(name, '/'), 0)]
	if content, err := p.openFile(name); err == nil {
		p.run(string(content))
	}
	if len(p.menu) > 0 {
		p.show(p.menu)
	}
	p.menu = outer
}

// exists opens a file and closes it again: with ERROR 0, where the real one takes the first block before.
func (p *gnu) exists(name string) bool {
	_, err := p.fetchFile(name, true)
	return err == nil
}

// openFile reads a file.
func (p *gnu) openFile(name string) ([]byte, error) { return p.fetchFile(name, false) }

// fetchFile asks for a file of a device, the root's where none is named.
func (p *gnu) fetchFile(name string, probe bool) ([]byte, error) {
	device, path, ok := deviceOf(name)
	if !ok {
		device, path = p.vars["root"], name
	}
	scheme, host, _ := strings.Cut(device, ",")
	if host == "" {
		host = p.vars["net_default_server"]
	}
	server, err := netip.ParseAddr(host)
	web := scheme == "http" && p.core.agent != ""
	if err != nil || scheme != "tftp" && !web || !p.Handover.PXE() {
		return nil, fmt.Errorf("error: disk `%s' not found", device)
	}
	p.idle = 0
	var content []byte
	var failed *tftp.Error
	if web {
		content, failed = p.browse(server, host, path)
	} else {
		content, failed = p.transfer(tftp.New(p.now, tftp.Config{
			Local: netip.AddrPortFrom(p.Handover.Addr, p.port), Server: netip.AddrPortFrom(server, 69), Name: path,
			Options: "blksize 1024 tsize 0", Patience: grubPatience(), Memory: p.Memory, Probe: probe,
		}), time.Time{})
	}
	p.port++
	if failed != nil {
		if failed.Reason == tftp.OpenTimeout || failed.Reason == tftp.ReadTimeout {
			p.silence = failed.Text
		}
		return nil, fmt.Errorf("error: %w", failed)
	}
	return content, nil
}

// grubPatience is four tries, each longer than the one before (include/grub/net.h, GRUB_NET_TRIES and
// GRUB_NET_INTERVAL).
func grubPatience() retry.Backoff { return retry.Every(400*time.Millisecond, 1, 2, 3, 4) }
