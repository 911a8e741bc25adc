package ways

import (
	"net/netip"
	"testing"

	"github.com/bootrig/bootrig/server/config"
)

func TestWhereFilesAreHad(t *testing.T) {
	reached := netip.MustParseAddr("192.168.9.2")
	for name, c := range map[string]struct {
		http          config.HTTP
		here, anybody string
	}{
		"where the client reached us":           {config.HTTP{Port: 80}, "http://192.168.9.2/", "http://{server}/"},
		"on a port that is not HTTP's own":      {config.HTTP{Port: 8080}, "http://192.168.9.2:8080/", "http://{server}:8080/"},
		"at one address":                        {config.HTTP{Addr: netip.MustParseAddr("10.0.0.5"), Port: 80}, "http://10.0.0.5/", "http://10.0.0.5/"},
		"0.0.0.0 is no address to go to":        {config.HTTP{Addr: netip.IPv4Unspecified(), Port: 8080}, "http://192.168.9.2:8080/", "http://{server}:8080/"},
		"nor is one that machines cannot reach": {config.HTTP{Addr: netip.IPv6Unspecified(), Port: 80}, "http://192.168.9.2/", "http://{server}/"},
	} {
		w := &world{Options: Options{HTTP: c.http}}
		if got := w.at(reached).base(); got != c.here {
			t.Errorf("%s: %s, want %s", name, got, c.here)
		}
		if got := anywhere(c.http).base(); got != c.anybody {
			t.Errorf("%s, in an OFFER: %s, want %s", name, got, c.anybody)
		}
	}
}
