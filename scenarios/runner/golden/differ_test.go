package golden

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTracesDifferInAttributes(t *testing.T) {
	const offer = `offer {server} a.0 siaddr={server} prompt="0 PXE" menu="1:'a=b'"`
	for name, c := range map[string]struct {
		a, b []string
		want []Difference
	}{
		"the same":               {[]string{offer, "got x"}, []string{offer, "got x"}, nil},
		"another value":          {[]string{"offer x siaddr=1"}, []string{"offer x siaddr=2"}, []Difference{{"offer", "siaddr", "1", "2"}}},
		"an attribute too many":  {[]string{"ack x"}, []string{`ack x prompt="0 PXE"`}, []Difference{{"ack", "prompt", "", "0 PXE"}}},
		"twice the same":         {[]string{"offer siaddr=1", "offer siaddr=1"}, []string{"offer siaddr=2", "offer siaddr=2"}, []Difference{{"offer", "siaddr", "1", "2"}}},
		"an option":              {[]string{`oack x options="tsize 1"`}, []string{`oack x options="tsize 1 windowsize 4"`}, []Difference{{"oack", "windowsize", "", "4"}}},
		"another file":           {[]string{"got {server} a"}, []string{`got {server} "a b"`}, []Difference{{"got", "", "got {server} a", `got {server} "a b"`}}},
		"another fact":           {[]string{"got x"}, []string{"miss x"}, []Difference{{"got", "", "got x", "miss x"}}},
		"a fact too many":        {[]string{"got x"}, []string{"got x", "got y"}, []Difference{{"got", "", "", "got y"}}},
		"another command line":   {[]string{"cmdline a=b c"}, []string{"cmdline a=b d"}, []Difference{{"cmdline", "", "cmdline a=b c", "cmdline a=b d"}}},
		"a text that has equals": {[]string{offer}, []string{`offer {server} a.0 siaddr={server} prompt="0 PXE" menu="1:'a=c'"`}, []Difference{{"offer", "menu", "1:'a=b'", "1:'a=c'"}}},
	} {
		if diff := cmp.Diff(c.want, Differ(c.a, c.b)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
