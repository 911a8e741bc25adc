// Package raw is the wire that an interface of this host is on: what machines on a real network are asked, and say,
// as frames.
//
// A Wire carries frames past the host's own stack, with MACs of their own, so that neither its addresses nor its DHCP
// client see anything of it; nothing on the host is changed. Join is an emulator.Lab on that network:
//
//	lab, port, err := raw.Join("eth0", 1)
//	...
//	defer lab.Close()
//	result, err := lab.Boot(ctx, emulator.GuestConfig{Profile: profile, MAC: mac})
//
// Limitations: Linux, with CAP_NET_RAW. Servers of this host are not heard on its own interface, and do not hear
// what is sent there: a frame that is sent goes out, and never up into the stack of the same interface. They are
// asked from another host, or through a bridge's own port (a veth pair). An access point of a Wi-Fi, and a switch
// that locks a port to one MAC, take no frames of strangers.
package raw
