package yaml

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/bootrig/bootrig/server/policy"
	"github.com/bootrig/bootrig/wire/pxe"
)

// A tagEntry is an entry of tags: one condition, for which policy.Policy has a list each.
type tagEntry struct {
	sets       []string
	macs       []policy.Pattern
	archs      []pxe.Arch
	option     *uint8
	enterprise *uint32
	begins     policy.Pattern
	has        []byte
	contains   []byte
	classes    [classPlaces][]byte
	name       policy.Name
	placed
	wants policy.Wants
	rule  string
}

// classPlaces are those of policy.Class.
const classPlaces = policy.SubscriberID + 1

// given is who gets a tag.
func given() form[tagEntry] {
	type T = tagEntry
	fields := []field[T]{
		must(key("set", "the tag, or several", some(text()), func(e *T) *[]string { return &e.sets })),
		key("mac", "hardware addresses; * stands for any byte, as in 52:54:00:*:*:*", some(mac()), func(e *T) *[]policy.Pattern { return &e.macs }),
		key("arch", "architectures, as option 93 lists them", some(arch()), func(e *T) *[]pxe.Arch { return &e.archs }),
		key("option", "a DHCP option that the client sends; with begins, has or contains only if it says so", maybe(optionCode()), func(e *T) **uint8 { return &e.option }),
		key("enterprise", "in place of option: the enterprise's part of option 124", maybe(number[uint32](0, 0xffffffff)), func(e *T) **uint32 { return &e.enterprise }),
		key("begins", "the bytes that the option begins with; * stands for any byte", pattern(), func(e *T) *policy.Pattern { return &e.begins }),
		key("has", "one of the option's elements, which are as long: an address, a text or bytes", element(), func(e *T) *[]byte { return &e.has }),
		key("contains", "what is somewhere in the option: a text or bytes", data(), func(e *T) *[]byte { return &e.contains }),
	}
	fields = append(fields, places()...)
	alone := []string{"mac", "arch", "uuid", "interface", "network", "relay", "features", "option", "enterprise"}
	for place, c := range [classPlaces]struct{ name, help string }{
		policy.VendorClass:  {"vendor-class", "a part of the vendor class (option 60)"},
		policy.UserClass:    {"user-class", "a part of the user class (option 77)"},
		policy.CircuitID:    {"circuit-id", "what a relay says of its port (option 82.1), all of it"},
		policy.RemoteID:     {"remote-id", "what a relay says of the machine (option 82.2), all of it"},
		policy.SubscriberID: {"subscriber-id", "what a relay says of the customer (option 82.6), all of it"},
	} {
		fields = append(fields, key(c.name, c.help, data(), func(e *T) *[]byte { return &e.classes[place] }))
		alone = append(alone, c.name)
	}
	return object[T]{
		fields: append(fields,
			key("name", "what the machine calls itself; with * at the end all that begin so", hostPattern(), func(e *T) *policy.Name { return &e.name }),
			tagged(func(e *T) *policy.Wants { return &e.wants })),
		either: [][]string{append(alone, "name", "tags"), {"begins", "has", "contains"}},
		rule:   func(e *T) *string { return &e.rule },
		check: func(r *reader, n ast.Node, e *T) {
			if valued := len(e.begins.Bytes)+len(e.has)+len(e.contains) > 0; valued && e.option == nil && e.enterprise == nil {
				r.wrong(n, "begins, has and contains are about an option: say which, option: NAME or enterprise: NUMBER")
			}
		},
	}.form()
}

// addTags sorts entries into the policy.
func addTags(p *policy.Policy, entries []tagEntry) {
	for _, e := range entries {
		matched := false
		for _, tag := range e.sets {
			matched = e.match(p, tag)
		}
		if !matched {
			p.Implications = append(p.Implications, policy.Implication{Wants: e.wants, Sets: e.sets, Rule: e.rule})
		}
	}
}

// match adds what gives one tag; false: only other tags do.
func (e tagEntry) match(p *policy.Policy, tag string) bool {
	for _, m := range e.macs {
		p.MACs = append(p.MACs, policy.MAC{Tag: tag, Pattern: m, Rule: e.rule})
	}
	for _, a := range e.archs {
		value := binary.BigEndian.AppendUint16(nil, uint16(a))
		p.Options = append(p.Options, policy.Option{Tag: tag, Code: pxe.OptClientArch, Form: policy.Element, Value: policy.Pattern{Bytes: value}, Rule: e.rule})
	}
	classed := e.place(p, tag, e.rule)
	for place, text := range e.classes {
		if text != nil {
			classed = true
			p.Classes = append(p.Classes, policy.Class{Place: policy.Place(place), Tag: tag, Text: text, Rule: e.rule})
		}
	}
	if e.name.Name != "" || e.name.Wild {
		p.Names = append(p.Names, policy.Name{Tag: tag, Name: e.name.Name, Wild: e.name.Wild, Rule: e.rule})
	}
	if e.option == nil && e.enterprise == nil {
		return len(e.macs)+len(e.archs) > 0 || classed || e.name != (policy.Name{})
	}
	o := policy.Option{Tag: tag, Rule: e.rule}
	if e.option != nil {
		o.Code = *e.option
	} else {
		o.Encap, o.Enterprise = true, *e.enterprise
	}
	switch {
	case e.begins.Bytes != nil:
		o.Form, o.Value = policy.Prefix, e.begins
	case e.has != nil:
		o.Form, o.Value.Bytes = policy.Element, e.has
	case e.contains != nil:
		o.Form, o.Value.Bytes = policy.Part, e.contains
	}
	p.Options = append(p.Options, o)
	return true
}

// tagEntries are the entries of a policy.
func tagEntries(p policy.Policy) []tagEntry {
	var all []tagEntry
	for _, m := range p.MACs {
		all = append(all, tagEntry{sets: []string{m.Tag}, macs: []policy.Pattern{m.Pattern}, rule: m.Rule})
	}
	for _, o := range p.Options {
		all = append(all, optionEntry(o))
	}
	for _, c := range p.Classes {
		e := tagEntry{sets: []string{c.Tag}, rule: c.Rule}
		e.classes[c.Place] = c.Text
		all = append(all, e)
	}
	for _, n := range p.Names {
		all = append(all, tagEntry{sets: []string{n.Tag}, name: policy.Name{Name: n.Name, Wild: n.Wild}, rule: n.Rule})
	}
	all = append(all, placeEntries(p)...)
	for _, i := range p.Implications {
		all = append(all, tagEntry{sets: i.Sets, wants: i.Wants, rule: i.Rule})
	}
	return all
}

func optionEntry(o policy.Option) tagEntry {
	e := tagEntry{sets: []string{o.Tag}, rule: o.Rule}
	value := o.Value.Bytes
	if !o.Encap && o.Code == pxe.OptClientArch && o.Form == policy.Element && len(value) == 2 {
		e.archs = pxe.ParseArchs(value)
		return e
	}
	if e.option = &o.Code; o.Encap {
		e.option, e.enterprise = nil, &o.Enterprise
	}
	switch o.Form {
	case policy.Machine:
		e.option, e.uuids = nil, []pxe.UUID{pxe.UUID(value)}
	case policy.Prefix:
		e.begins = o.Value
	case policy.Element:
		e.has = value
	case policy.Part:
		e.contains = value
	}
	return e
}

// group is one byte of a pattern.
const group = `([0-9A-Fa-f]{1,2}|\*)`

// mac is a pattern of hardware addresses, with the hardware's type before it if that counts.
func mac() form[policy.Pattern] {
	return patternOf(`^([0-9A-Fa-f]{1,4}-)?(`+noAddress+`|`+group+`(:`+group+`){0,15})$`, "a hardware address such as 52:54:00:12:34:56 or 52:54:00:*:*:*", true)
}

// noAddress is the hardware address of machines that have none, such as those on InfiniBand (RFC 4390).
const noAddress = "none"

// pattern is bytes of which some may be anything.
func pattern() form[policy.Pattern] {
	return patternOf(`^`+group+`(:`+group+`){0,252}$`, "bytes in hexadecimal such as 00:07 or 00:*:07", false)
}

func patternOf(expr, what string, typed bool) form[policy.Pattern] {
	valid := regexp.MustCompile(expr)
	return word(schema{"type": "string", "pattern": expr}, what, func(s string) (policy.Pattern, error) {
		if !valid.MatchString(s) {
			return policy.Pattern{}, errors.New("not " + what)
		}
		if kind, none := strings.CutSuffix(s, noAddress); none {
			number, _ := strconv.ParseUint(strings.TrimSuffix(kind, "-"), 16, 16) // which the form has checked
			return policy.Pattern{Type: int(number)}, nil
		}
		return policy.ParsePattern(s, typed)
	}, printPattern)
}

func printPattern(p policy.Pattern) string {
	var groups []string
	for i, b := range p.Bytes {
		if p.Any != nil && p.Any[i] {
			groups = append(groups, "*")
		} else {
			groups = append(groups, fmt.Sprintf("%02x", b))
		}
	}
	text := strings.Join(groups, ":")
	if len(groups) == 0 {
		text = noAddress
	}
	if p.Type != 0 {
		text = fmt.Sprintf("%x-%s", p.Type, text)
	}
	return text
}

// element is an address, or what data is.
func element() form[[]byte] {
	f := data()
	isAddress := func(s string) bool { _, err := parseAddr(s); return err == nil }
	return form[[]byte]{
		schema: f.schema,
		read: func(r *reader, n ast.Node) ([]byte, bool) {
			if s, ok := n.(*ast.StringNode); ok && isAddress(s.Value) {
				return netip.MustParseAddr(s.Value).AsSlice(), true
			}
			return f.read(r, n)
		},
		print: func(b []byte) out {
			switch {
			case len(b) == 4:
				return scalar(netip.AddrFrom4([4]byte(b)).String())
			case isAddress(string(b)):
				return scalar(hexed(b))
			}
			return f.print(b)
		},
	}
}

// hostPattern is a name, or the beginning of names.
func hostPattern() form[policy.Name] {
	return word(schema{"type": "string", "minLength": 1}, "a name, or the beginning of names with * behind it", func(s string) (n policy.Name, err error) {
		s, n.Wild = strings.CutSuffix(s, "*")
		b, err := raw(s)
		if n.Name = string(b); s == "" && !n.Wild {
			err = errEmpty
		}
		return n, err
	}, func(n policy.Name) string {
		if n.Wild {
			return plain(n.Name, false) + "*"
		}
		return plain(n.Name, strings.HasSuffix(n.Name, "*"))
	})
}
