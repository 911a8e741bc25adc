package steps

import (
	"testing"
	"time"

	"github.com/bootrig/bootrig/wire/event"
)

func TestANameInAnotherFormIsShown(t *testing.T) {
	for name, c := range map[string]struct {
		step string
		kind event.Kind
		path string
		want string
	}{
		"a slash before it":   {"expect pc got boot/linux", event.Got, "/boot/linux", "there was `got /boot/linux`: the name begins with / there"},
		"no slash before it":  {"expect pc got /boot/linux", event.Got, "boot/linux", "there was `got boot/linux`: the name does not begin with / there"},
		"other case":          {"expect pc got boot/linux", event.Got, "boot/Linux", "there was `got boot/Linux`: the name has other capital letters there"},
		"a prefix":            {"expect pc got boot/linux", event.Got, "/tftpboot/boot/linux", "there was `got /tftpboot/boot/linux`: the name has tftpboot/ before it there"},
		"a prefix too many":   {"expect pc got tftpboot/linux", event.Got, "linux", "there was `got linux`: the name lacks tftpboot/ there"},
		"backslashes":         {"expect pc got boot/linux", event.Got, `boot\linux`, "there was `got boot\\linux`: the name has other slashes there"},
		"a miss":              {"expect pc got boot/linux", event.Miss, "/boot/linux", "it asked for /boot/linux, which is not there: the name begins with / there"},
		"another name":        {"expect pc got boot/linux", event.Got, "boot/xlinux", ""},
		"another kind":        {"expect pc miss boot/linux", event.Got, "/boot/linux", ""},
		"a step without name": {"expect pc offer", event.Got, "/boot/linux", ""},
	} {
		p := newTape(t, c.step+"\n", Patience{Step: time.Hour})
		p.wire(c.kind, server, c.path, "")
		p.judge.End("over")
		if got := p.judge.Verdict(nil).Form; got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
