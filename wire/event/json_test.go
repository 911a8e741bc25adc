package event

import (
	"encoding/json"
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestAFactInJSON(t *testing.T) {
	e := Event{
		Seq: 7, Time: time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC), Kind: Offer, Source: "server", Client: "52:54:00:12:34:56",
		Peer: netip.MustParseAddrPort("192.168.9.2:67"), Path: "pxelinux.0", Rule: "dnsmasq.conf:3",
		Attrs: Attrs("yiaddr", "192.168.9.100", "arch", "0", "class", "a \"b\" = c\n"), Text: "a menu of 1",
	}
	const want = `{"seq":7,"time":"2026-01-01T12:00:00Z","kind":"offer","source":"server","client":"52:54:00:12:34:56","peer":"192.168.9.2:67",` +
		`"path":"pxelinux.0","rule":"dnsmasq.conf:3","attrs":{"yiaddr":"192.168.9.100","arch":"0","class":"a \"b\" = c\n"},"text":"a menu of 1"}`
	got, err := json.Marshal(e)
	if err != nil || string(got) != want {
		t.Errorf("%v\n%s, want\n%s", err, got, want)
	}
	var back Event
	if err := json.Unmarshal(got, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(e, back, cmpopts.EquateComparable(netip.AddrPort{})); diff != "" {
		t.Errorf("read back (-want +got):\n%s", diff)
	}
	for _, bad := range []string{`{"attrs":{"a":1}}`, `{"attrs":"a=b"}`, `{"attrs":[]}`, `{"attrs":{"a":{"b":"c"}}}`, `{"attrs":`} {
		if err := json.Unmarshal([]byte(bad), &back); err == nil {
			t.Errorf("%s was read", bad)
		}
	}
}

func FuzzJSON(f *testing.F) {
	f.Add("a", "b", "c d", "")
	f.Fuzz(func(t *testing.T, key, value, text, path string) {
		e := Event{Attrs: Attrs("k", value, "l", text), Text: text, Path: path}
		data, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		var back Event
		if err := json.Unmarshal(data, &back); err != nil {
			t.Fatalf("%s: %v", data, err)
		}
	})
}
