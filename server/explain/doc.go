// Package explain answers: what would this client get, and why?
//
// A Client is told in a few words ("mac=52:54:00:12:34:56 arch=7"); Explain asks the server's own
// decisions every question that such a client asks, in its order, and keeps each answer or silence with
// the line that decided.
//
// # Usage
//
//	client, err := explain.ParseClient("arch=7 ipxe=yes")
//	link, ok := explain.On(explain.Links(cfg), client) // or a link of this host
//	story := explain.Explain(cfg, link, client) // of many clients: explain.New(cfg).Explain(link, client)
//	story.Look(tree) // which files would be served
//	story.Print(os.Stdout)
//
// # Limitations
//
// The client is the plainest of its kind: which packets it sends follows what EDK2 and iPXE do (PXE 2.1
// section 2.2; EDK2, PxeBcDhcp4.c; iPXE, dhcp.c), and it takes the first line of a menu and every other
// one in turn. It asks our server only: what a DHCP server beside it says, nobody here knows.
package explain
