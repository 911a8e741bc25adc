package rom

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Check says all that is wrong with a profile: what no machine could boot with, or what the wire has no room for.
func (p *Profile) Check() error {
	var errs []error
	wrong := func(format string, args ...any) {
		errs = append(errs, fmt.Errorf("firmware profile %q: "+format, append([]any{p.Name}, args...)...))
	}
	if p.Name == "" {
		wrong("it has no Name: start from one of rom.Profiles, or give it one")
	}
	if !slices.Contains([]Evidence{Capture, Source, Spec}, p.Evidence) {
		wrong("Evidence is %q: say capture, source or spec", p.Evidence)
	}
	p.checkOptions(wrong)
	p.checkRules(wrong)
	p.checkPatience(wrong)
	return errors.Join(errs...)
}

// checkOptions looks at what goes into packets.
func (p *Profile) checkOptions(wrong func(string, ...any)) {
	for _, list := range []struct {
		name  string
		codes []byte
	}{{"Options", p.Options}, {"Unicast", p.Unicast}} {
		if (list.name == "Options" || list.codes != nil) && !slices.Contains(list.codes, 53) {
			wrong("%s is %d: a DHCP message needs option 53, its type", list.name, list.codes)
		}
	}
	sent := append(slices.Clone(p.Options), p.Unicast...)
	for _, o := range []struct {
		code  byte
		field string
		size  int
	}{{55, "Params", len(p.Params)}, {60, "Class", len(p.Class)}, {77, "UserClass", len(p.UserClass)}, {175, "Features", len(p.Features)}} {
		switch {
		case o.size > 255:
			wrong("%s has %d bytes, an option has room for 255", o.field, o.size)
		case o.size == 0 && slices.Contains(sent, o.code):
			wrong("it sends option %d, and %s is empty", o.code, o.field)
		}
	}
	if slices.Contains(sent, 57) && p.MaxSize < 576 {
		wrong("MaxSize is %d: option 57 says at least 576 (RFC 2132 section 9.10)", p.MaxSize)
	}
	if p.Pad < 0 || p.Pad > 1472 {
		wrong("Pad is %d: 0 to 1472 bytes fit one packet", p.Pad)
	}
}

// checkRules looks at the choices.
func (p *Profile) checkRules(wrong func(string, ...any)) {
	for _, rule := range []struct {
		name string
		got  int
		most int
	}{
		{"Broadcast", int(p.Broadcast), int(BroadcastToAll)}, {"Secs", int(p.Secs), int(SecsTicks)},
		{"Menu", int(p.Menu), int(MenuHangs)}, {"TFTP.Dialect", int(p.TFTP.Dialect), 2},
	} {
		if rule.got < 0 || rule.got > rule.most {
			wrong("%s is %d: there are 0 to %d", rule.name, rule.got, rule.most)
		}
	}
	for name, words := range map[string]string{"TFTP.Options": p.TFTP.Options, "TFTP.Probe": p.TFTP.Probe} {
		if len(strings.Fields(words))%2 != 0 || strings.Join(strings.Fields(words), " ") != words {
			wrong("%s is %q: names and values in turn, with one blank between: \"blksize 1456\"", name, words)
		}
	}
}

// checkPatience looks at the clocks.
func (p *Profile) checkPatience(wrong func(string, ...any)) {
	for _, b := range []struct {
		name string
		err  error
	}{
		{"Discover", p.Discover.Check()}, {"Request", p.Request.Check()}, {"Proxy", p.Proxy.Check()},
		{"BootServer", p.BootServer.Check()}, {"TFTP.Patience", p.TFTP.Patience.Check()},
	} {
		if b.err != nil {
			wrong("%s: %w", b.name, b.err)
		}
	}
	for name, wait := range map[string]time.Duration{
		"Collect.After": p.Collect.After, "ProxyWait": p.ProxyWait, "BootServerWait": p.BootServerWait,
	} {
		if wait < 0 || wait > 24*time.Hour {
			wrong("%s is %s: nothing to a day will do", name, wait)
		}
	}
	slots := len(p.Discover.Table)
	if most := max(p.Collect.WithProxy, p.Collect.LeaseOnly); slots > 0 && most > slots {
		wrong("Collect waits for %d DISCOVERs, and Discover has %d", most, slots)
	}
}
