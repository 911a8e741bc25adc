package header

import (
	"path"
	"regexp"
	"strings"
)

// Second is the file that a shim loads, where it is called name itself: beside it, called as was compiled in,
// but that iPXE's shim makes the name of its own (github.com/ipxe/shim: ipxe-shimx64.efi and shimx64-ipxe.efi
// load ipxe.efi). "" for what is no shim.
func Second(p []byte, name string) string {
	next := compiledIn(p)
	if next == "" {
		return ""
	}
	dir, base := path.Split(name)
	if strings.HasPrefix(next, "ipxe") {
		if own := regexp.MustCompile(`^shim[a-z0-9]*-|-shim[a-z0-9]*`).ReplaceAllString(base, ""); own != base {
			return dir + own
		}
	}
	return dir + next
}

// compiledIn is the name that a shim has for what it loads: in its data, behind a backslash and in UTF-16, as
// those of its helpers are.
func compiledIn(p []byte) string {
	name := regexp.MustCompile(`\\\x00((?:[0-9A-Za-z_.-]\x00){1,60})\x00\x00`)
	parts := sections(p)
	shim := false
	for _, s := range parts {
		shim = shim || s.name == ".vendor_cert"
	}
	for _, s := range parts {
		if !shim || s.name != ".data" && s.name != ".rodata" && s.name != ".text" {
			continue
		}
		for _, m := range name.FindAllSubmatch(s.data, -1) {
			text := strings.ReplaceAll(string(m[1]), "\x00", "")
			if strings.HasSuffix(text, ".efi") && !strings.HasPrefix(text, "fb") && !strings.HasPrefix(text, "mm") {
				return text
			}
		}
	}
	return ""
}
