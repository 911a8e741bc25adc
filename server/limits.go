package server

import "fmt"

// limits say how much of each kind a process may have whose open files are limited. Whatever clients do,
// there are files left for the others: HTTP does not starve TFTP, and neither the DHCP service, its
// database and the log.
type limits struct {
	Files     int // that we may have open; 0: as many as we like
	Ports     int // for transfers
	Transfers int // each with an open file
	Conns     int // of HTTP, each with an open file too
}

// What is wanted where files are plenty.
const (
	wantPorts     = 64
	wantTransfers = 2000
	wantConns     = 1024
)

// limitsOf deals out the files that may be open. A few are for us: standard files, sockets, the database.
func limitsOf(files int) limits {
	l := limits{Files: files, Ports: wantPorts, Transfers: wantTransfers, Conns: wantConns}
	if files <= 0 {
		return l
	}
	l.Ports = min(wantPorts, max(files/16, 1))
	left := max(files-l.Ports-max(files/8, 24), 6)
	l.Transfers = min(wantTransfers, left/2)
	l.Conns = min(wantConns, max((left-l.Transfers)/2, 1))
	return l
}

// transfers is how many are had where the configuration wants some number, or none in particular.
func (l limits) transfers(wanted int) int {
	switch {
	case wanted <= 0:
		return l.Transfers
	case l.Files <= 0:
		return wanted
	}
	return min(wanted, max(l.Transfers, l.Files-l.Ports-2*l.Conns-max(l.Files/8, 24)))
}

// short says what a process with few open files has less of, if it has.
func (l limits) short(wanted int) string {
	n := l.transfers(wanted)
	if n >= max(wanted, 1) && wanted > 0 || l.Transfers == wantTransfers && wanted <= 0 {
		return ""
	}
	return fmt.Sprintf("of the %d files that this process may have open %d are for TFTP transfers and %d for HTTP connections: for more raise its limit (ulimit -n, LimitNOFILE=)",
		l.Files, n, l.Conns)
}
