package runner

import (
	"net/netip"
	"time"
)

// A Guest is a machine of a run, for who reads what became of it.
type Guest struct {
	Name     string     `json:"name"`
	Firmware string     `json:"firmware"`
	MAC      string     `json:"mac"`
	IP       netip.Addr `json:"ip"`
	House    netip.Addr `json:"house,omitzero"`
	Server   netip.Addr `json:"server,omitzero"`
	Command  string     `json:"command,omitempty"` // of QEMU, to paste
	Screens  []Screen   `json:"screens,omitempty"` // of a real machine, in their order
}

// A Screen is a picture of a real machine's screen.
type Screen struct {
	Time time.Time `json:"time"`
	At   string    `json:"at"`   // the stage that its boot had come to
	File string    `json:"file"` // in the run's own directory, a PNG
}

// guests tells who took part.
func (b *lab) guests() (all []Guest) {
	for _, g := range b.Guests {
		hosts := b.Hosts(g.Name)
		all = append(all, Guest{Name: g.Name, Firmware: g.Firmware, MAC: g.MAC.String(), IP: g.IP, House: hosts.House, Server: hosts.Server})
	}
	return all
}
