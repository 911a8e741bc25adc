package server

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Holders are the programs that have sockets open, as "dnsmasq (pid 123)", by the sockets. Those of other users are visible
// to root only, so who was root has looked.
type Holders map[string][]string

// SeeHolders finds the programs that have sockets open, by what Linux tells in proc.
func SeeHolders() Holders { return seeHolders(procDir, func(string) bool { return true }) }

const procDir = "/proc"

// seeHolders finds those that have some sockets open.
func seeHolders(proc string, wanted func(socket string) bool) Holders {
	found := Holders{}
	links, _ := filepath.Glob(filepath.Join(proc, "[0-9]*", "fd", "*"))
	for _, link := range links {
		socket, err := os.Readlink(link)
		if err != nil || !strings.HasPrefix(socket, "socket:") || !wanted(socket) {
			continue
		}
		dir := filepath.Dir(filepath.Dir(link))
		name, _ := os.ReadFile(filepath.Join(dir, "comm"))
		text := fmt.Sprintf("%s (pid %s)", strings.TrimSpace(string(name)), filepath.Base(dir))
		if !slices.Contains(found[socket], text) {
			found[socket] = append(found[socket], text)
		}
	}
	return found
}

// of finds the programs that have a port open: now, or since they were seen.
func (h Holders) of(proc, network string, port uint16) (all []string) {
	var sockets []string
	for _, table := range []string{network, network + "6"} {
		data, _ := os.ReadFile(filepath.Join(proc, "thread-self", "net", table))
		for line := range strings.Lines(string(data)) {
			if inode, ok := inodeAt(line, port); ok {
				sockets = append(sockets, "socket:["+inode+"]")
			}
		}
	}
	if len(sockets) == 0 {
		return nil
	}
	now := seeHolders(proc, func(socket string) bool { return slices.Contains(sockets, socket) })
	for _, socket := range sockets {
		for _, who := range slices.Concat(now[socket], h[socket]) {
			if !slices.Contains(all, who) {
				all = append(all, who)
			}
		}
	}
	return all
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
