// Package config is what a server is told, whatever language said it.
//
// Each language compiles to the one Config: dnsmasq.conf in server/config/dnsmasq, bootrig.yaml in
// server/config/yaml. Every entry keeps the file:line it came from, its Rule, which the server names in
// every answer and every silence.
package config

import (
	"net/netip"
	"strings"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/lease"
	"github.com/bootrig/bootrig/server/policy"
	"github.com/bootrig/bootrig/server/proxydhcp"
	"github.com/bootrig/bootrig/server/relay"
)

// Config is everything a configuration can say.
type Config struct {
	DHCP       proxydhcp.Config
	Leases     lease.Config // with Ranges, DHCP is no proxy's but a whole server's
	Relays     relay.Relays // networks whose requests are for servers elsewhere
	TFTP       TFTP
	HTTP       HTTP
	Media      Media
	Interfaces Interfaces
	Everywhere string   // the rule by which the networks of all links are served; "": those of DHCP are
	YAML       bool     // it was said in bootrig.yaml, and so is what to do better
	Files      []string // what was read, in that order
	Sought     []string // where else was looked: directories, and files that are not there
	Watched    []string // directories of which files count as soon as they come or change (dhcp-hostsdir and its kin)
	Notices    []Notice // what the reader should know, though nothing is wrong
}

// TFTP says what the TFTP server serves. Without Enabled there is none.
type TFTP struct {
	Enabled     bool
	Root        string     // the directory; clients know it by this name too
	Rule        string     // of Root
	Roots       []TFTPRoot // in the place of Root on single interfaces; of two for one the first counts
	UniqueByIP  bool       // a client has the directory named by its address to itself: ROOT/192.168.9.100
	UniqueByMAC bool       // the same by its MAC address: ROOT/52-54-00-12-34-56
	Interfaces  []string   // where, as in Interfaces.Names; empty: wherever DHCP may be

	InterfacesRule string // of the last of Interfaces
	MaxRule        string // of MaxTransfers

	Secure        bool   // files must belong to the user the server runs as, unless that is root
	LinksAnywhere bool   // symbolic links may lead out of the root
	NoBlocksize   bool   // blocks of 512 bytes only
	Lowercase     bool   // names are made lower case
	NoFail        bool   // a root that is missing is no mistake: its files are, until it is there
	MaxTransfers  int    // at a time, more wait; 0: the server's default
	MTU           int    // the largest packet; 0: the link's
	FirstPort     uint16 // transfers speak from the ports FirstPort to LastPort; 0: from any
	LastPort      uint16
	SinglePort    bool // transfers speak from port 69, whatever FirstPort says
	Quiet         bool // files that are missing are left out of the log
}

// A TFTPRoot is the root on one interface.
type TFTPRoot struct{ Dir, Interface, Rule string }

// HTTP says where and what the HTTP server serves. Without a Port there is none, but for Media on port 80.
type HTTP struct {
	Addr netip.Addr // zero: every address
	Port uint16
	Dir  string // "": what TFTP serves, media too
	Rule string
}

// Media are what people downloaded, to be booted as it is: directories, tarballs, images. What they hold decides what
// else is served: TFTP has their files, HTTP too (on port 80 unless HTTP says another), each kind of machine a boot file,
// and where there are neither networks nor leases the networks of all links are served. TFTP.Root is not for them.
type Media struct {
	Paths    []string // of several each is below its name, and directories that are no medium are laid over the rest
	Programs []string // directories with boot programs, in which they are looked for before the host's packages
	Seed     string   // a directory with answer files for installers; "": people answer
	Starts   []Start  // of those that fit a machine the last counts, those with tags before those without
	Rule     string
}

// A Start is what some machines start of Media without being asked.
type Start struct {
	Entry string       // its name; "": the menu is as for all others
	Args  string       // added to the kernel's: of Entry, or else of all
	Tags  policy.Wants // empty: all machines
	Rule  string
}

// A Notice is a remark about one line.
type Notice struct {
	Rule string // file:line
	Text string
	ID   string // of server/lint's Rule or config/dnsmasq's Difference; "": good to know
	Note bool   // good to know, whatever its ID: nobody will miss anything
}

// String is the form of every message here: "dnsmasq.conf:3: text".
func (n Notice) String() string { return n.Rule + ": " + n.Text }

// A BootFile is a file that some client is told to fetch from us.
type BootFile struct{ Name, Rule string }

// BootFiles are the files of the configuration that clients fetch by TFTP from this server.
func (c *Config) BootFiles() []BootFile {
	var files []BootFile
	add := func(name, rule string, elsewhere bool) {
		if name != "" && !elsewhere && !strings.Contains(name, "://") {
			files = append(files, BootFile{name, rule})
		}
	}
	for _, b := range c.DHCP.Boot {
		add(b.File, b.Rule, b.Server.IsValid())
		add(b.Script, b.Rule, b.Server.IsValid())
	}
	for _, s := range c.DHCP.Services {
		add(s.FileFor(0), s.Rule, s.Server.IsValid())
	}
	return files
}

// On is the configuration with the networks of the links, if all are to be served.
func (c Config) On(links []dhcp.Link) Config {
	if c.Everywhere == "" {
		return c
	}
	c.DHCP.Networks = nil
	for _, link := range links {
		c.DHCP.Networks = append(c.DHCP.Networks, dhcp.Network{Addr: link.Prefix.Addr(), Bits: link.Prefix.Bits(), Rule: c.Everywhere})
	}
	return c
}

// Serve is the configuration of "serve these boot files", on the networks of all links, with the rule as
// the reason.
func Serve(boot []proxydhcp.Boot, links []dhcp.Link, rule string) Config {
	c := Config{Everywhere: rule}
	for _, b := range boot {
		b.Rule = rule
		c.DHCP.Boot = append(c.DHCP.Boot, b)
	}
	c.TFTP.Enabled = true
	return c.On(links)
}
