package link

// A Filter sees the frames that pass a port, both ways. It may change a frame in place or answer with
// another; keep=false drops it.
type Filter func(frame []byte) (out []byte, keep bool)

// Filter adds f to what passes port p: on the frames its host sends, and on those that it would get.
func (l *LAN) Filter(p Port, f Filter) {}

// DropUDP drops the frames to and from a UDP port of the host it is set on.
func DropUDP(port uint16) Filter { return nil }

// RewriteDHCP edits the BOOTP payload of DHCP replies (from UDP port 67 or 4011).
func RewriteDHCP(edit func(bootp []byte)) Filter { return nil }
