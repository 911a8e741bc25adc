package tftpd

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Each case is the whole conversation; play puts in what the server really answered.
var conversations = []struct{ rule, script string }{
	{"without options DATA 1 comes at once, and a short block is the last", `
		> rrq f1000 octet
		< data 1 512
		> ack 1
		< data 2 488
		> ack 2
		+10m`},
	{"a file of whole blocks ends with an empty one", `
		> rrq f1024 octet
		< data 1 512
		> ack 1
		< data 2 512
		> ack 2
		< data 3 0
		> ack 3
		+10m`},
	{"an empty file is one empty block", `
		> rrq empty octet tsize 0
		< oack tsize 0
		> ack 0
		< data 1 0
		> ack 1
		+10m`},
	{"the OACK has only what was asked for, in our order, and DATA waits for ACK 0", `
		> rrq f1000 octet windowsize 4 TSIZE 0 timeout 9 blksize 1468 multicast x
		< oack blksize 1468 tsize 1000 timeout 9 windowsize 4
		> ack 0
		< data 1 1000
		> ack 1`},
	{"a missing file is answered at once, without an OACK before it", `
		> rrq nosuch octet tsize 0
		< error 1 file /tftpboot/nosuch not found for 192.168.9.100
		+10m`},
	{"a size probe that aborts after the OACK is the end, and the real request follows from the same port", `
		> rrq f1000 octet tsize 0 blksize 1468
		< oack blksize 1468 tsize 1000
		> error 8 User aborted the transfer
		> rrq f1000 octet blksize 1468
		< oack blksize 1468
		> ack 0
		< data 1 1000
		> ack 1
		+10m`},
	{"duplicate ACKs are ignored, so that nothing is sent twice", `
		> rrq f1024 octet
		< data 1 512
		> ack 1
		< data 2 512
		> ack 1
		> ack 1
		> ack 0
		> ack 9
		> ack 2
		< data 3 0
		> ack 2
		> ack 3
		> ack 3`},
	{"duplicate ACKs of the OACK are ignored too", `
		> rrq f1024 octet blksize 600
		< oack blksize 600
		> ack 1
		> ack 0
		< data 1 600
		> ack 0
		> ack 1
		< data 2 424`},
	{"a window goes out at once and is acknowledged once", `
		> rrq f1000 octet blksize 100 windowsize 4
		< oack blksize 100 windowsize 4
		> ack 0
		< data 1 100
		< data 2 100
		< data 3 100
		< data 4 100
		> ack 4
		< data 5 100
		< data 6 100
		< data 7 100
		< data 8 100
		> ack 8
		< data 9 100
		< data 10 100
		< data 11 0
		> ack 11
		+10m`},
	{"an ACK in mid-window goes back behind it, once", `
		> rrq f1000 octet blksize 100 windowsize 4
		< oack blksize 100 windowsize 4
		> ack 0
		< data 1 100
		< data 2 100
		< data 3 100
		< data 4 100
		> ack 2
		< data 3 100
		< data 4 100
		< data 5 100
		< data 6 100
		> ack 2
		> ack 2
		> ack 6
		< data 7 100
		< data 8 100
		< data 9 100
		< data 10 100`},
	{"silence is met with retransmissions, farther and farther apart, and then with silence", `
		> rrq f2000 octet blksize 100
		< oack blksize 100
		> ack 0
		< data 1 100
		> ack 1
		< data 2 100
		> ack 2
		< data 3 100
		> ack 3
		< data 4 100
		> ack 4
		< data 5 100
		> ack 5
		< data 6 100
		+1999ms
		+1ms
		< data 6 100
		+2s
		< data 6 100
		+4s
		< data 6 100
		+10s
		< data 6 100
		+10m
		< data 6 100
		< data 6 100
		< data 6 100
		< data 6 100`},
	{"who has not answered is sent nothing but what he asks for", `
		> rrq f1000 octet
		< data 1 512
		+29s
		> rrq f1000 octet
		< data 1 512
		+10m`},
	{"who has acknowledged the OACK alone is sent few", `
		> rrq f1000 octet tsize 0
		< oack tsize 1000
		> ack 0
		< data 1 512
		+2s
		< data 1 512
		+2s
		< data 1 512
		+4s
		< data 1 512
		+10m`},
	{"and what he asks for, if it is no echo", `
		> rrq f1000 octet tsize 0
		< oack tsize 1000
		> ack 0
		< data 1 512
		+199ms
		> ack 0
		+1ms
		> ack 0
		< data 1 512
		> ack 0
		> ack 1
		< data 2 488
		+1s
		> ack 0`},
	{"and not later because it asks for long time-outs", `
		> rrq f1000 octet timeout 255
		< oack timeout 255
		+29s
		> ack 0
		< data 1 512
		+30s
		> ack 1`},
	{"a client that has acknowledged a block gets the long time-outs it asked for", `
		> rrq f2000 octet timeout 200
		< oack timeout 200
		> ack 0
		< data 1 512
		> ack 1
		< data 2 512
		+200s
		< data 2 512
		+99s
		> ack 2
		< data 3 512
		+5m
		< data 3 512
		> ack 3`},
	{"the client's own time-out is used", `
		> rrq f1000 octet timeout 1
		< oack timeout 1
		+1s
		> ack 0
		< data 1 512
		+1s
		< data 1 512
		> ack 1
		< data 2 488
		> ack 2`},
	{"a window is sent again from its beginning when nothing comes back", `
		> rrq f2000 octet blksize 500 windowsize 2
		< oack blksize 500 windowsize 2
		> ack 0
		< data 1 500
		< data 2 500
		> ack 2
		< data 3 500
		< data 4 500
		+2s
		< data 3 500
		< data 4 500
		> ack 4
		< data 5 0`},
	{"but with one block for a client that has acknowledged none, and with the window after that", `
		> rrq f2000 octet blksize 500 windowsize 3
		< oack blksize 500 windowsize 3
		> ack 0
		< data 1 500
		< data 2 500
		< data 3 500
		+2s
		< data 1 500
		> ack 1
		< data 2 500
		< data 3 500
		< data 4 500`},
	{"an ACK of what was never sent opens nothing", `
		> rrq f2000 octet blksize 500 windowsize 2
		< oack blksize 500 windowsize 2
		> ack 2
		> ack 0
		< data 1 500
		< data 2 500
		> ack 4
		> ack 3
		> ack 2
		< data 3 500
		< data 4 500`},
	{"what is no read request does not end a transfer", `
		> rrq f2000 octet
		< data 1 512
		> ack 1
		< data 2 512
		> raw69 "\x00\x04\x00\x01"
		> raw69 "\x00\x02f100\x00octet\x00"
		> ack 2
		< data 3 512`},
	{"the last block is repeated for a client that lost it, and not for long", `
		> rrq f100 octet blksize 50
		< oack blksize 50
		> ack 0
		< data 1 50
		> ack 1
		< data 2 50
		> ack 2
		< data 3 0
		+6s
		< data 3 0
		< data 3 0
		+1m
		< data 3 0
		< data 3 0
		< data 3 0`},
	{"a stranger at the transfer's port gets ERROR 5 and changes nothing", `
		> rrq f1024 octet
		< data 1 512
		> stranger: ack 1
		< error 5 this port belongs to another transfer to 192.168.9.66:666
		> stranger: error 0 mine
		> ack 1
		< data 2 512`},
	{"a request that comes twice gets the same answer from the same transfer", `
		> rrq f1000 octet tsize 0
		< oack tsize 1000
		> rrq f1000 octet tsize 0
		< oack tsize 1000
		> ack 0
		< data 1 512
		> rrq f1000 octet tsize 0
		> ack 1
		< data 2 488
		> ack 2`},
	{"a client that starts anew gets a new transfer", `
		> rrq f1000 octet
		< data 1 512
		> ack 1
		< data 2 488
		+5s
		< data 2 488
		< data 2 488
		> rrq f1000 octet
		< data 1 512`},
	{"another file from the same port replaces the transfer", `
		> rrq f1000 octet
		< data 1 512
		> rrq f100 octet
		< data 1 100
		> ack 1
		+10m`},
	{"a closed port at the client ends the transfer", `
		> rrq f1000 octet
		< data 1 512
		> unreachable
		+10m`},
	{"an ERROR in the middle ends the transfer", `
		> rrq f1000 octet
		< data 1 512
		> ack 1
		< data 2 488
		> error 3 disk full
		+10m`},
	{"what is no read request gets ERROR 4", `
		> raw69 "\x00\x02f100\x00octet\x00"
		< error 4 unsupported request from 192.168.9.100
		> raw69 "\x00\x01f100"
		< error 4 unsupported request from 192.168.9.100
		> raw69 "\x00\x04\x00\x01"
		< error 4 unsupported request from 192.168.9.100
		> raw69 "\x00\x01\x00octet\x00"
		< error 4 unsupported request from 192.168.9.100`},
	{"neither an ERROR nor a stump at port 69 is answered", `
		> raw69 "\x00\x05\x00\x00\x00"
		> raw69 "\x00"`},
	{"zeros behind the request are padding", `
		> raw69 "\x00\x01f100\x00octet\x00tsize\x000\x00\x00\x00\x00\x00"
		< oack tsize 100`},
}

func TestConversations(t *testing.T) {
	cfg := Config{Tree: treeOf(map[string][]byte{
		"empty": nil, "f100": pattern(100), "f1000": pattern(1000), "f1024": pattern(1024), "f2000": pattern(2000),
	})}
	for _, c := range conversations {
		t.Run(c.rule, func(t *testing.T) {
			var want strings.Builder
			for line := range strings.Lines(strings.TrimSpace(c.script)) {
				want.WriteString(strings.TrimSpace(line) + "\n")
			}
			if diff := cmp.Diff(want.String(), play(t, cfg, c.script)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
