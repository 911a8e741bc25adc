package trial

import (
	"net"
	"net/netip"
	"strings"
	"time"

	"github.com/bootrig/bootrig/emulator/rom"
	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/pxe"
)

// An Answer is what a server said, as far as it decides a boot.
type Answer struct {
	Kind   event.Kind     `json:"kind"`
	After  time.Duration  `json:"after"` // since the machine is on
	From   netip.AddrPort `json:"from"`
	MAC    string         `json:"mac"`             // whose frame it was: the server's, or a relay's
	Server string         `json:"server"`          // option 54
	YIAddr string         `json:"yiaddr"`          // "" is 0.0.0.0
	SIAddr string         `json:"siaddr"`          //
	SName  string         `json:"sname,omitempty"` //
	File   string         `json:"file,omitempty"`  // the header's field, else option 67
	Class  string         `json:"class,omitempty"` // option 60
	Name   string         `json:"option66,omitempty"`
	Option string         `json:"option67,omitempty"` // where the header's field names another file
	Vendor string         `json:"vendor,omitempty"`   // option 43, in hex
	Menu   string         `json:"menu,omitempty"`     // what option 43 says, in words
}

func (w *witness) answer(e event.Event, frame []byte) Answer {
	return Answer{
		Kind: e.Kind, After: e.Time.Sub(w.began), From: e.Peer, MAC: net.HardwareAddr(frame[6:12]).String(),
		Server: e.Attr("server"), YIAddr: e.Attr("yiaddr"), SIAddr: e.Attr("siaddr"), SName: e.Attr("sname"), File: e.Path,
		Class: e.Attr("class"), Name: option66(frame), Option: e.Attr("bootfile"), Vendor: e.Attr("vendor"), Menu: menu(e),
	}
}

// menu is what option 43 says.
func menu(e event.Event) string {
	var words []string
	for _, name := range []string{"control", "servers", "menu", "prompt", "item"} {
		if v := e.Attr(name); v != "" {
			words = append(words, name+" "+v)
		}
	}
	return strings.Join(words, ", ")
}

// isPXE tells whether an option 60 is one of a boot server.
func isPXE(class string) bool {
	return strings.HasPrefix(class, pxe.PXEClient) || strings.HasPrefix(class, pxe.HTTPClient)
}

// Role is what its sender is to the machine.
func (a Answer) Role() string {
	switch boots := isPXE(a.Class); {
	case a.Kind == event.Nak:
		return "refusal"
	case a.YIAddr != "" && boots:
		return "DHCP server that is a boot server too"
	case a.YIAddr != "" && a.File != "":
		return "DHCP server that names a boot file"
	case a.YIAddr != "":
		return "DHCP server"
	case boots:
		return "proxy"
	}
	return "of no use: no address, and no PXEClient in option 60"
}

// A Choice is what the firmware took.
type Choice struct {
	Address string `json:"address,omitempty"` // of which it is the machine's
	Lease   string `json:"lease,omitempty"`   // who gives that
	Proxy   string `json:"proxy,omitempty"`   // who else names the boot file
	Named   string `json:"named,omitempty"`   // whose packet counts for it
	File    string `json:"file,omitempty"`
	Server  string `json:"server,omitempty"` // where it is to be asked for
	Why     string `json:"why,omitempty"`    // the firmware's rule
}

func choice(c rom.Choice) (out Choice) {
	out.File, out.Why = c.File, c.Why
	if c.Lease != nil {
		out.Lease, out.Address = c.Lease.PseudoID().String(), c.Lease.YIAddr.String()
	}
	if c.Proxy != nil && c.Proxy != c.Lease {
		out.Proxy = c.Proxy.PseudoID().String()
	}
	if c.Named != nil {
		out.Named = c.Named.PseudoID().String()
	}
	if c.Server.IsValid() {
		out.Server = c.Server.String()
	}
	return out
}
