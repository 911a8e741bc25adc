package build

import (
	"encoding/binary"
	"fmt"
	"strings"
	"unicode/utf16"
)

// Entries of a directory: 32 bytes each, a long name as several before the entry that it belongs to.
const (
	fatEntry    = 32
	fatLongPart = 13 // characters of a long name in one entry
	fatLongMax  = 255
	fatReadOnly = 0x01
	fatDir      = 0x10
	fatLong     = 0x0f
	fatEpoch    = 1<<5 | 1 // the first of January 1980: the same files are the same volume
)

// fatName says what is wrong with a name.
func fatName(name string) error {
	if i := strings.IndexAny(name, "\\:*?\"<>|"); i >= 0 {
		return fmt.Errorf("%q: a name of a FAT volume has no %q", name, name[i])
	}
	if n := len(utf16.Encode([]rune(name))); n > fatLongMax {
		return fmt.Errorf("%q: %d characters are more than a name of a FAT volume has", name, n)
	}
	return nil
}

// shorten gives a name of eight and three characters to all that is in a directory.
func (n *fatNode) shorten() {
	taken := map[[11]byte]bool{}
	for _, each := range n.inside {
		base, ext := each.name, ""
		if dot := strings.LastIndexByte(base, '.'); dot > 0 {
			base, ext = base[:dot], base[dot+1:]
		}
		base, ext = shortened(base), shortened(ext)
		short := fatShort(base, ext)
		for i := 1; taken[short] || i == 1 && !each.fits(short); i++ {
			tail := fmt.Sprintf("~%d", i)
			short = fatShort(base[:min(len(base), 8-len(tail))]+tail, ext)
			if !taken[short] {
				break
			}
		}
		taken[short] = true
		each.short = short
	}
}

// fits says that a short name tells the whole name, but for its case.
func (n *fatNode) fits(short [11]byte) bool {
	whole := strings.TrimRight(string(short[:8]), " ")
	if ext := strings.TrimRight(string(short[8:]), " "); ext != "" {
		whole += "." + ext
	}
	return strings.EqualFold(whole, n.name)
}

// shortened is a part of a name as it may stand in a short one.
func shortened(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		case r >= 'A' && r <= 'Z', r >= '0' && r <= '9', strings.ContainsRune("$%'-_@~`!(){}^#&", r):
			return r
		case r == ' ' || r == '.':
			return -1
		}
		return '_'
	}, s)
}

func fatShort(base, ext string) [11]byte {
	short := [11]byte([]byte("           "))
	copy(short[:8], base)
	copy(short[8:], ext)
	return short
}

// long says that an entry needs its long name: the short one has no case.
func (n *fatNode) long() bool {
	return n.name != strings.ToUpper(n.name) || !n.fits(n.short)
}

// entries is how long the directory is, with an empty entry at its end.
func (n *fatNode) entries(dots bool) int64 {
	count := 1
	if dots {
		count += 2
	}
	for _, each := range n.inside {
		count++
		if each.long() {
			count += (len(utf16.Encode([]rune(each.name))) + fatLongPart - 1) / fatLongPart
		}
	}
	return int64(count) * fatEntry
}

// write fills a directory. parent is the cluster of the one above, 0 for the root.
func (n *fatNode) write(to []byte, dots bool, parent uint32) {
	put := func(entry []byte) { to = to[copy(to, entry):] }
	if dots {
		self := &fatNode{dir: true, cluster: n.cluster, short: fatShort(".", "")}
		above := &fatNode{dir: true, cluster: parent, short: fatShort("..", "")}
		if parent == fatFirst {
			above.cluster = 0
		}
		put(self.entry())
		put(above.entry())
	}
	for _, each := range n.inside {
		if each.long() {
			put(longName(each.name, each.short))
		}
		put(each.entry())
	}
}

func (n *fatNode) entry() []byte {
	le := binary.LittleEndian
	e := make([]byte, fatEntry)
	copy(e, n.short[:])
	e[11] = fatReadOnly
	if n.dir {
		e[11] = fatDir
	}
	for _, at := range []int{16, 18, 24} { // made, read, written
		le.PutUint16(e[at:], fatEpoch)
	}
	le.PutUint16(e[20:], uint16(n.cluster>>16))
	le.PutUint16(e[26:], uint16(n.cluster))
	if !n.dir {
		le.PutUint32(e[28:], uint32(n.data.Size))
	}
	return e
}

// longName is the entries of a long name, the last of its parts first. Behind it comes a zero if there is
// room, and ones after that.
func longName(name string, short [11]byte) []byte {
	var sum byte
	for _, c := range short {
		sum = sum>>1 | sum<<7
		sum += c
	}
	units := utf16.Encode([]rune(name))
	count := (len(units) + fatLongPart - 1) / fatLongPart
	var all []byte
	for i := count; i > 0; i-- {
		e := make([]byte, fatEntry)
		e[0], e[11], e[13] = byte(i), fatLong, sum
		if i == count {
			e[0] |= 0x40
		}
		for c := range fatLongPart {
			unit := uint16(0xffff)
			switch at := (i-1)*fatLongPart + c; {
			case at < len(units):
				unit = units[at]
			case at == len(units):
				unit = 0
			}
			binary.LittleEndian.PutUint16(e[longAt(c):], unit)
		}
		all = append(all, e...)
	}
	return all
}

// longAt is where a character stands: five, six and two of them, around the fields of a short name's entry.
func longAt(c int) int {
	switch {
	case c < 5:
		return 1 + 2*c
	case c < 11:
		return 14 + 2*(c-5)
	}
	return 28 + 2*(c-11)
}
