package content

import "net/netip"

// Asked says who asks for a file, and at which of our addresses.
type Asked struct {
	Server netip.Addr
	Client netip.Addr
	MAC    string // of the client, as "52:54:00:12:34:56"; "": it is not known
}

// A Personal tree has other files for other clients, and at another of our addresses, as a menu has that names the
// server.
type Personal interface {
	Tree
	For(Asked) Tree
}

// For is what a client has of a tree. who is asked for its MAC address only where that may matter.
func For(tree Tree, server, client netip.Addr, who func(netip.Addr) string) Tree {
	personal, ok := tree.(Personal)
	if !ok {
		return tree
	}
	asked := Asked{Server: server, Client: client}
	if who != nil {
		asked.MAC = who(client)
	}
	return personal.For(asked)
}
