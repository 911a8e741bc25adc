package tftp

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bootrig/bootrig/wire/machine"
)

// Receive takes a datagram for this transfer's port; others are ignored.
func (t *Transfer) Receive(now time.Time, in machine.Input) {
	switch in := in.(type) {
	case machine.Unreachable:
		if t.done || in.Dst != t.cfg.Server || in.Src != t.cfg.Local {
			return
		}
		// EDK2 alone ends a transfer on ICMP (OVMF 2022.11 says PXE-E99 then); to others it only explains the
		// silence.
		t.refused = true
		if t.cfg.Dialect == EDK2 {
			t.end(Unreachable, 0, fmt.Sprintf("nobody listens at %s (port unreachable)", t.cfg.Server))
		}
	case machine.Datagram:
		if t.done || in.TCP || in.Dst.Port() != t.cfg.Local.Port() || len(in.Payload) < 4 {
			return
		}
		// The first answer fixes the server's transfer port; from then on others are not listened to.
		if t.peer.IsValid() && in.Src != t.peer || in.Src.Addr() != t.cfg.Server.Addr() {
			return
		}
		t.packet(now, in)
	}
}

func (t *Transfer) packet(now time.Time, d machine.Datagram) {
	p := d.Payload
	first := !t.peer.IsValid()
	t.peer = d.Src
	switch op := binary.BigEndian.Uint16(p); {
	case op == opError && (first || t.cfg.Dialect != Syslinux):
		// pxelinux listens to an ERROR only in place of its first answer; later it hears DATA alone and
		// waits out its patience (syslinux tftp_get_packet).
		t.serverError(p)
	case op == opOACK && first:
		t.oack(now, p[2:])
	case op == opOACK && t.cfg.Dialect != Syslinux && t.last == 0:
		t.progress(now) // iPXE and EDK2 acknowledge a second OACK
	case op == opData && t.cfg.Probe && t.cfg.Dialect == EDK2:
		t.sendError(4, "User aborted download")
		t.end(NoSize, 0, fmt.Sprintf("the server sent %s at once: it knows no options, so EDK2 cannot learn the size", t.cfg.Name))
	case op == opData:
		t.data(now, p, first)
	}
}

// serverError ends the transfer in the words of the code.
func (t *Transfer) serverError(p []byte) {
	code := int(binary.BigEndian.Uint16(p[2:]))
	reason := ServerError
	switch code {
	case 1:
		reason = NotFound
	case 2:
		reason = AccessDenied
	case 4:
		reason = IllegalOp
	}
	t.end(reason, code, fmt.Sprintf("%s answered ERROR %d %q to %s", t.peer.Addr(), code, cstring(p[4:]), t.cfg.Name))
}

// oack takes the options the server grants. RFC 2347 allows only what was asked for; pxelinux says ERROR 8
// to anything else and takes the file for missing (syslinux tftp_open), EDK2 says ERROR 4 to an option it knows and
// to more than it asked for (Mtftp4RrqOackValid), iPXE ignores it. EDK2's probe looks at tsize alone.
func (t *Transfer) oack(now time.Time, p []byte) {
	for len(p) > 0 && p[0] != 0 {
		var name, value string
		name, p = word(p)
		value, p = word(p)
		n, err := strconv.ParseInt(value, 10, 64)
		switch _, asked := t.asked(name); {
		case !t.takes(name, n, err):
			t.badOACK(name, value)
			return
		case asked && strings.EqualFold(name, "tsize"):
			t.size = n
		case asked && strings.EqualFold(name, "blksize"):
			t.blksize = int(min(n, 65464))
		case asked && strings.EqualFold(name, "windowsize"):
			t.window = int(max(n, 1))
		}
	}
	t.granted(now)
}

// takes says whether a client takes an option of an OACK.
func (t *Transfer) takes(name string, n int64, err error) bool {
	wanted, asked := t.asked(name)
	known := slices.Contains([]string{"blksize", "timeout", "tsize", "multicast", "windowsize"}, strings.ToLower(name))
	edk2 := t.cfg.Dialect == EDK2
	switch {
	case edk2 && t.cfg.Probe:
		return true
	case asked && (err != nil || n < 0):
		return false
	case t.cfg.Dialect == Syslinux:
		return asked
	case edk2 && !asked:
		return !known
	case edk2:
		return strings.EqualFold(name, "tsize") || n <= wanted
	}
	return true
}

func (t *Transfer) badOACK(name, value string) {
	if t.cfg.Dialect == EDK2 {
		t.sendError(4, "Malformatted OACK packet")
	} else {
		t.sendError(8, "TFTP protocol error")
	}
	t.end(BadPacket, 8, fmt.Sprintf("the OACK for %s holds %q %q", t.cfg.Name, name, value))
}

// granted goes on from a good OACK.
func (t *Transfer) granted(now time.Time) {
	switch {
	case t.cfg.Probe && t.cfg.Dialect == EDK2:
		t.sendError(8, "User aborted the transfer")
		t.done = true
		if t.size < 0 {
			t.end(NoSize, 0, fmt.Sprintf("the OACK for %s has no tsize", t.cfg.Name))
		}
	case t.cfg.Probe:
		t.sendError(0, "TFTP Aborted")
		t.done = true
	case t.cfg.Dialect == Syslinux && (t.blksize < 64 || t.blksize > 2048):
		// The bounds of pxelinux's packet buffer (syslinux tftp_open).
		t.sendError(8, "TFTP protocol error")
		t.end(BadPacket, 8, fmt.Sprintf("block size %d for %s", t.blksize, t.cfg.Name))
	case t.blksize < 8 || t.blksize > 65464:
		t.end(BadPacket, 0, fmt.Sprintf("block size %d for %s", t.blksize, t.cfg.Name))
	case t.cfg.Memory > 0 && t.size > t.cfg.Memory:
		t.sendError(3, "Disk full or allocation exceeded")
		t.end(TooBig, 0, fmt.Sprintf("%s has %d bytes, memory for files is %d", t.cfg.Name, t.size, t.cfg.Memory))
	case t.cfg.Dialect == Syslinux && t.size == 0:
		// To pxelinux an empty file is a missing one (syslinux __pxe_searchdir tests inode->size).
		t.end(NotFound, 0, fmt.Sprintf("%s is empty", t.cfg.Name))
	default:
		if t.size > 0 {
			t.content = make([]byte, 0, min(t.size, 64<<20)) // a server may say what it likes
		}
		t.progress(now)
	}
}

// asked says whether an option was asked for, and with what number.
func (t *Transfer) asked(name string) (n int64, ok bool) {
	words := strings.Fields(t.cfg.Options)
	for i := 0; i+1 < len(words); i += 2 {
		if strings.EqualFold(words[i], name) {
			n, err := strconv.ParseInt(words[i+1], 10, 64)
			return n, err == nil
		}
	}
	return 0, false
}

// data takes the next block, and acknowledges it if it ends a window. A block that is not the next one gets the
// ACK of the last good one, and the server must not take that for a request (the Sorcerer's Apprentice, RFC 1123
// section 4.2.3.1); pxelinux leaves its clock alone then, iPXE and EDK2 start it anew. EDK2 ignores a block that is
// too long (Mtftp4RrqInput).
func (t *Transfer) data(now time.Time, p []byte, first bool) {
	block, chunk := binary.BigEndian.Uint16(p[2:]), p[4:]
	if first && block != 1 {
		t.peer = netip.AddrPort{} // not an answer to this request
		return
	}
	if len(chunk) > t.blksize && t.cfg.Dialect == EDK2 {
		return
	}
	if len(chunk) > t.blksize {
		t.end(BadPacket, 0, fmt.Sprintf("block %d of %s has %d bytes, %d were agreed", block, t.cfg.Name, len(chunk), t.blksize))
		return
	}
	if block != t.last+1 || block == 0 && t.cfg.NoWrap {
		if t.cfg.Dialect != Syslinux {
			t.timer.Answered(now)
			t.timer.Start(now)
		}
		t.ack(t.last)
		return
	}
	t.last = block
	t.content = append(t.content, chunk...)
	t.done = len(chunk) < t.blksize
	if t.refuse() {
		return
	}
	if t.pending++; t.pending == t.window || t.done {
		t.progress(now)
	}
}

// refuse shows Head the beginning of the file, once, and ends the transfer if it does not like it.
func (t *Transfer) refuse() bool {
	if t.cfg.Head == nil || len(t.content) < headSize && !t.done {
		return false
	}
	ok := t.cfg.Head(t.content)
	t.cfg.Head = nil
	if !ok && !t.done {
		t.sendError(0, "No error, file close")
		t.done = true
		return true
	}
	return false
}

// progress acknowledges what has come and waits for more.
func (t *Transfer) progress(now time.Time) {
	t.timer.Answered(now)
	t.timer.Start(now)
	t.ack(t.last)
}

// word is the next zero-terminated string.
func word(p []byte) (string, []byte) {
	for i, c := range p {
		if c == 0 {
			return string(p[:i]), p[i+1:]
		}
	}
	return string(p), nil
}

func cstring(b []byte) string {
	s, _, _ := strings.Cut(string(b), "\x00")
	return s
}
