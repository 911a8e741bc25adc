package rom

import (
	"encoding/binary"
	"slices"
	"time"
)

// A Try is one boot of several that a firmware goes through by itself until one stays. Empty fields are the profile's.
type Try struct {
	Class       string   // option 60
	Arch        uint16   // option 93
	NoArch      bool     // it sends no option 93
	File        string   // it wants this file, whatever the lease names
	Script      bool     // it wants a script, and no program
	Beside      []string // it reads these from the same server when it has its file, and boots without them too
	AddressOnly bool     // it wants an address, and no file
}

// now is the try that it is at; a firmware without Tries has one.
func (r *ROM) now() Try {
	if r.tried < len(r.cfg.Profile.Tries) {
		return r.cfg.Profile.Tries[r.tried]
	}
	return Try{}
}

// another begins the next try where this one came to nothing.
func (r *ROM) another(now time.Time) {
	if r.phase != ended || r.outcome.Failure == nil {
		return
	}
	if failure := r.outcome.Failure; r.GoOn(now) {
		r.say(now, failure.Text)
	}
}

// GoOn has the firmware go on with its next try: this one's program came back, or is none. False: there is no other.
func (r *ROM) GoOn(now time.Time) bool {
	if r.tried+1 >= len(r.cfg.Profile.Tries) {
		return false
	}
	*r = ROM{cfg: r.cfg, rand: r.rand, powerOn: r.powerOn, tried: r.tried + 1, wants: r.wants, xid: r.xid, out: r.out}
	r.begin(now)
	return true
}

// Refuses says why the firmware does not run what it read, "" if it does.
func (r *ROM) Refuses(program []byte) string {
	switch {
	case !r.now().Script:
		return r.cfg.Profile.Refuses(program)
	case !UBootScript(program):
		return "it is no script of U-Boot"
	}
	return ""
}

// UBootScript says whether a file is a script of U-Boot: a legacy image of that type (U-Boot include/image.h).
func UBootScript(file []byte) bool {
	const magic, typ, script, header = 0x27051956, 30, 6, 64
	return len(file) >= header && binary.BigEndian.Uint32(file) == magic && file[typ] == script
}

// nextXID is the xid of the DISCOVER that is sent next. U-Boot remembers the last ten of a discovery, and takes an answer
// to any (net/bootp.c, bootp_request and bootp_match_id).
func (r *ROM) nextXID(now time.Time) {
	if !r.cfg.Profile.ClockXID {
		return
	}
	const remembered = 10
	xid := binary.BigEndian.Uint32(r.cfg.MAC[2:]) + uint32(now.Sub(r.powerOn)/time.Millisecond)
	if xid == r.xid {
		xid++ // a real one is never ready for the next within a millisecond
	}
	r.xid = xid
	r.xids = append(r.xids, r.xid)
	r.xids = r.xids[max(0, len(r.xids)-remembered):]
}

// mine says whether an xid is one of this conversation.
func (r *ROM) mine(xid uint32) bool {
	return xid == r.sessionXID() || slices.Contains(r.xids, xid)
}
