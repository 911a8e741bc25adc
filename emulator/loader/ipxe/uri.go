package ipxe

import (
	"path"
	"strconv"
	"strings"
)

// A URI is what a command names. Its parts are as they are written.
type URI struct {
	Scheme, Host, Path, Query string // Host with its port
	Opaque                    string // what follows the scheme of iscsi: and the like
}

// ParseURI reads a URI or a relative one (uri.c, parse_uri). Nothing is a mistake.
func ParseURI(text string) (u URI) {
	text, _, _ = strings.Cut(text, "#")
	if scheme, rest, ok := strings.Cut(text, ":"); ok && scheme != "" && !strings.ContainsAny(scheme, "/?") {
		u.Scheme, text = scheme, rest
		if !strings.HasPrefix(rest, "/") {
			u.Opaque = rest
			return u
		}
	}
	if rest, ok := strings.CutPrefix(text, "//"); ok && u.Scheme != "" {
		end := strings.IndexAny(rest, "/?")
		if end < 0 {
			end = len(rest)
		}
		u.Host, text = rest[:end], rest[end:]
	}
	u.Path, u.Query, _ = strings.Cut(text, "?")
	return u
}

// String is the URI as it is printed.
func (u URI) String() string {
	var b strings.Builder
	if u.Scheme != "" {
		b.WriteString(u.Scheme + ":" + u.Opaque)
	}
	if u.Host != "" {
		b.WriteString("//" + u.Host)
	}
	b.WriteString(u.Path)
	if u.Query != "" {
		b.WriteString("?" + u.Query)
	}
	return b.String()
}

// Resolve is where a URI leads that stands in a script of URI u (resolve_uri, resolve_path).
func (u URI) Resolve(ref URI) URI {
	switch {
	case ref.Scheme != "" || u.Scheme == "" || u.Opaque != "":
		return ref
	case ref.Path == "":
		ref.Path = u.Path
	case ref.Path[0] != '/':
		ref.Path = resolvePath(u.Path, ref.Path)
	}
	ref.Scheme, ref.Host = u.Scheme, u.Host
	return ref
}

// resolvePath puts a relative path beside a base. Only dots that lead it mean directories.
func resolvePath(base, ref string) string {
	dir := base[:strings.LastIndexByte(base, '/')+1]
	for {
		switch rest, up := strings.CutPrefix(ref, "../"); {
		case up:
			ref = rest
			dir = strings.TrimSuffix(dir, "/")
			dir = "/" + strings.TrimPrefix(dir[:strings.LastIndexByte(dir, '/')+1], "/")
		case strings.HasPrefix(ref, "./"):
			ref = ref[2:]
		default:
			return dir + ref
		}
	}
}

// Name is what an image of this URI is called: the last part of its path.
func (u URI) Name() string {
	if u.Opaque != "" {
		return path.Base(u.Opaque)
	}
	return u.Path[strings.LastIndexByte(u.Path, '/')+1:]
}

// Request is what an HTTP server is asked for.
func (u URI) Request() string {
	path := u.Path
	if path == "" {
		path = "/"
	}
	if u.Query != "" {
		path += "?" + u.Query
	}
	return path
}

// TFTPName is the name a server is asked for: without the first slash, since a full URI has no way to leave it out
// (net/udp/tftp.c, tftp_send_rrq), and unescaped.
func (u URI) TFTPName() string { return unescape(strings.TrimPrefix(u.Path, "/")) }

func unescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if c, err := strconv.ParseUint(s[i+1:i+3], 16, 8); err == nil {
				b.WriteByte(byte(c))
				i += 2
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
