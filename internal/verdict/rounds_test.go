package verdict

import (
	"net/netip"
	"strings"
	"testing"
	"time"
)

// Boots of one machine, the last of which is judged.
const (
	toLinux = menu + "got 192.168.9.2:69 linux\ngot 192.168.9.2:69 initrd.gz\n"
	toXen   = menu + "got 192.168.9.2:69 xen.gz\n"
	toISO   = "discover - - class=HTTPClient:Arch:00016 arch=16\noffer " + server + " http://192.168.9.2/a.iso class=HTTPClient server=192.168.9.2 siaddr=192.168.9.2\n" + leases + wants + acked + "http-request 192.168.9.2:80 /a.iso method=GET\nhttp-response 192.168.9.2:80 /a.iso code=200\n"
	toDisk  = bios + "offer " + server + " - class=PXEClient server=192.168.9.2 siaddr=192.168.9.2 vendor=06010309070000044469736b0a0100ff\n" + leases + wants + acked
	byROM   = ipxe + "offer " + server + " http://192.168.9.2/boot.ipxe class=PXEClient server=192.168.9.2 siaddr=192.168.9.2\n" + leases + wants + acked + "http-request 192.168.9.2:80 /boot.ipxe method=GET\nhttp-response 192.168.9.2:80 /boot.ipxe code=200\nhttp-request 192.168.9.2:80 /vmlinuz method=GET\nhttp-response 192.168.9.2:80 /vmlinuz code=200\n"
	system  = "20s discover - - class=d-i\n" + leases + wants + acked
)

// rounds are boots of a machine, each so long behind the one before.
func rounds(boots ...string) string {
	var all strings.Builder
	for n, boot := range boots {
		if n%2 == 1 {
			all.WriteString(boot + " ") // the time
			continue
		}
		all.WriteString(boot)
	}
	return all.String()
}

func TestRoundsOfALoop(t *testing.T) {
	for name, c := range map[string]struct{ facts, id, text string }{
		"a kernel that resets the machine":          {rounds(toLinux, "60s", toLinux, "62s", toLinux), rebooted, "boots linux again and again: 3 times"},
		"an installer without end":                  {rounds(toLinux+system, "20m", toLinux+system, "22m", toLinux+system), rebooted, "3 times, one every 22m"},
		"an iPXE in the card":                       {rounds(byROM, "30s", byROM, "30s", byROM), rebooted, "boots /vmlinuz again and again: 3 times"},
		"it goes on":                                {rounds(toLinux, "60s", toLinux, "60s", toLinux, "60s", toLinux, "60s", toLinux, "60s", toLinux, "60s", toLinux), rebooted, "7 times"},
		"with no beat at all":                       {rounds(toLinux, "20s", toLinux, "200s", toLinux, "90s", toLinux, "600s", toLinux), rebooted, "5 times within"},
		"an image of a whole system":                {rounds(toISO, "5m", toISO, "5m", toISO), rebooted, "boots /a.iso again and again"},
		"a disk that does not boot":                 {rounds(toDisk, "20s", toDisk, "20s", toDisk), rebooted, "boots its disk again and again"},
		"an installer that is done, and begins":     {rounds(toLinux+"300s installed\n", "40s", toLinux), rebooted, "40s later"},
		"one reset":                                 {rounds(toLinux, "60s", toLinux), Booted, ""},
		"two resets by hand":                        {rounds(toLinux, "60s", toLinux, "240s", toLinux), Booted, ""},
		"the installer's own question":              {toLinux + system + "60s discover - - class=d-i\n60s discover - - class=d-i\n60s discover - - class=d-i\n", Booted, ""},
		"another system each time":                  {rounds(toLinux, "60s", toXen, "60s", toLinux, "60s", toXen), Booted, ""},
		"every day":                                 {rounds(toLinux, "24h", toLinux, "24h", toLinux, "24h", toLinux), Booted, ""},
		"an installer that is done, and disks":      {rounds(toLinux+"300s installed\n", "40s", toDisk), Booted, ""},
		"firmware that tries again by itself":       {rounds(loaded, "2s", loaded, "2s", loaded, "2s", bios), "no-offer", ""},
		"it fails, and firmware tries for ever":     {rounds(toPXE+"rrq 192.168.9.2:69 a.0\nmiss 192.168.9.2:69 a.0\n", "90s", toPXE+"rrq 192.168.9.2:69 a.0\nmiss 192.168.9.2:69 a.0\n", "90s", toPXE+"rrq 192.168.9.2:69 a.0\nmiss 192.168.9.2:69 a.0\n"), "file-missing", ""},
		"a kernel that is cut off resets it":        {rounds(toLinux, "60s", toLinux, "60s", menu+"got 192.168.9.2:69 linux is=\"linux cut 1 2\"\n"), "kernel-truncated", ""},
		"firmware that tries the disk and the next": {rounds(toDisk, "60s", toDisk), Booted, ""},
	} {
		all := Boots(tell(t, "wire", c.facts), netip.Addr{}, time.Time{})
		if s := all[len(all)-1].Story; s.ID != c.id || !strings.Contains(s.Text, c.text) {
			t.Errorf("%s: %s (%s): %s, want %s: %s", name, s.ID, s.Sure, s.Text, c.id, c.text)
		}
		var last Story
		w := Watch{Tell: func(_ string, c Case) { last = c.Story }}
		for _, e := range tell(t, "wire", c.facts) {
			w.Expire(e.Time)
			w.Record(e)
		}
		w.End()
		if last.ID != c.id {
			t.Errorf("%s: listened to it is %s: %s, want %s", name, last.ID, last.Text, c.id)
		}
	}
}

func TestHowOftenFirmwareCameBack(t *testing.T) {
	all := Boots(tell(t, "wire", rounds(loaded, "2s", loaded, "2s", loaded, "2s", bios)), netip.Addr{}, time.Time{})
	for n, want := range []string{"it ended", "it ended (2 times in a row)", "it ended (3 times in a row)"} {
		if s := all[n].Story; s.ID != backAgain || !strings.HasSuffix(s.Text, want) {
			t.Errorf("the %d. boot is %s: %s, want %s", n+1, s.ID, s.Text, want)
		}
	}
}
