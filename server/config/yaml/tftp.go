package yaml

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/bootrig/bootrig/server/config"
)

// smallestMTU is a packet with 20 bytes of IP, 8 of UDP and 4 of TFTP, and a block of 8 (RFC 2348).
const smallestMTU = 40

func tftp() form[config.TFTP] {
	type T = config.TFTP
	return object[T]{
		start: T{Enabled: true},
		fields: []field[T]{
			key("enabled", "false: the rest is read, and nothing served", boolean(), func(t *T) *bool { return &t.Enabled }),
			part("root", "the directory; if relative, from that of this file. Clients know it by this name too", directory(),
				func(t T) place { return place{t.Root, t.Rule} },
				func(r *reader, n ast.Node, t *T, v place) { t.Root, t.Rule = v.dir, v.rule }),
			key("roots", "directories in its place on single interfaces; of two for one the first counts", list(tftpRoot()), func(t *T) *[]config.TFTPRoot { return &t.Roots }),
			part("own-directory", "a client has the directory that is named after its ip or its mac to itself, if there is one", some(choice("name of a client's own directory", map[string]string{"ip": "ip", "mac": "mac"})),
				ownDirectory, func(_ *reader, _ ast.Node, t *T, v []string) {
					for _, by := range v {
						t.UniqueByIP, t.UniqueByMAC = t.UniqueByIP || by == "ip", t.UniqueByMAC || by == "mac"
					}
				}),
			ruled("interfaces", "where, such as eth0 or vlan*; without it wherever DHCP may be", list(anyText()), func(t *T) *[]string { return &t.Interfaces }, func(t *T) *string { return &t.InterfacesRule }),
			key("secure", "files must belong to the user that bootrig runs as, unless that is root", boolean(), func(t *T) *bool { return &t.Secure }),
			key("links-anywhere", "symbolic links may lead out of the root", boolean(), func(t *T) *bool { return &t.LinksAnywhere }),
			key("no-blocksize", "blocks of 512 bytes only, whatever clients ask for", boolean(), func(t *T) *bool { return &t.NoBlocksize }),
			key("lowercase", "names that clients ask for are made lower case", boolean(), func(t *T) *bool { return &t.Lowercase }),
			key("no-fail", "a root that is missing is no mistake: its files are, until it is there", boolean(), func(t *T) *bool { return &t.NoFail }),
			ruled("max-transfers", "how many at a time; more wait", number[int](1, 1<<31-1), func(t *T) *int { return &t.MaxTransfers }, func(t *T) *string { return &t.MaxRule }),
			key("mtu", "the largest packet; without it the link's", number[int](smallestMTU, 1<<31-1), func(t *T) *int { return &t.MTU }),
			part("ports", "transfers speak from these, such as 50000-50999; without it from any", ports(),
				func(t T) portRange { return portRange{t.FirstPort, t.LastPort} },
				func(_ *reader, _ ast.Node, t *T, v portRange) { t.FirstPort, t.LastPort = v.first, v.last }),
			key("single-port", "transfers speak from port 69, whatever ports says", boolean(), func(t *T) *bool { return &t.SinglePort }),
			key("quiet", "files that are missing are left out of the log", boolean(), func(t *T) *bool { return &t.Quiet }),
		},
		check: func(r *reader, n ast.Node, t *T) {
			if t.Enabled && t.Root == "" && len(t.Roots) == 0 {
				r.wrong(n, "tftp serves nothing without its root: add root: DIRECTORY")
			}
		},
	}.form()
}

func tftpRoot() form[config.TFTPRoot] {
	type T = config.TFTPRoot
	return object[T]{
		fields: []field[T]{
			must(part("directory", "the directory; if relative, from that of this file", directory(),
				func(t T) place { return place{dir: t.Dir} }, func(_ *reader, _ ast.Node, t *T, v place) { t.Dir = v.dir })),
			must(key("interface", "the interface", text(), func(t *T) *string { return &t.Interface })),
		},
		rule: func(t *T) *string { return &t.Rule },
	}.form()
}

func ownDirectory(t config.TFTP) (by []string) {
	if t.UniqueByIP {
		by = append(by, "ip")
	}
	if t.UniqueByMAC {
		by = append(by, "mac")
	}
	return by
}

// A place is a directory, and the line that names it.
type place struct{ dir, rule string }

// directory is one that begins where the file is, unless it begins with a slash.
func directory() form[place] {
	f := path()
	return form[place]{
		schema: f.schema,
		read: func(r *reader, n ast.Node) (place, bool) {
			dir, ok := f.read(r, n)
			return place{dir, r.rule(n)}, ok
		},
		print: func(p place) out {
			o := f.print(p.dir)
			o.comment = p.rule
			return o
		},
	}
}

type portRange struct{ first, last uint16 }

func ports() form[portRange] {
	return word(schema{"type": "string", "pattern": "^[0-9]{1,5}-[0-9]{1,5}$"}, "a range of ports such as 50000-50999", func(s string) (p portRange, err error) {
		a, b, _ := strings.Cut(s, "-")
		first, err := strconv.ParseUint(a, 10, 16)
		last, err2 := strconv.ParseUint(b, 10, 16)
		if err != nil || err2 != nil || first == 0 || last < first {
			return p, errors.New("not a range of ports such as 50000-50999")
		}
		return portRange{uint16(first), uint16(last)}, nil
	}, func(p portRange) string { return fmt.Sprintf("%d-%d", p.first, p.last) })
}
