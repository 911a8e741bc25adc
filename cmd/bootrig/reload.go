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
	State  string `name:"state" default:"/var/lib/bootrig/state.db" placeholder:"FILE" help:"Where leases, machines and their marks are kept (${default}). What cannot be used is told; leases and machines are in memory until it can, and marks are refused."`
	Socket string `name:"socket" placeholder:"PATH" help:"Where bootrig reload, machines, leases and profile find the server (/run/bootrig/control.sock; with --state control.sock beside FILE)."`
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
	lines, err := c.ask(ctx, "reload")
	for _, line := range lines {
		fmt.Println(teller.Clean(line))
	}
	return err
}

// ask has the server answer a request. What is wrong is printed.
func (s stated) ask(ctx context.Context, words ...string) (lines []string, err error) {
	code, err := control.Ask(ctx, s.at(), words, func(line string) { lines = append(lines, line) })
	if err != nil {
		return nil, err
	}
	if code == 0 {
		return lines, nil
	}
	for _, line := range lines {
		fmt.Fprintln(os.Stderr, teller.Clean(line))
	}
	return nil, exitCode(code)
}
