package server

import (
	"fmt"
	"strings"

	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/tftpd"
)

// ipUDPTFTP is what goes off a packet before its data: headers of 20, 8 and 4 bytes.
const ipUDPTFTP = 32

func (s *Server) openTFTP() error {
	t := s.settings.TFTP
	if !t.Enabled {
		s.tree = nil
		return nil
	}
	if s.tree == nil {
		dir, err := s.open(t.Root, t.Rule, "tftp-root")
		switch {
		case err != nil && t.NoFail:
			return nil
		case err != nil:
			return err
		}
		s.tree = dir
	}
	if t.Lowercase {
		s.tree = lowercase{s.tree}
	}
	if len(s.links) > 0 && len(s.tftpLinks()) == 0 {
		return fmt.Errorf("%s: TFTP is for none of %s", strings.Join(s.settings.Files, ", "), describe(s.links))
	}
	return nil
}

// tftp is what the TFTP server is told.
func (s *Server) tftp() tftpd.Config {
	t := s.settings.TFTP
	cfg := tftpd.Config{Tree: s.tree, Events: s.events, MaxTransfers: t.MaxTransfers, NoBlocksize: t.NoBlocksize}
	if t.MTU > 0 {
		cfg.MaxBlock = max(t.MTU-ipUDPTFTP, 1)
	}
	return cfg
}

func (s *Server) tftpLinks() []tftpd.Link {
	links := []tftpd.Link{}
	for _, l := range s.links {
		if s.settings.MatchTFTP(l.Name) {
			links = append(links, tftpd.Link{Name: l.Name, Index: l.Index, Addr: l.Prefix.Addr()})
		}
	}
	return links
}

// lowercase is a tree whose files have lower-case names, whatever clients write (tftp-lowercase).
type lowercase struct{ content.Tree }

// Open finds the file.
func (l lowercase) Open(name string) (*content.File, error) {
	return l.Tree.Open(strings.Map(lower, name))
}

// lower is C's tolower: dnsmasq changes ASCII letters only.
func lower(r rune) rune {
	if r >= 'A' && r <= 'Z' {
		return r + 'a' - 'A'
	}
	return r
}
