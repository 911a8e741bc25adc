package runner

import (
	"regexp"

	"github.com/bootrig/bootrig/wire/event"
)

// dnsmasqLines are the lines of dnsmasq 2.90's log that tell of a guest. They explain, they do not
// decide: the witness at the guest's port does.
var dnsmasqLines = []struct {
	line *regexp.Regexp
	kind event.Kind
	text string
}{
	{regexp.MustCompile(`^dnsmasq-dhcp: (?:\d+ )?PXE\(\S+\) (?:\S+ )?(?P<client>(?:[0-9a-f]{2}:){5}[0-9a-f]{2}) (?P<path>\S+)`), event.Offer, ""},
	{regexp.MustCompile(`^dnsmasq-tftp: sent (?P<path>.+) to (?P<client>[0-9.]+)$`), event.Got, ""},
	{regexp.MustCompile(`^dnsmasq-tftp: file (?P<path>.+) not found for (?P<client>[0-9.]+)$`), event.Miss, ""},
	{regexp.MustCompile(`^dnsmasq-tftp: error (?P<path>\d+ .+) received from (?P<client>[0-9.]+)$`), event.Abort, ""},
	{regexp.MustCompile(`^dnsmasq-tftp: (?P<text>cannot (?:access|read) .+)$`), event.Fault, ""},
}

// dnsmasqFact reads one line.
func dnsmasqFact(line string) (event.Event, bool) {
	for _, l := range dnsmasqLines {
		m := l.line.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		e := event.Event{Kind: l.kind, Source: "server"}
		for i, name := range l.line.SubexpNames() {
			switch name {
			case "client":
				e.Client = m[i]
			case "path":
				e.Path = m[i]
			case "text":
				e.Text = m[i]
			}
		}
		return e, true
	}
	return event.Event{}, false
}
