package rom

import (
	"net/netip"
	"testing"
)

// TestWhatHTTPBootTakes goes through the order of HttpBootSelectDhcpOffer (NetworkPkg/HttpBootDxe/HttpBootDhcp4.c).
func TestWhatHTTPBootTakes(t *testing.T) {
	const (
		near, far = "http://192.168.9.2/a.efi", "http://boot.example/a.efi"
		lease     = true
		http      = "HTTPClient"
	)
	type offer struct {
		name        string
		lease       bool
		class, file string
		dns         bool
	}
	plain, knows := offer{"lease", lease, "", "", false}, offer{"knows", lease, "", "", true}
	for _, tc := range []struct {
		what   string
		offers []offer
		take   string // the lease, and whoever else names the URL
	}{
		{"a lease, and a proxy that names a URL", []offer{plain, {"proxy", false, http, near, false}}, "lease proxy"},
		{"whoever comes first", []offer{{"proxy", false, http, near, false}, plain}, "lease proxy"},
		{"a lease that names a URL beats a proxy", []offer{plain, {"proxy", false, http, near, false}, {"whole", lease, http, near, false}}, "whole"},
		{"a name in the URL needs a name server", []offer{plain, {"proxy", false, http, far, false}}, ""},
		{"which another lease knows", []offer{plain, {"proxy", false, http, far, false}, knows}, "knows proxy"},
		{"a lease with a name in its URL and no name server", []offer{{"whole", lease, http, far, false}}, ""},
		{"a lease with both", []offer{{"whole", lease, http, far, true}}, "whole"},
		{"a lease alone", []offer{plain}, ""},
		{"a proxy alone", []offer{{"proxy", false, http, near, false}}, ""},
		{"a URL without HTTPClient is none", []offer{{"lease", lease, "", near, false}}, ""},
		{"a proxy of PXE is none", []offer{plain, {"proxy", false, "PXEClient", near, false}}, ""},
		{"HTTPClient that names a file is none", []offer{plain, {"proxy", false, http, "a.efi", false}}, ""},
	} {
		var replies []*Reply
		names := map[*Reply]string{}
		for _, o := range tc.offers {
			r := &Reply{YIAddr: netip.IPv4Unspecified(), file: o.file}
			if o.lease {
				r.YIAddr = netip.MustParseAddr("192.168.9.100")
			}
			if o.class != "" {
				r.options = append(append(r.options, 60, byte(len(o.class))), o.class...)
			}
			if o.dns {
				r.options = append(r.options, 6, 4, 192, 168, 9, 1)
			}
			replies, names[r] = append(replies, r), o.name
		}
		c, ok := chooseURL(replies)
		got := names[c.lease]
		if c.proxy != nil {
			got += " " + names[c.proxy]
		}
		if ok != (tc.take != "") || ok && got != tc.take {
			t.Errorf("%s: takes %q (%t), want %q", tc.what, got, ok, tc.take)
		}
	}
}
