package iso9660

import (
	"strings"

	"github.com/bootrig/bootrig/server/content/internal/disc"
)

// maxTarget is how many bytes a link may have, as on Linux.
const maxTarget = 4096

// A link is put together from the components of SL entries, IEEE P1282 4.1.3.1.
type link struct {
	b    strings.Builder
	open bool // the last component goes on in the next
}

func (l *link) add(components []byte, at int64) error {
	const goesOn, current, up, root = 1, 2, 4, 8
	for len(components) > 0 {
		if len(components) < 2 || len(components) < 2+int(components[1]) {
			return disc.Faultf("the directory record at byte %d has a truncated link", at)
		}
		flags, text := components[0], string(components[2:2+int(components[1])])
		components = components[2+len(text):]
		switch {
		case flags&current != 0:
			text = "."
		case flags&up != 0:
			text = ".."
		case flags&root != 0:
			text = "/"
		}
		if s := l.b.String(); !l.open && s != "" && s != "/" {
			l.b.WriteByte('/')
		}
		l.b.WriteString(text)
		l.open = flags&goesOn != 0
		if l.b.Len() > maxTarget {
			return disc.Faultf("the directory record at byte %d has a link of more than %d bytes", at, maxTarget)
		}
	}
	return nil
}
