package conformance

import (
	"bytes"
	"fmt"
	"net/netip"
	"path"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/internal/event"
	"github.com/bootrig/bootrig/internal/pxe"
)

// An exchange is one question and both answers.
type exchange struct {
	conf         string // the configuration's text
	kind         kind
	question     question
	theirs, ours reply
	why          event.Event
}

// differing are the names of the fields that are not equal.
func (x exchange) differing() []string {
	theirs, ours := x.theirs.fields(), x.ours.fields()
	var names []string
	if theirs[answered] != ours[answered] {
		return []string{answered}
	}
	for name, value := range theirs {
		if got, ok := ours[name]; !ok || got != value {
			names = append(names, name)
		}
	}
	for name := range ours {
		if _, ok := theirs[name]; !ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// onlyOurs and onlyTheirs tell who alone answers.
func (x exchange) onlyOurs() bool   { return x.theirs.packet == nil && x.ours.packet != nil }
func (x exchange) onlyTheirs() bool { return x.theirs.packet != nil && x.ours.packet == nil }

// excuses has one matcher for each intended difference: the fields that may differ in an exchange.
var excuses = map[string]func(exchange) []string{
	"siaddr": func(x exchange) []string {
		if x.theirs.packet == nil || x.ours.packet == nil || x.kind.arch >= int(pxe.ArchIA32) {
			return nil
		}
		return when(addr(x.theirs.packet[20:24]) == "0.0.0.0" && addr(x.ours.packet[20:24]) == server.Addr().String(), "siaddr")
	},
	"boot-only": func(x exchange) []string {
		menu := has(x.conf, "pxe-service=") || has(x.conf, "pxe-prompt=")
		return when(x.onlyOurs() && !menu && len(bytes.Trim(x.ours.packet[108:236], "\x00")) > 0, answered)
	},
	"nothing-to-boot": func(x exchange) []string {
		if !x.onlyTheirs() {
			return nil
		}
		_, menu := x.theirs.vendor().Get(pxe.SubBootMenu)
		mine := strings.HasPrefix(x.why.Text, "no boot file and no menu for architecture ")
		return when(mine && !menu && x.theirs.packet[108] == 0, answered)
	},
	"long-menu": func(x exchange) []string {
		whole := x.theirs.options[pxe.OptVendorSpecific]
		_, menu := x.ours.vendor().Get(pxe.SubBootMenu)
		return when((len(whole) > 255 || whole == nil) && menu, option(pxe.OptVendorSpecific), "size")
	},
	"sub-option-twice": func(x exchange) []string {
		return when(twice(x.theirs.vendor(), x.ours.vendor()), option(pxe.OptVendorSpecific), "size")
	},
	"raspberry-pi": func(x exchange) []string {
		ours, marked := withoutMark(x.ours.vendor())
		theirs := x.theirs.vendor()
		return when(marked && (slices.EqualFunc(theirs, ours, same) || twice(theirs, ours)), option(pxe.OptVendorSpecific), "size")
	},
	"host-ignore": func(x exchange) []string {
		line := rule(x)
		return when(x.onlyTheirs() && strings.HasPrefix(line, "dhcp-host=") && strings.Contains(line, "ignore"), answered)
	},
	"reply-address": func(x exchange) []string {
		ciaddr := x.question.packet[12:16]
		return when(x.question.dst.Port() == pxe.PortBootServer && x.ours.dst == x.question.src &&
			x.theirs.dst.Port() == x.question.src.Port() && addr(ciaddr) == x.theirs.dst.Addr().String(), "to")
	},
	"server-name": func(x exchange) []string {
		if x.theirs.packet == nil || x.ours.packet == nil {
			return nil
		}
		fields := strings.Split(rule(x), ",")
		_, err := netip.ParseAddr(fields[len(fields)-1])
		return when(err != nil && strings.Contains(rule(x), ",,") && has(x.conf, "port=0") &&
			addr(x.theirs.packet[20:24]) == "0.0.0.0" && addr(x.ours.packet[20:24]) != server.Addr().String(), "siaddr")
	},
	"option-order": func(x exchange) []string {
		return when(slices.IsSorted(x.ours.order[:max(0, len(x.ours.order)-1)]), optionOrder)
	},
}

func when(really bool, fields ...string) []string {
	if really {
		return fields
	}
	return nil
}

// has tells whether a line of a configuration begins so.
func has(conf, begin string) bool { return strings.Contains("\n"+conf, "\n"+begin) }

// twice tells whether theirs repeats sub-options, and ours has one of each and no others.
func twice(theirs, ours pxe.SubOptions) bool {
	values := map[byte][]string{}
	for _, sub := range theirs {
		values[sub.Code] = append(values[sub.Code], string(sub.Value))
	}
	if len(values) == len(theirs) || len(values) != len(ours) {
		return false
	}
	for _, sub := range ours {
		if !slices.Contains(values[sub.Code], string(sub.Value)) {
			return false
		}
	}
	return true
}

func same(a, b pxe.SubOption) bool { return a.Code == b.Code && bytes.Equal(a.Value, b.Value) }

// withoutMark takes the menu out of ours by which a Raspberry Pi knows its answer, if it is there.
func withoutMark(ours pxe.SubOptions) (rest pxe.SubOptions, marked bool) {
	for _, sub := range ours {
		mark := sub.Code == pxe.SubBootMenu && string(sub.Value) == "\x00\x00\x11Raspberry Pi Boot"
		if marked = marked || mark; !mark {
			rest = append(rest, sub)
		}
	}
	return rest, marked
}

// rule is the line that decided for us.
func rule(x exchange) string {
	var number int
	if _, err := fmt.Sscanf(path.Base(x.why.Rule), "dnsmasq.conf:%d", &number); err != nil {
		return ""
	}
	return strings.Split(x.conf, "\n")[number-1]
}
