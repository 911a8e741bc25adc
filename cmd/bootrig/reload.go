package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/bootrig/bootrig/internal/teller"
	"github.com/bootrig/bootrig/server/control"
)

// stated says where a server keeps what it is found by: flags that serve and reload share.
type stated struct {
	State  string `name:"state" default:"/var/lib/bootrig/state.db" placeholder:"FILE" help:"Where leases are kept, if the configuration has address ranges (${default}). What cannot be used is told, and leases are in memory until it can."`
	Socket string `name:"socket" placeholder:"PATH" help:"Where bootrig reload finds the server (/run/bootrig/control.sock; with --state control.sock beside FILE)."`
}

// at is the path of the control socket.
func (s stated) at() string {
	const state, socket = "/var/lib/bootrig/state.db", "/run/bootrig/control.sock"
	switch {
	case s.Socket != "":
		return s.Socket
	case s.State != state:
		return filepath.Join(filepath.Dir(s.State), filepath.Base(socket))
	}
	return socket
}

// ReloadCmd is `bootrig reload`.
type ReloadCmd struct{ stated }

// Help is what `bootrig reload --help` adds.
func (ReloadCmd) Help() string {
	return `The server of this host reads its configuration again, with every file that it names, as at SIGHUP. What differs is printed, and counts from the next packet on: no transfer and no lease is lost. A mistake is printed with its file:line, and all stays as it was.

Exit code: 0 the configuration is the new one, 1 it has a mistake or no server runs, 2 used wrongly.`
}

// Run asks the server.
func (c *ReloadCmd) Run(ctx context.Context) error {
	var lines []string
	code, err := control.Ask(ctx, c.at(), []string{"reload"}, func(line string) { lines = append(lines, line) })
	if err != nil {
		return err
	}
	out := os.Stdout
	if code != 0 {
		out = os.Stderr
	}
	for _, line := range lines {
		fmt.Fprintln(out, teller.Clean(line))
	}
	if code != 0 {
		return exitCode(code)
	}
	return nil
}

// command answers what other commands ask.
func (s *serving) command(words []string, say func(string)) (code int) {
	if len(words) != 1 || words[0] != "reload" {
		say(fmt.Sprintf("unknown request %q: this server knows reload", words))
		return int(exitUsage)
	}
	said, err := s.reload(true)
	if err != nil {
		for _, mistake := range flat(err) {
			say(mistake.Error())
		}
		return int(exitFailed)
	}
	for _, line := range said {
		say(line)
	}
	return 0
}

// listen opens the control socket. A server without one serves, unless it was asked for.
func (s *serving) listen() (err error) {
	s.control, err = control.Listen(s.at())
	if err == nil || s.Socket != "" {
		return err
	}
	s.control = nil
	s.remark(fmt.Sprintf("warning: %v, so bootrig reload does not find this server: SIGHUP does the same, or give it --socket PATH", err))
	return nil
}
