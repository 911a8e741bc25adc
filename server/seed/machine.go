package seed

import (
	"net"
	"net/netip"
	"strings"
)

// A Machine is who asks, as far as it is known.
type Machine struct {
	MAC  net.HardwareAddr
	UUID string // 4c4c4544-0043-...
	Name string // as its DHCP client says: nobody has looked at it
	IP   netip.Addr
	Base string // the URL of the tree it installs from
}

// words are the names that a machine's own directory may have, in the order in which they are looked for.
func (m Machine) words() (all []string) {
	if len(m.MAC) > 0 {
		dashes := strings.ReplaceAll(m.MAC.String(), ":", "-")
		all = append(all, m.MAC.String(), dashes, "01-"+dashes)
	}
	if _, isMAC := parseMAC(m.Name); m.Name != "" && !isMAC && !isUUID(m.Name) {
		all = append(all, m.Name) // a machine that calls itself by another's MAC address does not become it
	}
	if m.UUID != "" {
		all = append(all, m.UUID)
	}
	return all
}

// parseMAC reads an address as people, pxelinux and iPXE write it: with colons, dashes, or 01- before it.
func parseMAC(word string) (net.HardwareAddr, bool) {
	const ethernet, with01 = 17, 20
	if len(word) == with01 && strings.HasPrefix(word, "01-") {
		word = word[3:]
	}
	if len(word) != ethernet {
		return nil, false
	}
	mac, err := net.ParseMAC(word)
	return mac, err == nil
}

func isUUID(word string) bool {
	const length = 36
	return len(word) == length && strings.Count(word, "-") == 4 && strings.Trim(strings.ToLower(word), "0123456789abcdef-") == ""
}

// At is where our HTTP server is reached, as Host has it: 192.168.9.2, or 192.168.9.2:8080.
type At string

// URL is where a machine's files begin, with a slash at the end. Of a machine without a MAC address it is the one
// by which we tell who asks by the address it asks from.
func (a At) URL(m Machine) string {
	if len(m.MAC) == 0 {
		return "http://" + string(a) + Path
	}
	return "http://" + string(a) + Path + strings.ReplaceAll(m.MAC.String(), ":", "-") + "/"
}

// Path is where the files begin on our HTTP server.
const Path = "/seed/"

// done is the name below a machine's URL by which its installer says that it has finished.
const done = "done"
