package verdict

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// What captures lack is no fault of a boot: a filter took it, or somebody stopped them.
func TestCapturesOfAPart(t *testing.T) {
	const (
		rrq   = "rrq 192.168.9.2:69 "
		begun = "\ndata 192.168.9.2:69 "
		again = "retry 192.168.9.2:69 "
	)
	names := rrq + "pxelinux.0\n" + rrq + "ldlinux.c32\n" + rrq + "pxelinux.cfg/01-52-54-00-12-34-56\n" + rrq + "pxelinux.cfg/default\n"
	for name, c := range map[string]struct {
		facts string
		ends  time.Duration // behind the last fact
		want  string
	}{
		"the beginning of each transfer":             {toPXE + rrq + "pxelinux.0" + begun + "pxelinux.0\n" + rrq + "linux" + begun + "linux\n" + rrq + "initrd.gz" + begun + "initrd.gz\n", time.Hour, "booted likely"},
		"that of the only one":                       {toPXE + rrq + "pxelinux.0" + begun + "pxelinux.0\n", time.Hour, "stalled likely"},
		"the last one is sent again":                 {toPXE + rrq + "pxelinux.0" + begun + "pxelinux.0\n" + rrq + "linux" + begun + "linux\n" + again + "linux of=data\n", time.Hour, "stalled likely"},
		"stopped while a file comes":                 {toPXE + rrq + "pxelinux.0" + begun + "pxelinux.0\n", time.Second, "under-way certain"},
		"stopped at an empty file":                   {toPXE + rrq + "pxelinux.0\noack 192.168.9.2:69 pxelinux.0 options=\"tsize 0\"\n", time.Second, "file-empty certain"},
		"stopped when it was asked for":              {toPXE + rrq + "pxelinux.0\n", time.Second, "under-way certain"},
		"stopped when it was asked for in vain":      {toPXE + rrq + "pxelinux.0\n" + again + "pxelinux.0 of=rrq\n", time.Second, "dead-tftp certain"},
		"port 69 alone, up to a kernel":              {toPXE + names + rrq + "linux\n" + rrq + "initrd.gz\n", time.Hour, "booted likely"},
		"port 69 alone, and not up to one":           {toPXE + names, time.Hour, "unknown possible"},
		"port 69 alone, and the second is not there": {toPXE + rrq + "pxelinux.0\n" + rrq + "ldlinux.c32\n" + again + "ldlinux.c32 of=rrq\n", time.Hour, "stalled likely"},
		"nothing is known of its end":                {toPXE + rrq + "pxelinux.0" + begun + "pxelinux.0\n", -1, "stalled likely"},
	} {
		facts := tell(t, "wire", c.facts)
		end := facts[len(facts)-1].Time.Add(c.ends)
		if c.ends < 0 {
			end = time.Time{}
		}
		var got []string
		for _, b := range Boots(facts, netip.Addr{}, end) {
			got = append(got, fmt.Sprint(b.Story.ID, " ", b.Story.Sure))
		}
		if diff := cmp.Diff(c.want, strings.Join(got, ", ")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
