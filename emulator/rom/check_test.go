package rom_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/emulator/retry"
	"github.com/bootrig/bootrig/emulator/rom"
)

func TestEveryProfileSurvivesJSON(t *testing.T) {
	for _, p := range rom.Profiles() {
		if err := p.Check(); err != nil {
			t.Error(err)
		}
		text, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		var back rom.Profile
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(p, back); diff != "" {
			t.Errorf("%s (-before +after):\n%s", p.Name, diff)
		}
	}
}

func TestAProfileThatCannotWorkIsToldWhy(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(p *rom.Profile)
		want   string
	}{
		"no name":                    {func(p *rom.Profile) { p.Name = "" }, `"": it has no Name`},
		"no evidence":                {func(p *rom.Profile) { p.Evidence = "hearsay" }, `Evidence is "hearsay"`},
		"no options":                 {func(p *rom.Profile) { p.Options = nil }, "Options is []: a DHCP message needs option 53"},
		"none once it has a lease":   {func(p *rom.Profile) { p.Unicast = []byte{60} }, "Unicast is [60]"},
		"an option without a value":  {func(p *rom.Profile) { p.Class = "" }, "it sends option 60, and Class is empty"},
		"a value that is too long":   {func(p *rom.Profile) { p.Class = strings.Repeat("x", 256) }, "Class has 256 bytes"},
		"packets nobody may send it": {func(p *rom.Profile) { p.MaxSize = 300 }, "MaxSize is 300"},
		"packets nobody can send":    {func(p *rom.Profile) { p.Pad = 9000 }, "Pad is 9000"},
		"no patience":                {func(p *rom.Profile) { p.Discover = retry.Backoff{} }, "Discover: it waits from 0s to 0s"},
		"none for TFTP":              {func(p *rom.Profile) { p.TFTP.Patience.Table[0] = 0 }, "TFTP.Patience: a wait of 0s in Table"},
		"a negative wait":            {func(p *rom.Profile) { p.ProxyWait = -1 }, "ProxyWait is -1ns"},
		"a rule there is not":        {func(p *rom.Profile) { p.Menu = 9 }, "Menu is 9"},
		"a dialect there is not":     {func(p *rom.Profile) { p.TFTP.Dialect = -1 }, "TFTP.Dialect is -1"},
		"an option without number":   {func(p *rom.Profile) { p.TFTP.Options = "blksize" }, `TFTP.Options is "blksize"`},
		"more slots than DISCOVERs":  {func(p *rom.Profile) { p.Collect.LeaseOnly = 7 }, "Collect waits for 7 DISCOVERs, and Discover has 4"},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := rom.Lookup("intel-undi")
			if err != nil {
				t.Fatal(err)
			}
			tc.change(&p)
			err = p.Check()
			if err == nil || !strings.Contains(err.Error(), tc.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("Check: %v, want one line with %q", err, tc.want)
			}
		})
	}
}
