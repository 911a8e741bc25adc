package conformance

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net/netip"
	"path"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/pxe"
)

// An exchange is one question and both answers.
type exchange struct {
	conf         string // the configuration's text
	kind         kind
	question     question
	theirs, ours reply
	why          event.Event
	ended        bool // it is about a lease that is over
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
		return when(addr(x.theirs.packet[20:24]) == "0.0.0.0" && addr(x.ours.packet[20:24]) == x.ours.src.Addr().String(), "siaddr")
	},
	"server-name": func(x exchange) []string {
		if x.theirs.packet == nil || x.ours.packet == nil {
			return nil
		}
		ours := addr(x.ours.packet[20:24])
		recorded := strings.Contains(x.conf, ","+ours+"\n") && has(x.conf, "host-record=")
		fields := strings.Split(rule(x), ",")
		_, err := netip.ParseAddr(fields[len(fields)-1])
		named := recorded || err != nil && strings.Contains(rule(x), ",,") && ours != server.Addr().String()
		return when(has(x.conf, "port=0\n") && named && addr(x.theirs.packet[20:24]) == "0.0.0.0", "siaddr")
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
		return when((len(whole) > 255 || whole == nil) && x.menuBegins(), option(pxe.OptVendorSpecific), "size")
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
		port := x.question.src.Port()
		if x.question.dst.Port() != pxe.PortBootServer {
			port = x.clients()
		}
		return when(x.why.Kind == event.BootAck || x.why.Kind == event.ProxyAck, when(x.ours.dst == x.question.src &&
			x.theirs.dst.Port() == port && addr(ciaddr) == x.theirs.dst.Addr().String(), "to")...)
	},
	"no-address-yet": func(x exchange) []string {
		return when(x.onlyOurs() && x.question.dst.Port() == pxe.PortBootServer && x.question.src.Addr() == anywhere &&
			addr(x.question.packet[12:16]) == anywhere.String() && x.ours.dst == netip.AddrPortFrom(everybody, x.question.src.Port()), answered)
	},
	"discovery-group": func(x exchange) []string {
		return when(x.onlyOurs() && x.question.dst.Addr() == pxe.DiscoveryGroup() && x.why.Kind == event.BootAck, answered)
	},
	"option-in-parts": func(x exchange) []string {
		return when(slices.Contains(x.question.repeated(), pxe.OptVendorClass), "file", option(pxe.OptVendorClass), "size")
	},
	"boot-options-first": func(x exchange) []string {
		if x.theirs.packet == nil || x.ours.packet == nil || !x.squeezed() {
			return nil
		}
		fields := []string{"size", "file", "sname", option(pxe.OptOverload), optionOrder}
		for _, code := range x.theirs.order {
			if _, ok := x.ours.options[code]; !ok && !bootOption(code) {
				fields = append(fields, option(code))
			}
		}
		for _, code := range x.ours.order {
			if _, ok := x.theirs.options[code]; !ok {
				fields = append(fields, option(code))
			}
		}
		return fields
	},
	"ended-lease": func(x exchange) []string {
		refused := x.theirs.packet == nil || bytes.Equal(x.theirs.options[56], []byte("lease not found"))
		return when(x.ended && refused && x.why.Kind == event.Ack, x.differing()...)
	},
	"frame": func(x exchange) []string {
		asked, err := dhcp.Parse(x.question.packet)
		size := []byte(nil)
		if err == nil {
			size = asked.Options[pxe.OptMaxMessageSize]
		}
		return when(x.onlyOurs() && len(size) == 2 && binary.BigEndian.Uint16(size) > 1500 && x.short(), answered)
	},
	"bootp-cookie": func(x exchange) []string {
		return when(x.why.Kind == event.BOOTPReply && bytes.Equal(x.theirs.packet[236:240], x.question.packet[236:240]), "cookie")
	},
	"alias-source": func(x exchange) []string {
		mine := x.ours.src.Addr().AsSlice()
		return when(has(x.conf, "bridge-interface=") && bytes.Equal(x.ours.options[pxe.OptServerID], mine) && x.theirs.src.Port() == x.ours.src.Port(), "from")
	},
	"shared-elsewhere": func(x exchange) []string {
		if !has(x.conf, "shared-network=") || x.theirs.packet == nil || x.ours.packet == nil {
			return nil
		}
		elsewhere := !bytes.Equal(x.theirs.options[pxe.OptServerID], x.theirs.src.Addr().AsSlice())
		mine := bytes.Equal(x.ours.options[pxe.OptServerID], x.ours.src.Addr().AsSlice())
		return when(elsewhere && mine, x.differing()...)
	},
	"proxy-range-set": func(exchange) []string { return nil }, // hang_test.go
	"split-relay-twice": func(x exchange) []string {
		marked, unmarked := x.ours.options[pxe.OptRelayAgent] != nil, x.theirs.options[pxe.OptRelayAgent] == nil
		size := x.theirs.fields()["size"] != x.ours.fields()["size"]
		return when(strings.Count(x.conf, "dhcp-split-relay=") > 1 && marked && (unmarked || size), option(pxe.OptRelayAgent), optionOrder, "size")
	},
	"relay-hops": func(x exchange) []string {
		hops := x.question.packet[3]
		return when(x.theirs.packet != nil && hops > 20 && x.theirs.packet[3] == hops+1 && x.ours.packet[3] == hops, "hops")
	},
	"chaddr-rest": func(x exchange) []string {
		if x.theirs.packet == nil || x.ours.packet == nil {
			return nil
		}
		own := 28 + min(int(x.question.packet[2]), 16)
		return when(bytes.Equal(x.theirs.packet[28:44], x.question.packet[28:44]) && bytes.Equal(x.ours.packet[28:own], x.question.packet[28:own]), "chaddr")
	},
	"relay-alone": func(exchange) []string { return nil }, // beside_test.go
	"pxe-option-own": func(x exchange) []string {
		for _, code := range []byte{pxe.OptServerID, pxe.OptVendorClass} {
			if !has(x.conf, "dhcp-option-pxe=") || len(x.ours.options[code]) == 0 || !bytes.HasPrefix(x.theirs.options[code], x.ours.options[code]) {
				return nil
			}
		}
		return []string{option(pxe.OptServerID), option(pxe.OptVendorClass), "size"}
	},
	"pxe-option-room": func(x exchange) []string {
		if !has(x.conf, "dhcp-option-pxe=") || !x.theirs.inServer || x.ours.inServer || x.why.Kind != event.Offer && x.why.Kind != event.ProxyAck {
			return nil
		}
		fields := []string{option(pxe.OptOverload), "size", "sname"}
		for _, code := range x.theirs.order {
			if _, ok := x.ours.options[code]; !ok {
				fields = append(fields, option(code))
			}
		}
		return fields
	},
	"pxe-option-inside": func(x exchange) []string {
		const mask = 1
		ours, theirs := x.ours.options[mask], x.theirs.options[mask]
		inside := bytes.TrimPrefix(theirs, ours)
		return when(has(x.conf, "dhcp-option-pxe=encap:1,191,2b") && bytes.Equal(inside, []byte{191, 1, 2, 255}), option(mask), optionOrder, "size")
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

// has tells whether a line of a configuration begins so, but for blanks.
func has(conf, begin string) bool {
	conf = strings.NewReplacer(" ", "", "\t", "").Replace(conf)
	return strings.Contains("\n"+conf, "\n"+begin)
}

// menuBegins tells whether our menu is the beginning of theirs: of the one they send, or of the lines that
// are for this client where they send none.
func (x exchange) menuBegins() bool {
	ours, ok := x.ours.vendor().Get(pxe.SubBootMenu)
	if !ok {
		return false
	}
	theirs, sent := x.theirs.vendor().Get(pxe.SubBootMenu)
	if !sent {
		theirs = x.lines()
	}
	return len(ours) < len(theirs) && bytes.HasPrefix(theirs, ours)
}

// lines are the configured lines of the menu for this client, as they would be sent. Tags are for
// configurations whose menus fit.
func (x exchange) lines() (menu []byte) {
	private := uint16(pxe.TypeFirstPrivate)
	asked, err := dhcp.Parse(x.question.packet)
	if err != nil {
		return nil
	}
	archs := pxe.ParseArchs(asked.Options[pxe.OptClientArch])
	for line := range strings.SplitSeq(x.conf, "\n") {
		fields := strings.SplitN(strings.TrimPrefix(line, "pxe-service="), ",", 3)
		if fields[0] == line || len(fields) < 3 {
			continue
		}
		if arch, ok := pxe.ParseArchName(fields[0]); ok && slices.Equal(archs, []pxe.Arch{arch}) {
			menu = pxe.AppendMenuItem(menu, pxe.MenuItem{Type: private, Text: strings.Trim(fields[1], `"`)})
		}
		private++
	}
	return menu
}

// short tells whether there is no room for all options of ours.
func (x exchange) short() bool { return strings.Contains(x.why.Text, "; no room for the options ") }

// squeezed tells whether the options of either side do not fit where they should be, and ours has all that
// boots the client in the first place.
func (x exchange) squeezed() bool {
	return x.ours.options[pxe.OptVendorClass] != nil && (x.short() || x.ours.inFile || x.ours.inServer)
}

func bootOption(code byte) bool {
	return slices.Contains([]byte{pxe.OptVendorSpecific, pxe.OptVendorClass, pxe.OptMachineID, pxe.OptTFTPServerName, pxe.OptBootFile}, code)
}

// repeated are the options that a question says more than once.
func (q question) repeated() (codes []byte) {
	seen := map[byte]bool{}
	for b := q.packet[240:]; len(b) > 1 && b[0] != 255; {
		if b[0] == 0 {
			b = b[1:]
			continue
		}
		if seen[b[0]] {
			codes = append(codes, b[0])
		}
		seen[b[0]] = true
		b = b[min(len(b), 2+int(b[1])):]
	}
	return codes
}

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
