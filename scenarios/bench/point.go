package bench

import (
	"fmt"
	"regexp"
	"time"
)

// A Point is one load. One of its pointers is set.
type Point struct {
	Name  string `json:"name"`
	What  string `json:"what"` // for people
	Wire  Wire   `json:"wire,omitzero"`
	TFTP  *TFTP  `json:"tftp,omitempty"`
	Tool  *Tool  `json:"tool,omitempty"`
	HTTP  *HTTP  `json:"http,omitempty"`
	DHCP  *DHCP  `json:"dhcp,omitempty"`
	Storm *Storm `json:"storm,omitempty"`
	Boot  *Boot  `json:"boot,omitempty"`
}

// A Wire is what is between server and load. The zero Wire loses nothing and takes no time.
type Wire struct {
	Loss float64       `json:"loss,omitempty"` // probability, in each direction
	RTT  time.Duration `json:"rtt,omitempty"`  // half of it in each direction
}

// TFTP is a load of package load.
type TFTP struct {
	Clients int   `json:"clients"` // all at once
	Blksize int   `json:"blksize"`
	Window  int   `json:"window"`
	Files   int   `json:"files"` // that they fetch, in turn
	Size    int64 `json:"size"`  // of a file
	In      Kind  `json:"in,omitempty"`
}

// lockstep tells whether there is one packet on the way at any time.
func (t TFTP) lockstep() bool { return t.Clients == 1 && t.Window == 1 }

// A Kind is what the files are in.
type Kind string

// The kinds: a directory, if nothing is said.
const (
	Tarball Kind = "tar.gz"
	ISO     Kind = "iso"
)

// A Tool is a TFTP client of somebody else's, which fetches one file.
type Tool struct {
	Name string `json:"name"` // curl, atftp or tftp
	Size int64  `json:"size"`
}

// HTTP is files that curl fetches over one connection.
type HTTP struct {
	Files int   `json:"files"`
	Size  int64 `json:"size"`
}

// DHCP is what perfdhcp asks.
type DHCP struct {
	Leases bool `json:"leases,omitempty"` // four packets for an address, instead of OFFERs of a proxy
	Rate   int  `json:"rate,omitempty"`   // exchanges a second, whose latency counts; 0: the highest rate is looked for
}

// A Storm is scripted machines that boot their whole chain.
type Storm struct {
	Clients  int    `json:"clients"`
	Scenario string `json:"scenario"`
}

// A Boot is a real machine that boots up to its kernel.
type Boot struct {
	Scenario string `json:"scenario"`
}

// A Unit is what a point measures.
type Unit struct {
	Name string
	Less bool // is better
}

// Unit is the unit of its figure.
func (p Point) Unit() Unit {
	switch {
	case p.DHCP != nil && p.DHCP.Rate > 0:
		return Unit{"ms", true}
	case p.DHCP != nil:
		return Unit{"answers/s", false}
	case p.Storm != nil, p.Boot != nil:
		return Unit{"s", true}
	}
	return Unit{"MB/s", false}
}

// Choose gives the points whose names match.
func Choose(pattern string) ([]Point, error) {
	re, err := regexp.Compile(pattern)
	if err != nil {
		return nil, fmt.Errorf("--point %s: %w", pattern, err)
	}
	var chosen []Point
	for _, p := range Points() {
		if re.MatchString(p.Name) {
			chosen = append(chosen, p)
		}
	}
	if len(chosen) == 0 {
		return nil, fmt.Errorf("--point %s: no point has such a name: `bootrig bench --list` has them", pattern)
	}
	return chosen, nil
}

// Scaled has its files, or its number of small ones, smaller by a factor.
func (p Point) Scaled(by float64) Point {
	size := func(n int64) int64 { return max(int64(float64(n)*by), 1) }
	switch {
	case p.TFTP != nil:
		t := *p.TFTP
		t.Size = size(t.Size)
		p.TFTP = &t
	case p.Tool != nil:
		t := *p.Tool
		t.Size = size(t.Size)
		p.Tool = &t
	case p.HTTP != nil && p.HTTP.Files > 1:
		h := *p.HTTP
		h.Files = int(size(int64(h.Files)))
		p.HTTP = &h
	case p.HTTP != nil:
		h := *p.HTTP
		h.Size = size(h.Size)
		p.HTTP = &h
	}
	return p
}
