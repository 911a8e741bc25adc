package script

import (
	"fmt"
	"math"
	"net"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// args takes a line's words apart and keeps every mistake it meets.
type args struct {
	words    []Word   // positional, not yet taken
	options  []option // key=value, not yet taken
	mistakes []string
}

type option struct{ key, value string }

// newArgs sorts words into positional ones and key=value ones.
func newArgs(words []Word) *args {
	a := &args{}
	for _, w := range words {
		key, value, ok := strings.Cut(w.Text, "=")
		if ok && !w.Quoted && isKey(key) {
			a.options = append(a.options, option{key, value})
			continue
		}
		a.words = append(a.words, w)
	}
	return a
}

// isKey reports whether text can be the key of key=value: a/b=c and retries<=3 are plain words.
func isKey(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool {
		return r != '-' && r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z')
	})
}

func (a *args) wrong(format string, v ...any) {
	a.mistakes = append(a.mistakes, fmt.Sprintf(format, v...))
}

// word takes the next positional word; what names it in the mistake when it is missing.
func (a *args) word(what string) string {
	if len(a.words) == 0 {
		a.wrong("%s is missing", what)
		return ""
	}
	w := a.words[0]
	a.words = a.words[1:]
	return w.Text
}

// more reports whether a positional word is left.
func (a *args) more() bool { return len(a.words) > 0 }

// take takes an option that may be given once.
func (a *args) take(key string) (string, bool) {
	all := a.takeAll(key)
	if len(all) > 1 {
		a.wrong("%s= is given %d times", key, len(all))
	}
	if len(all) == 0 {
		return "", false
	}
	return all[0], true
}

// takeAll takes an option that may be repeated.
func (a *args) takeAll(key string) []string {
	var values []string
	a.options = slices.DeleteFunc(a.options, func(o option) bool {
		if o.key == key {
			values = append(values, o.value)
		}
		return o.key == key
	})
	return values
}

// end complains about what nobody took.
func (a *args) end() {
	for _, w := range a.words {
		a.wrong("unexpected word %q", w.Text)
	}
	for _, o := range a.options {
		a.wrong("unknown option %s=", o.key)
	}
}

func (a *args) addr(key string) netip.Addr {
	text, ok := a.take(key)
	if !ok {
		return netip.Addr{}
	}
	ip, err := netip.ParseAddr(text)
	if err != nil || !ip.Is4() {
		a.wrong("%s=%s is not an IPv4 address", key, text)
	}
	return ip
}

func (a *args) mac(key string) net.HardwareAddr {
	text, ok := a.take(key)
	if !ok {
		return nil
	}
	mac, err := net.ParseMAC(text)
	if err != nil || len(mac) != 6 {
		a.wrong("%s=%s is not a MAC address such as 52:54:00:12:34:56", key, text)
		return nil
	}
	return mac
}

func (a *args) duration(key string) time.Duration {
	text, ok := a.take(key)
	if !ok {
		return 0
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 {
		a.wrong("%s=%s is not a duration such as 500ms or 30s", key, text)
	}
	return d
}

// fraction reads 2% or 0.02.
func (a *args) fraction(key string) float64 {
	text, ok := a.take(key)
	if !ok {
		return 0
	}
	number, percent := strings.CutSuffix(text, "%")
	f, err := strconv.ParseFloat(number, 64)
	if percent {
		f /= 100
	}
	if err != nil || math.IsNaN(f) || f < 0 || f > 1 {
		a.wrong("%s=%s is not a share such as 2%%", key, text)
		return 0
	}
	return f
}

func (a *args) pattern(what, text string) *regexp.Regexp {
	re, err := regexp.Compile(text)
	if err != nil {
		a.wrong("%s %q is not a pattern: %v", what, text, err)
	}
	return re
}

// size reads 512, 64K, 1M or 2G.
func (a *args) size(what, text string) int64 { return a.scaled(what, text, 1024) }

// scaled reads 512, 64K, 1M or 2G, with K of one size or another.
func (a *args) scaled(what, text string, kilo int64) int64 {
	number, unit := text, int64(1)
	for i, letter := range []string{"K", "M", "G"} {
		if cut, ok := strings.CutSuffix(text, letter); ok {
			number = cut
			for range i + 1 {
				unit *= kilo
			}
		}
	}
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil || n < 0 || n > math.MaxInt64/unit {
		a.wrong("%s %q is not a size such as 512, 64K, 1M or 2G", what, text)
		return 0
	}
	return n * unit
}
