package script

import (
	"fmt"
	"io/fs"
	"net/netip"
	"path"
	"slices"
	"strconv"
	"strings"
)

// Host changes the host of the server under test while the server runs.
type Host struct {
	Do       string       // link up, link down, addr add, addr del, mv, truncate, reload, kill, start
	Card     string       // of link and addr: eth0 is on the first lan that says server=
	Addr     netip.Prefix // of addr
	From, To string       // of mv: absolute, or files beside the configuration; of truncate: From
	Size     int64        // of truncate
}

// What a Host step does.
const (
	LinkUp   = "link up"
	LinkDown = "link down"
	AddrAdd  = "addr add"
	AddrDel  = "addr del"
	Move     = "mv"
	Truncate = "truncate"
	Reload   = "reload"
	Kill     = "kill"
	Start    = "start"
)

func readHost(a *args) any {
	h := Host{Do: a.word("what to do: link, addr, mv, truncate, reload, kill or start")}
	switch h.Do {
	case "link", "addr":
		way := a.word("the direction")
		if h.Do += " " + way; !slices.Contains([]string{LinkUp, LinkDown, AddrAdd, AddrDel}, h.Do) {
			a.wrong("%q is neither link up, link down, addr add nor addr del", h.Do)
			a.words = nil
			return h
		}
		h.Card = a.word("the card, such as eth0")
		if way == "add" || way == "del" {
			text := a.word("the address")
			var err error
			if h.Addr, err = netip.ParsePrefix(text); err != nil || !h.Addr.Addr().Is4() {
				a.wrong("%q is not an address in its network, such as 192.168.9.3/24", text)
			}
		}
	case Move:
		h.From, h.To = a.word("what to move"), a.word("where to")
		for _, name := range []string{h.From, h.To} {
			if name != "" && (path.Clean(name) != name || name == "/" || !path.IsAbs(name) && !fs.ValidPath(name)) {
				a.wrong("%q is neither a clean absolute path nor a file beside the configuration", name)
			}
		}
		if path.IsAbs(h.From) != path.IsAbs(h.To) {
			a.wrong("one name is absolute, and the other is beside the configuration")
		}
	case Truncate:
		h.From = cleanPath(a, a.word("what to cut off"))
		h.Size = a.size("truncate", a.word("the size that is left"))
	case Reload, Kill, Start, "":
	default:
		a.wrong("%q is not one of link, addr, mv, truncate, reload, kill and start", h.Do)
	}
	return h
}

// fitHost says what a Host step names that is not there. A tree can be moved inside the directory it lies in, which
// therefore is not the root.
func (f *File) fitHost(p *Plan, h Host) (wrong []string) {
	cards := 0
	for _, l := range p.Lans {
		if l.Server.IsValid() {
			cards++
		}
	}
	switch n := h.Index(); {
	case h.Card != "" && (n < 0 || n >= cards):
		return []string{fmt.Sprintf("the server has no card %s: it has one, from eth0 on, for each lan that says server=", h.Card)}
	case h.Do != Move || h.From == "" || h.To == "":
		return nil
	case !path.IsAbs(h.From):
		return nil // it may be what another mv has put there
	}
	for _, name := range []string{h.From, h.To} {
		if !slices.ContainsFunc(p.Contents, func(c Content) bool { return strings.HasPrefix(name, c.Shown()+"/") }) {
			wrong = append(wrong, fmt.Sprintf("%s is not below the path of a content line, nor beside one: a tree that is moved lies in a directory, as /srv/tftp does in /srv", name))
		}
	}
	return wrong
}

// Index counts the card from 0; -1 if it has no such name.
func (h Host) Index() int {
	n, err := strconv.Atoi(strings.TrimPrefix(h.Card, "eth"))
	if err != nil || h.Card != fmt.Sprint("eth", n) {
		return -1
	}
	return n
}

// Shown is the directory that a Host step can move things in: the one that the content lies in, or the content's own
// where that lies in the root.
func (c Content) Shown() string {
	if dir := path.Dir(c.Path); dir != "/" {
		return dir
	}
	return c.Path
}
