package runner

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/bootrig/bootrig/emulator/tap"
	"github.com/bootrig/bootrig/wire/event"
)

// Where a server under test finds things in its private root.
const (
	labDir    = "/lab"     // the scenario's configuration
	otherSelf = "/lab-bin" // a bootrig that is not this program

	// startLimit is for a server that unpacks a tarball first, on a machine that does much else.
	startLimit = 2 * time.Minute
)

var (
	ourReady     = regexp.MustCompile(`"kind":"ready"`)
	dnsmasqReady = regexp.MustCompile(`started, version`)
)

// startServer starts the server under test in a net namespace and a root of its own, with the
// scenario's content at the path its configuration names.
func (r *realRun) startServer(ctx context.Context) (*tap.Host, error) {
	binds, err := r.serverFiles()
	if err != nil {
		return nil, err
	}
	argv, err := r.serverCommand()
	if err != nil {
		return nil, err
	}
	if r.req.Self != "" {
		binds = append(binds, tap.Bind{Host: tap.Outside(r.req.Self), Inside: otherSelf, ReadOnly: true})
	}
	h, err := r.wire.Host(tap.HostSpec{
		Name: "server", NICs: r.serverNICs(), Routes: r.serverRoutes(), Argv: argv, Binds: binds,
		Stdout: r.serverLog(), Stderr: r.serverLog(),
	})
	if err != nil {
		return nil, mistake("server under test: %w", err)
	}
	return h, r.serverReady(ctx, h)
}

// serverReady waits until the server does its work.
func (r *realRun) serverReady(ctx context.Context, h *tap.Host) (err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, startLimit, fmt.Errorf("it was not ready after %s", startLimit))
	defer cancel()
	switch r.req.serverKind() {
	case "ours":
		_, err = h.Expect(ctx, ourReady)
	case "dnsmasq":
		_, err = h.Expect(ctx, dnsmasqReady)
	default:
		err = listening(ctx, h)
	}
	if err != nil {
		return mistake("server under test: %w", err)
	}
	return nil
}

// serverNICs are the server's cards, eth0 on the first lan it stands on.
func (r *realRun) serverNICs() []tap.NIC {
	var nics []tap.NIC
	for _, at := range r.serverLans() {
		nics = append(nics, tap.NIC{MAC: hostMAC(at, serverHost), Prefix: r.serverPrefix(at), VLAN: uint16(at)})
	}
	return nics
}

// serverFiles writes configuration and content on the run's tmpfs and says where they belong.
func (r *realRun) serverFiles() ([]tap.Bind, error) {
	config := filepath.Join(r.dir, "lab")
	if err := os.Mkdir(config, 0o755); err != nil {
		return nil, err
	}
	for _, f := range r.file.Files {
		if !fs.ValidPath(f.Name) {
			continue
		}
		to := r.outside(f.Name)
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return nil, err
		}
		if err := os.WriteFile(to, f.Data, 0o644); err != nil {
			return nil, err
		}
	}
	binds := []tap.Bind{{Host: config, Inside: labDir, ReadOnly: true}}
	for _, tree := range r.trees {
		if image := tree.Packed(); image != "" {
			binds = append(binds, tap.Bind{Host: image, Inside: tree.As, ReadOnly: true})
			continue
		}
		if err := tree.Write(r.outside(tree.As), tap.Show); err != nil {
			return nil, err
		}
	}
	for _, dir := range r.shown() {
		binds = append(binds, tap.Bind{Host: r.outside(dir), Inside: dir, ReadOnly: true})
	}
	packages, err := r.installed()
	binds = append(append(binds, packages...), show(append(r.paths, r.programs()...))...)
	return append(binds, dnsmasqTree(r.peer)...), err
}

// ownPaths are what the server serves of the caller's: with its configuration, all that this names.
func (p *plan) ownPaths() []string {
	own := p.req.Own
	if own.none() {
		return nil
	}
	paths := append([]string{own.Dnsmasq, own.YAML}, own.Paths...)
	if settings, err := unplugged(p).settings(); err == nil {
		paths = append(paths, settings.Media.Paths...)
		paths = append(paths, settings.Files...)
		paths = append(paths, settings.TFTP.Root, settings.HTTP.Dir)
		for _, root := range settings.TFTP.Roots {
			paths = append(paths, root.Dir)
		}
	}
	return paths
}

// programs is where the operator's own server is, if that is where the machine's programs are not.
func (r *realRun) programs() []string {
	if r.req.serverKind() != "other" {
		return nil
	}
	var dirs []string
	for _, word := range strings.Fields(strings.TrimPrefix(r.req.Server, "cmd:")) {
		if filepath.IsAbs(word) && !installed(word) {
			dirs = append(dirs, filepath.Dir(word))
		}
	}
	return dirs
}

// installed tells what a server's root shows anyway.
func installed(path string) bool {
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return slices.Contains([]string{"bin", "etc", "lib", "opt", "sbin", "usr", "var"}, first)
}

// show shows the server paths of this host, wherever they lie: a private root hides /tmp and /run.
func show(paths []string) []tap.Bind {
	var binds []tap.Bind
	for _, path := range paths {
		bind := tap.Bind{Host: tap.Outside(path), Inside: filepath.Clean(path), ReadOnly: true}
		_, err := os.Stat(bind.Host)
		if err == nil && filepath.IsAbs(path) && !slices.Contains(binds, bind) {
			binds = append(binds, bind)
		}
	}
	return binds
}

// serverCommand is the server's command line inside its root.
func (r *realRun) serverCommand() ([]string, error) {
	own, config := r.req.Own, cmp.Or(r.req.Own.Dnsmasq, r.req.Own.YAML)
	isYAML := own.YAML != ""
	if own.none() && r.Server.Config != "" {
		config, isYAML = filepath.Join(labDir, r.Server.Config), r.Server.YAML()
	}
	kind := r.req.serverKind()
	switch {
	case kind == "ours":
		return r.ourCommand(config, isYAML), nil
	case len(own.Paths) > 0, own.none() && r.Server.Paths != nil:
		return nil, notTested("only our server serves content without a configuration")
	case config == "":
		return nil, notTested("this scenario is about our server's embedded boot program")
	case kind == "dnsmasq" && isYAML:
		return nil, notTested("dnsmasq does not read a bootrig.yaml")
	case kind == "dnsmasq":
		return dnsmasqCommand(r.peer, config), nil
	}
	command := strings.ReplaceAll(strings.TrimPrefix(r.req.Server, "cmd:"), "{config}", config)
	return strings.Fields(command), nil
}

func (r *realRun) ourCommand(config string, isYAML bool) []string {
	command := []string{tap.Self, "serve", "--json", "--state=/tmp/state.db"}
	if r.req.Self != "" {
		command[0] = otherSelf
	}
	switch {
	case len(r.req.Own.Paths) > 0:
		command = append(command, r.req.Own.Paths...)
	case isYAML:
		command = append(command, "-c", config)
	case config != "":
		command = append(command, "-C", config)
	case r.req.Own.none():
		command = append(command, r.Server.Paths...)
	}
	if seed := r.Server.Seed; seed != "" {
		command = append(command, "--seed="+seed)
	}
	if offer := r.Server.Offer; offer != "" {
		command = append(command, "--offer="+offer)
	}
	if port := r.Server.HTTP; port > 0 {
		command = append(command, fmt.Sprintf("--http=%d", port))
	}
	return command
}

// serverLog turns what the server prints into facts.
func (r *realRun) serverLog() io.Writer {
	if r.facts.forgets {
		return nil
	}
	switch r.req.serverKind() {
	case "ours":
		return &lineWriter{line: func(line []byte) {
			var e event.Event
			if json.Unmarshal(line, &e) == nil && e.Kind != "" {
				e.Source = "server"
				r.facts.Record(e)
			}
		}}
	case "dnsmasq":
		return &lineWriter{line: func(line []byte) {
			if e, ok := dnsmasqFact(string(line)); ok {
				e.Time = time.Now()
				r.facts.Record(e)
			}
		}}
	}
	return nil
}

// lineWriter gives each whole line to a function.
type lineWriter struct {
	part []byte
	line func([]byte)
}

func (w *lineWriter) Write(p []byte) (int, error) {
	w.part = append(w.part, p...)
	for {
		line, rest, found := bytes.Cut(w.part, []byte("\n"))
		if !found {
			return len(p), nil
		}
		w.line(line)
		w.part = rest
	}
}

// listening waits until something in the host's namespace holds the DHCP or the TFTP port: a server
// we know nothing of cannot tell us that it is ready.
func listening(ctx context.Context, h *tap.Host) error {
	tick := time.NewTicker(beat)
	defer tick.Stop()
	for {
		var table []byte
		err := h.In(func() (err error) {
			table, err = os.ReadFile("/proc/thread-self/net/udp")
			return err
		})
		if err != nil {
			return err
		}
		if bytes.Contains(table, []byte(":0043 ")) || bytes.Contains(table, []byte(":0045 ")) {
			return nil
		}
		select {
		case <-tick.C:
		case <-h.Done():
			return h.Err()
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}
