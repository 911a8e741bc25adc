package iso9660

import (
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"strings"
	"time"

	"github.com/bootrig/bootrig/server/content/internal/disc"
)

// maxName is how many bytes a name may have; Linux has 255.
const maxName = 1024

// extensions are the names that Rock Ridge goes by in an ER entry: that of the first drafts, and those of IEEE
// P1282 4.3, as it says and as it is written.
var extensions = []string{"RRIP_1991A", "IEEE_P1282", "IEEE_1282"}

// rootRock is what Rock Ridge says of the root; nil where there is no Rock Ridge. The root's record of itself has an
// SP entry where SUSP is used (IEEE P1281 5.3), and then tells which extensions.
func (f *format) rootRock(root record) (*rock, error) {
	r, err := f.self(root.where(f.block))
	if err != nil {
		return nil, err
	}
	for _, skip := range []int{0, 14} { // 14 bytes are CD-ROM XA's
		use := r.systemUse[min(skip, len(r.systemUse)):]
		if len(use) < 7 || string(use[:2]) != "SP" || use[4] != 0xbe || use[5] != 0xef {
			continue
		}
		f.skip, f.areas.left = skip, maxContinued
		k, err := f.parse(r)
		f.skip = int(use[6])
		if err != nil || !k.present {
			return nil, err
		}
		return k, nil
	}
	return nil, nil
}

// namesRockRidge tells whether an ER entry is of one of them; the identifier is behind three lengths and a
// version (IEEE P1281 5.5).
func namesRockRidge(er []byte) bool {
	for _, name := range extensions {
		if len(er) > 4 && strings.HasPrefix(string(er[4:]), name) {
			return true
		}
	}
	return false
}

// self is the first record of the directory that begins there: the one of itself.
func (f *format) self(where int64) (record, error) {
	b := make([]byte, 256)
	n, err := f.image.ReadAt(b, where)
	if n < minRecord {
		if err != nil && !errors.Is(err, io.EOF) {
			return record{}, err
		}
		return record{}, disc.Faultf("a directory is said to lie at byte %d, and the image ends at %d: is the download whole?", where, f.size)
	}
	r, err := parseRecord(b[:n], where)
	if err == nil && r.name != self {
		err = disc.Faultf("no directory begins at byte %d", where)
	}
	return r, err
}

// rock is what Rock Ridge says in the entries of one record. Of several of a kind the parts are joined.
type rock struct {
	mode      uint32
	hasMode   bool
	modTime   time.Time
	name      strings.Builder
	link      link
	child     int64 // the block of a directory that is relocated from here; 0: it is not
	relocated bool
	refused   error
	present   bool // the record says that there is Rock Ridge
}

// rock completes a node from the entries of its record, and tells whether it is a directory that was relocated to
// here, whose place is elsewhere.
func (f *format) rock(r record, n *disc.Node) (relocated bool, err error) {
	k, err := f.parse(r)
	if err != nil || k.relocated {
		return k.relocated, err
	}
	if k.name.Len() > 0 {
		n.Name = k.name.String()
	}
	k.complete(n)
	if k.child != 0 && n.Refused == nil {
		n.Refused, err = faultOf(f.relocated(k.child*f.block, n))
	}
	return false, err
}

// relocated completes the node of a directory that lies elsewhere. What stands for it where its place is is the
// record of a file; the directory tells of itself (4.1.5.1).
func (f *format) relocated(where int64, n *disc.Node) error {
	own, err := f.self(where)
	if err != nil {
		return err
	}
	n.Where, n.Size, n.ModTime, n.Mode = where, own.size, own.time(), fs.ModeDir|0o555
	k, err := f.parse(own)
	k.complete(n)
	return err
}

// parse reads the entries of a record. What is wrong with them is no reason to refuse the whole directory:
// genisoimage writes some wrong, for long links. But together they have a bound.
func (f *format) parse(r record) (*rock, error) {
	k := &rock{}
	err := f.entries(r, func(e entry) error { return k.entry(e, r.at) })
	if f.areas.left < 0 {
		return k, err
	}
	fault, err := faultOf(err)
	if fault != nil {
		k.refused = fault
	}
	return k, err
}

// faultOf tells what is wrong with the image from what went wrong with reading it.
func faultOf(err error) (fault, other error) {
	if f := disc.Fault(""); errors.As(err, &f) {
		return f, nil
	}
	return nil, err
}

func (k *rock) complete(n *disc.Node) {
	if !k.modTime.IsZero() {
		n.ModTime = k.modTime
	}
	if k.hasMode {
		n.Mode = mode(k.mode, n.Mode.IsDir())
	}
	if n.Mode.Type() == fs.ModeSymlink {
		n.Target, n.Size = k.link.b.String(), int64(k.link.b.Len())
	}
	n.Refused = k.refused
}

// entry takes an entry of IEEE P1282.
func (k *rock) entry(e entry, at int64) error {
	if len(e.data) < least(e.kind) {
		return disc.Faultf("the directory record at byte %d has a truncated system use entry, %q", at, e.kind)
	}
	switch string(e.kind) {
	case "PX": // POSIX attributes, 4.1.1
		k.mode, k.hasMode, k.present = binary.LittleEndian.Uint32(e.data), true, true
	case "NM": // a name, 4.1.4; some flags are for the directory itself and its parent
		if e.data[0]&6 != 0 {
			return nil
		}
		if k.name.Len()+len(e.data) > maxName {
			return disc.Faultf("the directory record at byte %d has a name of more than %d bytes", at, maxName)
		}
		k.name.Write(e.data[1:])
	case "SL": // a part of a link, 4.1.3
		return k.link.add(e.data[1:], at)
	case "TF": // times, 4.1.6
		k.times(e.data)
	case "CL": // where a directory was relocated to, 4.1.5.1
		k.child = int64(binary.LittleEndian.Uint32(e.data))
	case "RE": // was relocated, 4.1.5.3
		k.relocated = true
	case "RR": // there is Rock Ridge, in the first drafts
		k.present = true
	case "ER":
		k.present = k.present || namesRockRidge(e.data)
	case "ZF":
		k.refused = disc.Faultf("it is compressed by zisofs, which is not supported: the image must be made without it")
	case "SF":
		k.refused = disc.Faultf("it is written as a sparse file of Rock Ridge, which is not supported")
	}
	return nil
}

// least is how many bytes an entry has at least, behind its header.
func least(kind []byte) int {
	switch string(kind) {
	case "PX", "CL":
		return 8
	case "NM", "SL", "TF":
		return 1
	}
	return 0
}

// times takes the modification time: the second of those that the flags tell of.
func (k *rock) times(b []byte) {
	const creation, modify, long = 1, 2, 0x80
	flags, b, n, date := b[0], b[1:], 7, shortDate
	if flags&long != 0 {
		n, date = 17, longDate
	}
	if flags&creation != 0 {
		b = b[min(n, len(b)):]
	}
	if flags&modify != 0 && len(b) >= n {
		k.modTime = date(b[:n])
	}
}
