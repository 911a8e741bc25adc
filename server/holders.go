package server

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// holders finds the programs that have a port open, as "dnsmasq (pid 123)", by what Linux tells in
// proc. Programs of other users are visible to root only.
func holders(proc, network string, port uint16) []string {
	sockets := map[string]bool{}
	for _, table := range []string{network, network + "6"} {
		data, _ := os.ReadFile(filepath.Join(proc, "thread-self", "net", table))
		for line := range strings.Lines(string(data)) {
			if inode, ok := inodeAt(line, port); ok {
				sockets["socket:["+inode+"]"] = true
			}
		}
	}
	var found []string
	if len(sockets) == 0 {
		return nil
	}
	links, _ := filepath.Glob(filepath.Join(proc, "[0-9]*", "fd", "*"))
	for _, link := range links {
		if target, err := os.Readlink(link); err != nil || !sockets[target] {
			continue
		}
		dir := filepath.Dir(filepath.Dir(link))
		name, _ := os.ReadFile(filepath.Join(dir, "comm"))
		text := fmt.Sprintf("%s (pid %s)", strings.TrimSpace(string(name)), filepath.Base(dir))
		if !slices.Contains(found, text) {
			found = append(found, text)
		}
	}
	return found
}

// inodeAt reads a line of /proc/net/udp or tcp (proc(5)): the inode of a socket whose local port is
// port. TCP sockets count only if they listen.
func inodeAt(line string, port uint16) (string, bool) {
	const (
		local, state, inode = 1, 3, 9
		listening, unbound  = "0A", "07" // what TCP and UDP servers show
	)
	fields := strings.Fields(line)
	if len(fields) <= inode || !strings.HasSuffix(fields[local], fmt.Sprintf(":%04X", port)) {
		return "", false
	}
	return fields[inode], fields[state] == listening || fields[state] == unbound
}
