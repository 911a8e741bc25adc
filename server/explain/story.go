package explain

import (
	"net/netip"

	"github.com/bootrig/bootrig/server/content"
)

// A Story is all that is said between a client and our server, and where it leads.
type Story struct {
	Client string `json:"client"`
	Link   string `json:"link"` // the network it is on, and our address there
	Tags   []Tag  `json:"tags,omitempty"`
	Steps  []Step `json:"steps"`
	Files  []File `json:"files,omitempty"`
}

// A Tag is one that the client has.
type Tag struct {
	Name string `json:"name"`
	Rule string `json:"rule"` // the line that gave it; "" for one that comes by itself, as the interface's name
}

// A Step is one question and what became of it. Without a Reply it is silence.
type Step struct {
	Asked  string  `json:"asked"`
	Rule   string  `json:"rule"`
	Reason string  `json:"reason"`
	Delay  string  `json:"delay,omitempty"`
	Reply  *Reply  `json:"reply,omitempty"`
	Silent bool    `json:"silent"`
	Relay  string  `json:"relay,omitempty"` // the servers elsewhere that are asked in our place; "": we are
	packet *packet // the reply
}

// A File is one the client would fetch.
type File struct {
	Name   string     `json:"name"`
	Server netip.Addr `json:"server"` // whom it is asked of
	Rule   string     `json:"rule"`   // the line that named it
	Ours   bool       `json:"ours"`   // Server is us, and the name is one for TFTP
	Found  bool       `json:"found"`  // it would be served; Size and Error count where somebody looked
	Size   int64      `json:"size,omitempty"`
	Error  string     `json:"error,omitempty"` // why it would not be served
}

// Look finds out which of the files that are ours would be served.
func (s *Story) Look(tree content.Tree) {
	for i := range s.Files {
		f := &s.Files[i]
		if !f.Ours {
			continue
		}
		file, err := tree.Open(f.Name)
		if err != nil {
			f.Error = err.Error()
			continue
		}
		f.Found, f.Size = true, file.Size
		file.Close()
	}
}
