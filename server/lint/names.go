package lint

import (
	"encoding/hex"
	"fmt"
	"net/netip"
	"regexp"
	"strings"

	"github.com/bootrig/bootrig/server/content"
)

// machines are the names that pxelinux makes of a machine's own numbers: UUID, hardware address behind its type,
// address in hexadecimal, cut short digit by digit (syslinux, core/fs/pxe/pxe.c, pxe_open_config).
func machines() *regexp.Regexp {
	return regexp.MustCompile(`^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|(01|06|20)(-[0-9a-f]{2}){6}|[0-9A-F]{1,8}|default)$`)
}

// askedAs is the name that a machine asks for, of a file that was meant for one and is called otherwise; "" for
// what was meant for nobody.
func askedAs(name string) string {
	if machines().MatchString(name) {
		return ""
	}
	if addr, err := netip.ParseAddr(name); err == nil && addr.Is4() {
		return fmt.Sprintf("%X", addr.AsSlice())
	}
	digits := strings.NewReplacer("-", "", ":", "", ".", "").Replace(strings.ToLower(name))
	number, err := hex.DecodeString(digits)
	if regexp.MustCompile(`^[0-9A-Fa-f]{1,8}$`).MatchString(name) && strings.ContainsAny(name, "0123456789") {
		return strings.ToUpper(name) // an address, or its beginning; a word such as "face" is somebody's text
	}
	const mac, uuid = 6, 16
	switch dashes := strings.Count(name, "-") + strings.Count(name, ":") + strings.Count(name, "."); {
	case err != nil:
	case len(number) == mac && (dashes == 0 || dashes == 2 || dashes == 5):
		return "01-" + dashed(number)
	case len(number) == mac+1 && dashes == 6:
		return "01-" + dashed(number[1:])
	case len(number) == uuid && dashes == 4:
		return fmt.Sprintf("%x-%x-%x-%x-%x", number[:4], number[4:6], number[6:8], number[8:10], number[10:])
	}
	if strings.EqualFold(name, "default") {
		return "default"
	}
	return ""
}

func dashed(b []byte) string { return strings.ReplaceAll(fmt.Sprintf("% x", b), " ", "-") }

// misnamed tells of the files in a directory for machines that no machine asks for.
func (s *site) misnamed(id, dir, begin, loader string, entries []content.Entry) {
	for _, e := range entries {
		name, ours := strings.CutPrefix(e.Name, begin)
		if e.IsDir || !ours {
			continue
		}
		if right := askedAs(name); right != "" {
			s.files = append(s.files, dir+e.Name)
			s.found(id, dir+e.Name, "no machine asks for this: %s asks for %s, letter by letter; rename it", loader, begin+right)
		}
	}
}

// like says which file differs from a missing one in upper and lower case alone.
func (s *site) like(name string) string {
	is, ok := content.Like(s.tree, name)
	switch {
	case !ok:
		return ""
	case s.cfg.TFTP.Lowercase:
		return fmt.Sprintf("; there is %s, and all that clients ask for is made lower case here", is)
	}
	return fmt.Sprintf("; there is %s, and upper and lower case differ", is)
}

// backslashes finds names with them. This server and dnsmasq take them for slashes, and some programs do not.
func (s *site) backslashes() {
	check := func(rule, name string) {
		if strings.Contains(name, `\`) {
			s.noted("backslash", rule, `%s has backslashes: this server takes them for slashes, but a shim looks for its loader, and others for their files, behind the last slash only; write %s`, name, strings.ReplaceAll(name, `\`, "/"))
		}
	}
	for _, b := range s.cfg.DHCP.Boot {
		check(b.Rule, b.File)
		check(b.Rule, b.Script)
	}
	for _, m := range s.cfg.DHCP.Services {
		check(m.Rule, m.FileFor(0))
	}
}
