package seed

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/server/media"
)

func TestArguments(t *testing.T) {
	s := open(t, map[string]string{"preseed.cfg": "x", "user-data": "#cloud-config\n", "pc7/ks.cfg": "x", "answerfile.xml": "<a/>"})
	linux := media.Entry{Kind: media.Linux, Args: "--- quiet"}
	debian := media.Medium{Answer: media.Answer{Args: "auto=true preseed/url={answer}", Files: []string{"preseed.cfg"}}, Entries: []media.Entry{{Kind: media.Own}, linux}}
	ubuntu := media.Medium{Answer: media.Answer{Args: "autoinstall ds=nocloud;s={answer}", Files: []string{"user-data", "meta-data"}, Directory: true}}
	redhat := media.Medium{Answer: media.Answer{Args: "inst.ks={answer}", Files: []string{"kickstart.cfg", "ks.cfg"}}}
	pc7 := machine("pc7")
	for rule, c := range map[string]struct {
		m    media.Medium
		e    media.Entry
		who  Machine
		url  string
		want string
	}{
		"a file for all":                                           {debian, linux, pc7, at.URL(pc7), "auto=true preseed/url=http://192.168.9.2/seed/52-54-00-12-34-56/preseed.cfg"},
		"of a machine that is not known yet":                       {debian, linux, Machine{}, at.URL(Machine{}), "auto=true preseed/url=http://192.168.9.2/seed/preseed.cfg"},
		"a directory":                                              {ubuntu, linux, pc7, at.URL(pc7), "autoinstall ds=nocloud;s=http://192.168.9.2/seed/52-54-00-12-34-56/"},
		"a URL that a boot program completes":                      {debian, linux, Machine{}, "http://192.168.9.2/seed/${net0/mac:hexhyp}/", "auto=true preseed/url=http://192.168.9.2/seed/${net0/mac:hexhyp}/preseed.cfg"},
		"a file of this machine":                                   {redhat, linux, pc7, at.URL(pc7), "inst.ks=http://192.168.9.2/seed/52-54-00-12-34-56/ks.cfg"},
		"a file that this machine has not":                         {redhat, linux, machine("pc8"), at.URL(pc7), ""},
		"a file that one machine has, and nobody knows which asks": {redhat, linux, Machine{}, at.URL(Machine{}), "inst.ks=http://192.168.9.2/seed/ks.cfg"},
		"the medium's own menu is told nothing":                    {debian, media.Entry{Kind: media.Own}, pc7, at.URL(pc7), ""},
		"a medium whose installer reads nothing":                   {media.Medium{}, linux, pc7, at.URL(pc7), ""},
	} {
		t.Run(rule, func(t *testing.T) {
			if got := s.Argument(c.m, c.e, c.who, c.url); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
	want := []media.Entry{{Kind: media.Own}, {Kind: media.Linux, Args: "auto=true preseed/url=http://192.168.9.2/seed/preseed.cfg --- quiet"}}
	if diff := cmp.Diff(want, s.Answered(debian, Machine{}, at.URL(Machine{})).Entries); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
