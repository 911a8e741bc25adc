package server

import (
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"os"
	"strings"

	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/tftpd"
	"github.com/bootrig/bootrig/wire/event"
)

// roots say what each client is served by TFTP.
type roots struct {
	config.TFTP
	neighbor Neighbor
	root     root
	single   map[string]root // by the name of the interface
}

// A root is a tree, and the line that says that it is served.
type root struct {
	content.Tree
	rule string
}

// forClient finds the root of the link and in it the client's own, if there is one: by its address, then
// below that by its MAC (tftp.c, tftp_request). who tells a client's MAC where the tree has other files for each.
func (r roots) forClient(on tftpd.Link, client netip.Addr, who func(netip.Addr) string) (tree content.Tree, rule string) {
	root, single := r.single[on.Name]
	switch {
	case single:
	case r.root.Tree != nil:
		root = r.root
	default: // there is no TFTP any more, and somebody asked before that
		return nothing{}, event.BuiltIn
	}
	tree = r.own(content.For(root.Tree, on.Addr, client, who), on, client)
	if r.Lowercase {
		tree = content.Lowercase(tree)
	}
	return tree, root.rule
}

func (r roots) own(tree content.Tree, on tftpd.Link, client netip.Addr) content.Tree {
	name := ""
	try := func(next string) {
		if _, ok := branch(tree, name+next); ok {
			name += next + "/"
		}
	}
	if r.UniqueByIP {
		try(client.String())
	}
	if r.UniqueByMAC {
		if mac, known := r.neighbor(on.Name, client); known {
			try(strings.ReplaceAll(mac.String(), ":", "-"))
		}
	}
	if name == "" {
		return tree
	}
	if own, ok := branch(tree, name); ok {
		return own
	}
	return tree
}

// branch is a directory of a tree as a tree, if the tree has directories.
func branch(tree content.Tree, name string) (content.Tree, bool) {
	b, ok := tree.(interface {
		Below(name string) (content.Tree, bool)
	})
	if !ok {
		return nil, false
	}
	return b.Below(name)
}

// nothing is served where there is no root.
type nothing struct{}

// Open refuses.
func (nothing) Open(name string) (*content.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fmt.Errorf("there is no tftp-root here: %w", fs.ErrPermission)}
}

// neighbor asks the host's ARP table (proc(5), /proc/net/arp). Without a name any interface will do.
func neighbor(name string, client netip.Addr) (net.HardwareAddr, bool) {
	table, _ := os.ReadFile("/proc/net/arp")
	begin := client.String() + " "
	for line := range strings.Lines(string(table)) {
		if !strings.HasPrefix(line, begin) {
			continue
		}
		const mac, device = 3, 5
		f := strings.Fields(line)
		if len(f) <= device || name != "" && f[device] != name {
			continue
		}
		if hw, err := net.ParseMAC(f[mac]); err == nil && strings.Trim(f[mac], "0:") != "" {
			return hw, true
		}
	}
	return nil, false
}
