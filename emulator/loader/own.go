package loader

import "net"

// ownProgram is bootrig's embedded boot program: it prints whom it reached, and stays.
func ownProgram(e *env) {
	line := "bootrig: server " + e.Handover.Server.String() + " address " + e.Handover.Addr.String() +
		" mac " + net.HardwareAddr(e.Handover.MAC[:]).String()
	switch h := e.Handover; {
	case h.HTTPBoot: // of which PXE's packets know nothing
		line = "bootrig: uri " + h.URL + " mac " + net.HardwareAddr(h.MAC[:]).String()
	case h.Stopped:
		line = "bootrig: mac " + net.HardwareAddr(h.MAC[:]).String()
	}
	e.say("%s", line)
	e.end(Outcome{Handoff: &Handoff{Kind: "program"}})
}
