package seed

import (
	"strings"
	"text/template"
)

// values are what a template may say of a machine, made of characters that mean nothing to any installer.
func values(m Machine, at At) map[string]string {
	mac := m.MAC.String()
	name := hostname(m.Name)
	if name == "" {
		name = strings.ReplaceAll(mac, ":", "-")
	}
	ip := ""
	if m.IP.IsValid() {
		ip = m.IP.Unmap().WithZone("").String()
	}
	return map[string]string{
		"mac": mac, "uuid": plain(m.UUID), "name": name, "ip": ip,
		"server": plain(string(at)), "base": plain(m.Base), "callback": at.URL(m) + done,
	}
}

// functions are the same, as a template calls them.
func functions(m Machine, at At) template.FuncMap {
	all := template.FuncMap{}
	for name, value := range values(m, at) {
		all[name] = func() string { return value }
	}
	return all
}

// hostname makes a name one that a host may have (RFC 1123, section 2.1; RFC 1035, section 2.3.4): what cannot be
// in it becomes a dash. One that begins with a dash would be an option of many a program.
func hostname(name string) string {
	const longest = 253
	name = strings.Map(func(r rune) rune {
		if r == '.' || letterOrDigit(r) {
			return r
		}
		return '-'
	}, name)
	return strings.Trim(name[:min(len(name), longest)], "-.")
}

// plain leaves out what is in no address, UUID or URL of ours.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if letterOrDigit(r) || strings.ContainsRune("-._:/[]%+~", r) {
			return r
		}
		return -1
	}, s)
}

func letterOrDigit(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
}
