package bench

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/emulator/tap"
	"github.com/bootrig/bootrig/internal/peer"
)

// A Server is one that is measured.
type Server struct {
	Name    string
	Asked   string       // what it was called by
	Kind    string       // before the version: a row of the table kinds, or cmd
	Program peer.Program // of somebody else's
	Words   []string     // of cmd:COMMAND
}

// Default are the servers that people use, in their newest versions and as Debian 12 has them.
var Default = []string{"ours", "dnsmasq", "dnsmasq@2.93", "tftp-hpa@7.3", "atftpd@0.8.1", "pin/tftp", "nginx"}

// A kind is how a server is found and started.
type kind struct {
	find    func(version string) (peer.Program, error) // nil: it is this program
	command func(s site, p peer.Program) (argv, env []string)
	can     func(Point) bool
}

// A site is where a server finds what it needs, inside a run.
type site struct {
	root    string // its files
	content string // the same, or an archive of them
	config  string // a dnsmasq.conf that says so
	own     string // a directory that it may write into
}

func kinds() map[string]kind {
	whole := func(p Point) bool { return p.HTTP == nil && (p.TFTP == nil || p.TFTP.In == "") }
	files := func(p Point) bool { return whole(p) && (p.TFTP != nil || p.Tool != nil) }
	return map[string]kind{
		"ours":    {command: ours, can: func(Point) bool { return true }},
		"dnsmasq": {find: peer.Find, command: dnsmasq, can: whole},
		"tftp-hpa": {find: other("tftp-hpa", "in.tftpd"), can: files, command: func(s site, p peer.Program) (argv, env []string) {
			return append(p.Argv, "--foreground", "--address", serverAddr.String(), "--user", "nobody", "--secure", s.root), nil
		}},
		"atftpd": {find: other("atftpd", "atftpd"), can: files, command: func(s site, p peer.Program) (argv, env []string) {
			return append(p.Argv, "--daemon", "--no-fork", "--logfile", "-", "--user", "nobody.nogroup", "--maxthread", "8000",
				"--bind-address", serverAddr.String(), s.root), nil
		}},
		"pin/tftp": {can: files, command: func(s site, _ peer.Program) (argv, env []string) {
			return []string{self}, []string{pinVar + "=" + s.root}
		}},
		"nginx": {find: other("nginx", "nginx"), command: nginx, can: func(p Point) bool { return p.HTTP != nil }},
	}
}

// self is this program, whatever became of its file.
const self = "/proc/self/exe"

func other(name, program string) func(version string) (peer.Program, error) {
	return func(version string) (peer.Program, error) { return peer.Other(name, version, program) }
}

// Find tells what a name means here: KIND, KIND@VERSION or cmd:COMMAND.
func Find(name string) (Server, error) {
	if command, is := strings.CutPrefix(name, "cmd:"); is {
		words := strings.Fields(command)
		if len(words) == 0 {
			return Server{}, fmt.Errorf("server %q: there is no command", name)
		}
		return Server{Name: filepath.Base(words[0]), Asked: name, Kind: "cmd", Words: words}, nil
	}
	base, version, _ := strings.Cut(name, "@")
	k, known := kinds()[base]
	switch {
	case !known:
		return Server{}, fmt.Errorf("there is no server %q: %s and cmd:COMMAND are", name, strings.Join(Default, ", "))
	case k.find == nil && version != "":
		return Server{}, fmt.Errorf("server %q: it is part of this program, and has no other version", name)
	case k.find == nil:
		return Server{Name: name, Asked: name, Kind: base}, nil
	}
	p, err := k.find(version)
	if err != nil {
		return Server{}, fmt.Errorf("server %s: %w", name, err)
	}
	return Server{Name: base + "@" + p.Version, Asked: name, Kind: base, Program: p}, nil
}

// Can tells whether a server is for a point.
func (s Server) Can(p Point) bool {
	if s.Kind == "cmd" {
		return p.TFTP == nil || p.TFTP.In == ""
	}
	return kinds()[s.Kind].can(p)
}

// command starts it inside a run.
func (s Server) command(at site) (argv, env []string) {
	if s.Kind == "cmd" {
		fill := strings.NewReplacer("{config}", at.config, "{root}", at.root, "{addr}", serverAddr.String())
		for _, word := range s.Words {
			argv = append(argv, fill.Replace(word))
		}
		return argv, nil
	}
	p := s.Program
	if p.Tree != "" {
		p.Argv = p.In(tap.Outside(p.Tree))
	}
	p.Argv = slices.Clip(p.Argv)
	return kinds()[s.Kind].command(at, p)
}

func ours(at site, _ peer.Program) (argv, env []string) {
	argv = []string{self, "serve", "--state", filepath.Join(at.own, "state.db")}
	if at.content != at.root {
		return append(argv, at.content), nil
	}
	return append(argv, "-C", at.config, "--http", "80="+at.root), nil
}

func dnsmasq(at site, p peer.Program) (argv, env []string) {
	return append(p.Argv, "--keep-in-foreground", "-C", at.config, "--log-facility=-",
		"--dhcp-leasefile="+filepath.Join(at.own, "leases"), "--pid-file="+filepath.Join(at.own, "pid")), nil
}

func nginx(at site, p peer.Program) (argv, env []string) {
	return append(p.Argv, "-p", at.own, "-e", "stderr", "-c", filepath.Join(at.own, "nginx.conf")), nil
}

// nginxConf serves as Debian's does, on one core, and logs as ours does.
func nginxConf(at site) string {
	return fmt.Sprintf(`daemon off;
user nobody nogroup;
worker_processes auto;
pid %[1]s/nginx.pid;
events { worker_connections 768; }
http {
	sendfile on;
	tcp_nopush on;
	keepalive_requests 100000;
	access_log %[1]s/access.log;
	client_body_temp_path %[1]s/body; proxy_temp_path %[1]s/proxy; fastcgi_temp_path %[1]s/fastcgi; uwsgi_temp_path %[1]s/uwsgi; scgi_temp_path %[1]s/scgi;
	server { listen 80; root %[2]s; }
}
`, at.own, at.root)
}

// conf is a dnsmasq.conf, for our server and for dnsmasq alike. Whatever is asked, small files are served by TFTP: so it
// is known when a server is ready.
func conf(at site, p Point) string {
	lines := []string{"port=0", "enable-tftp", "tftp-root=" + at.root, "tftp-max=8000", "interface=eth0", "bind-dynamic"}
	switch {
	case p.DHCP == nil:
	case p.DHCP.Leases:
		lines = append(lines, "dhcp-range="+leasesFrom.String()+","+leasesTo.String()+",255.255.0.0,1h", "dhcp-lease-max=65000", "no-ping")
	default:
		lines = append(lines, "dhcp-range="+lan.Masked().Addr().String()+",proxy,255.255.0.0", "pxe-service=x86PC,Boot,a", "dhcp-boot=a.0")
	}
	return strings.Join(lines, "\n") + "\n"
}

// write writes what servers read.
func (at site) write(p Point) error {
	for name, text := range map[string]string{at.config: conf(at, p), filepath.Join(at.own, "nginx.conf"): nginxConf(at)} {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}
