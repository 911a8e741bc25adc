package runner

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"os"
	"path"
	"slices"
	"strings"

	"golang.org/x/tools/txtar"

	"github.com/bootrig/bootrig/emulator/web"
	"github.com/bootrig/bootrig/scenarios/runner/script"
	"github.com/bootrig/bootrig/server"
	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/config/dnsmasq"
	"github.com/bootrig/bootrig/server/config/yaml"
	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/proxydhcp"
	"github.com/bootrig/bootrig/wire/event"
)

// startOwn plugs in our server as a machine, for the simulated world.
func (b *lab) startOwn() error {
	var links []dhcp.Link
	h := &simHost{}
	b.own = h
	for i, at := range b.serverLans() {
		links = append(links, dhcp.Link{Name: fmt.Sprint("eth", i), Index: i, Prefix: b.serverPrefix(at)})
		h.up = append(h.up, i)
	}
	h.links = links
	if err := b.runOwn(); err != nil {
		return err
	}
	h.ports = b.plugServer(h, func(port uint16) bool { return h.server != nil && h.server.Listens(port) })
	return nil
}

// runOwn starts our server on its host.
func (b *lab) runOwn() error {
	cfg, err := b.serverConfig(b.own.known())
	if err != nil {
		return err
	}
	for _, tree := range b.trees {
		if tree.As == cfg.Settings.TFTP.Root {
			cfg.Tree = rooted{b}
		}
	}
	s, err := server.New(cfg)
	if err != nil {
		return fmt.Errorf("%s: %w", b.file.Name, err)
	}
	b.own.end()
	b.own.Machine, b.own.server, b.own.root = web.Serve(s.Machine(), s.HTTP, s.Handler()), s, cfg.Settings.TFTP.Root
	return nil
}

// serverConfig is what our server is made of.
func (b *lab) serverConfig(links []dhcp.Link) (server.Config, error) {
	cfg := server.Config{
		Links: links, Events: invented{b},
		Learn: func(link int, addr netip.Addr, mac net.HardwareAddr) { b.serverCards[b.own.up[link]].Learn(addr, mac) },
		Waits: b.changesLinks(),
	}
	var err error
	if cfg.Settings, err = b.settings(); err != nil {
		return cfg, err
	}
	if len(cfg.Settings.Media.Paths) > 0 {
		if cfg.Media, err = b.mediaOptions(); err != nil {
			return cfg, err
		}
	}
	if form := b.Server.Offer; form != "" {
		cfg.Settings.DHCP.Offers = []proxydhcp.Offer{{Form: proxydhcp.Form(form), Rule: "offer=" + form}}
	}
	return cfg, nil
}

// invented is the run's facts for a server whose HTTP tells them by the clock on the wall.
type invented struct{ b *lab }

func (i invented) Record(e event.Event) {
	if i.b.world != nil {
		e.Time = i.b.world.Now()
	}
	i.b.facts.Record(e)
}

// changesLinks tells whether links come and go.
func (b *lab) changesLinks() bool {
	return slices.ContainsFunc(b.Steps, func(s script.Step) bool { h, ok := s.Statement.(script.Host); return ok && h.Card != "" })
}

// settings are what the server under test is told, as far as it is ours.
func (b *lab) settings() (config.Config, error) {
	var read *config.Config
	var err error
	switch own := b.req.Own; {
	case len(own.Paths) > 0:
		m := config.Media{Rule: strings.Join(own.Paths, " ")}
		for _, path := range own.Paths {
			m.Paths = append(m.Paths, b.here(path))
			if _, err := os.Stat(b.here(path)); errors.Is(err, fs.ErrNotExist) {
				return config.Config{}, fmt.Errorf("%s does not exist", path)
			}
		}
		return config.Config{Media: m, Files: own.Paths}, nil
	case own.none() && b.Server.Paths != nil:
		m, err := b.media()
		return config.Config{Media: m, HTTP: config.HTTP{Port: b.Server.HTTP}, Files: b.Server.Paths}, err
	case own.YAML != "":
		read, err = yaml.Load(b.here(own.YAML))
	case own.Dnsmasq != "":
		read, err = dnsmasq.Unrun().Load(b.here(own.Dnsmasq))
	case b.Server.Config != "":
		if read, err = b.written(); err == nil {
			read.Media, err = b.held(read.Media)
		}
		if b.Server.HTTP != 0 && read != nil {
			read.HTTP = config.HTTP{Port: b.Server.HTTP, Rule: "--http"}
		}
	default:
		return config.Config{}, nil
	}
	if err != nil {
		return config.Config{}, err
	}
	return *read, nil
}

// written is the configuration that the scenario holds. It is a stranger's text, so it names files of the
// archive alone and starts no program.
func (b *lab) written() (read *config.Config, err error) {
	name := b.Server.Config
	var data []byte
	for _, f := range b.files {
		if f.Name == name {
			data = f.Data
		}
	}
	if b.Server.YAML() {
		read, err = yaml.ParseIn(labDir, name, data)
	} else {
		var archive fs.FS
		if archive, err = b.archive(); err == nil {
			read, err = dnsmasq.Source{Files: archive, Stdin: strings.NewReader(""), Run: noProgram}.Parse(name, data)
		}
	}
	if err != nil {
		err = fmt.Errorf("%s: %w", b.file.Name, err)
	}
	return read, err
}

func noProgram(command string) ([]byte, error) {
	return nil, fmt.Errorf("a scenario starts no program: %s", command)
}

// archive shows the files of the scenario where the server has them.
func (b *lab) archive() (fs.FS, error) {
	var a txtar.Archive
	for _, f := range b.files {
		name := strings.TrimPrefix(f.Name, "/")
		if name == f.Name {
			name = path.Join(labDir[1:], name)
		}
		a.Files = append(a.Files, txtar.File{Name: name, Data: f.Data})
	}
	return txtar.FS(&a)
}
