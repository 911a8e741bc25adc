package seed

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestHandler(t *testing.T) {
	s := open(t, map[string]string{"ks.cfg": "{{mac}} {{name}} {{ip}} {{callback}}", "bad.cfg": "{{if eq name \"evil\"}}{{index name 99}}{{end}}"})
	var finished []Done
	var wrong []error
	known := machine("pc7")
	server := httptest.NewServer(&Handler{
		Seed: s, At: at,
		Known: func(mac net.HardwareAddr, addr netip.Addr) Machine {
			switch {
			case mac == nil && addr.IsLoopback(), mac.String() == known.MAC.String():
				return known
			case mac.String() == "02:00:00:00:00:66":
				return Machine{Name: "evil"}
			}
			return Machine{}
		},
		Done:  func(d Done) { finished = append(finished, d) },
		Wrong: func(_ Machine, err error) { wrong = append(wrong, err) },
	})
	defer server.Close()
	for rule, c := range map[string]struct{ method, path, want string }{
		"whoever asks, by address": {"GET", "/seed/ks.cfg", "200 52:54:00:12:34:56 pc7 192.168.9.100 http://192.168.9.2/seed/52-54-00-12-34-56/done"},
		"a machine by its address": {"GET", "/seed/52:54:00:12:34:56/ks.cfg", "200 52:54:00:12:34:56 pc7 192.168.9.100 http://192.168.9.2/seed/52-54-00-12-34-56/done"},
		"as pxelinux writes it":    {"GET", "/seed/01-52-54-00-12-34-56/ks.cfg", "200 52:54:00:12:34:56 pc7 192.168.9.100 http://192.168.9.2/seed/52-54-00-12-34-56/done"},
		"one that nobody knows":    {"GET", "/seed/02-00-00-00-00-01/ks.cfg", "200 02:00:00:00:00:01 02-00-00-00-00-01 127.0.0.1 http://192.168.9.2/seed/02-00-00-00-00-01/done"},
		"a file that is not there": {"GET", "/seed/nosuch", "404 404 page not found"},
		"no machine":               {"GET", "/seed/pc7/ks.cfg", "404 404 page not found"},
		"a name below a name":      {"GET", "/seed/02-00-00-00-00-01/x/ks.cfg", "404 404 page not found"},
		"the directory itself":     {"GET", "/seed/", "404 404 page not found"},
		"elsewhere":                {"GET", "/other", "404 404 page not found"},
		"what is written":          {"PUT", "/seed/ks.cfg", "405 answer files are read with GET"},
		"what cannot be made":      {"GET", "/seed/02-00-00-00-00-66/bad.cfg", "500 this answer file could not be made: the server's log says why"},
		"finished":                 {"POST", "/seed/52-54-00-12-34-56/done?status=ok", "204 "},
	} {
		t.Run(rule, func(t *testing.T) {
			req, err := http.NewRequestWithContext(t.Context(), c.method, server.URL+c.path, nil)
			if err != nil {
				t.Fatal(err)
			}
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			body, err := io.ReadAll(resp.Body)
			if got := resp.Status[:4] + strings.TrimSpace(string(body)); got != c.want || err != nil {
				t.Errorf("%v: got %q, want %q", err, got, c.want)
			}
		})
	}
	if diff := cmp.Diff([]Done{{Machine: known, From: netip.MustParseAddr("127.0.0.1"), Query: "status=ok"}}, finished,
		cmp.Comparer(func(a, b netip.Addr) bool { return a == b })); diff != "" {
		t.Errorf("finished (-want +got):\n%s", diff)
	}
	if len(wrong) != 1 || !strings.Contains(wrong[0].Error(), "bad.cfg:1:") {
		t.Errorf("told: %v", wrong)
	}
}
