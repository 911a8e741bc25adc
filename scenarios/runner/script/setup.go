package script

import (
	"encoding/hex"
	"errors"
	"fmt"
	"net/netip"
	"path"
	"slices"
	"strconv"
	"strings"
)

// readLan reads `lan [NAME] CIDR [house=A] [server=B]`.
func readLan(a *args) any {
	var l Lan
	text := a.word("the network")
	if a.more() {
		l.Name, text = text, a.word("the network")
	}
	var err error
	if l.Net, err = netip.ParsePrefix(text); err != nil || !l.Net.Addr().Is4() {
		a.wrong("%q is not an IPv4 network such as 192.168.9.0/24", text)
	}
	l.House, l.Server = a.addr("house"), a.addr("server")
	for _, host := range []struct {
		key  string
		addr netip.Addr
	}{{"house", l.House}, {"server", l.Server}} {
		if host.addr.IsValid() && err == nil && !l.Net.Contains(host.addr) {
			a.wrong("%s=%s is not in %s", host.key, host.addr, l.Net)
		}
	}
	if l.House == l.Server && l.House.IsValid() {
		a.wrong("house and server are both %s; a proxy stands beside the house", l.House)
	}
	return l
}

func readServer(a *args) any {
	var s Server
	var given bool
	if s.Offer, given = a.take("offer"); given && s.Offer != "direct" && s.Offer != "redirect" {
		a.wrong("offer=%s is neither direct nor redirect", s.Offer)
	}
	if text, given := a.take("http"); given {
		port, err := strconv.ParseUint(text, 10, 16)
		if s.HTTP = uint16(port); err != nil || port == 0 {
			a.wrong("http=%s is not a port", text)
		}
	}
	if text, given := a.take("seed"); given {
		s.Seed = cleanPath(a, text)
	}
	for a.more() && path.IsAbs(a.words[0].Text) {
		s.Paths = append(s.Paths, cleanPath(a, a.word("the path")))
	}
	if a.more() && s.Paths == nil {
		s.Config = a.word("the configuration")
	}
	return s
}

// images are the endings of names that say what a tree is packed into.
var images = []string{".iso", ".tar.gz"}

func readImage(a *args) any {
	c := readContent(a).(Content)
	c.Packed = true
	if c.Path != "" && !slices.ContainsFunc(images, func(end string) bool { return strings.HasSuffix(c.Path, end) }) {
		a.wrong("%s ends in none of %s, which say what to make", c.Path, strings.Join(images, " "))
	}
	return c
}

func cleanPath(a *args, text string) string {
	if text != "" && (!path.IsAbs(text) || path.Clean(text) != text || text == "/") {
		a.wrong("%q is not a clean absolute path such as /tftpboot", text)
	}
	return text
}

func readContent(a *args) any {
	c := Content{Path: cleanPath(a, a.word("the path")), Omit: a.takeAll("omit"), Truncate: map[string]int64{}}
	if a.more() {
		c.Set = a.word("the content set or directory")
	}
	if c.Set == "." || strings.HasPrefix(c.Set, "./") || strings.HasPrefix(c.Set, "../") || path.IsAbs(c.Set) {
		c.Set, c.Dir = "", c.Set
	}
	for _, text := range a.takeAll("truncate") {
		name, size, ok := strings.Cut(text, ":")
		if !ok || name == "" {
			a.wrong("truncate=%s is not NAME:SIZE", text)
			continue
		}
		c.Truncate[name] = a.size("truncate="+name+":", size)
	}
	if text, ok := a.take("scale"); ok {
		var err error
		if c.Scale, err = ParseScale(text); err != nil {
			a.wrong("%v", err)
		}
	}
	return c
}

// ParseScale reads the size to which scale= cuts larger files.
func ParseScale(text string) (int64, error) {
	a := &args{}
	size := a.size("scale", text)
	switch {
	case len(a.mistakes) > 0:
		return 0, errors.New(a.mistakes[0])
	case size < 64<<10:
		return 0, fmt.Errorf("scale=%s is too small: at least 64K, so that a kernel's setup code stays whole", text)
	}
	return size, nil
}

// Machines are the boards that a guest can be on instead of its firmware's usual one.
var Machines = []string{"pc", "q35"}

func readGuest(a *args) any {
	g := Guest{Name: a.word("the guest's name"), Memory: 1 << 30}
	if strings.ContainsAny(g.Name, ".,=/") {
		a.wrong("guest name %q may not hold . , = or /", g.Name)
	}
	var ok bool
	if g.Firmware, ok = a.take("firmware"); !ok {
		a.wrong("firmware= is missing, such as firmware=ipxe-bios")
	}
	if nic, ok := a.take("nic"); ok {
		g.NIC = nic
	}
	if g.Machine, ok = a.take("machine"); ok && !slices.Contains(Machines, g.Machine) {
		a.wrong("machine=%s is neither pc nor q35", g.Machine)
	}
	n := len(a.mistakes)
	if g.MAC = a.mac("mac"); g.MAC == nil && len(a.mistakes) == n {
		a.wrong("mac= is missing")
	}
	if g.IP = a.addr("ip"); !g.IP.IsValid() && len(a.mistakes) == n {
		a.wrong("ip= is missing")
	}
	if text, ok := a.take("mem"); ok {
		g.Memory = a.size("mem", text)
	}
	if text, ok := a.take("uuid"); ok {
		raw, err := hex.DecodeString(strings.ReplaceAll(text, "-", ""))
		if copy(g.UUID[:], raw); err != nil || len(raw) != len(g.UUID) {
			a.wrong("uuid=%s is not a UUID", text)
		}
	}
	g.Lan, _ = a.take("lan")
	g.Knobs = readKnobs(a)
	return g
}

func readKnobs(a *args) (k Knobs) {
	k.Serial, _ = a.take("serial")
	if text, ok := a.take("disk"); ok {
		k.Disk = a.size("disk", text)
	}
	if text, ok := a.take("idle"); ok {
		k.Idle = strings.Split(text, ",")
	}
	if text, ok := a.take("boot"); ok {
		if k.Default = text == "default"; !k.Default {
			a.wrong("boot=%s is not default, the firmware's own order", text)
		}
	}
	return k
}

func readRelay(a *args) any {
	return Relay{Clients: a.word("the clients' lan"), Servers: a.word("the servers' lan")}
}
