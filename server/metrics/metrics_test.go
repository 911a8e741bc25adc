package metrics

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/bootrig/bootrig/wire/event"
)

func TestFactsAreCounted(t *testing.T) {
	m := New("v1", Gauge{"machines", "Machines that were heard.", func() float64 { return 2 }})
	at := netip.MustParseAddrPort("192.168.9.2:67")
	for _, e := range []event.Event{
		{Kind: event.Ready}, {Kind: event.Console},
		{Kind: event.Discover, Peer: at}, {Kind: event.Discover, Peer: at}, {Kind: event.Offer, Peer: at},
		{Kind: event.Ignore, Text: "dhcp-host says to ignore it"},
		{Kind: event.RRQ}, {Kind: event.Got, Bytes: 1000}, {Kind: event.Miss}, {Kind: event.Retry},
		{Kind: event.HTTPResponse, Code: 404}, {Kind: event.HTTPResponse, Code: 200, Bytes: 7},
		{Kind: event.Fault}, {Kind: event.Installed}, {Kind: event.Verdict, Attrs: "id=booted"}, {Kind: event.Verdict, Attrs: "id=dead-tftp"},
		{Kind: event.Verdict, Attrs: "id=booted was=at-menu"},
	} {
		m.Record(e)
	}
	want := `# HELP bootrig_boots_total Boots that have ended, as far as they were seen, by verdict: booted, or why not.
# TYPE bootrig_boots_total counter
bootrig_boots_total{verdict="booted"} 1
bootrig_boots_total{verdict="dead-tftp"} 1
# HELP bootrig_dhcp_messages_total DHCP messages that were taken and sent, by kind and by our address on the link.
# TYPE bootrig_dhcp_messages_total counter
bootrig_dhcp_messages_total{address="192.168.9.2",kind="discover"} 2
bootrig_dhcp_messages_total{address="192.168.9.2",kind="offer"} 1
# HELP bootrig_faults_total Things that were wrong on the server's side.
# TYPE bootrig_faults_total counter
bootrig_faults_total 1
# HELP bootrig_http_responses_total HTTP responses, by status code.
# TYPE bootrig_http_responses_total counter
bootrig_http_responses_total{code="200"} 1
bootrig_http_responses_total{code="404"} 1
# HELP bootrig_installations_total Installers that said that they are done.
# TYPE bootrig_installations_total counter
bootrig_installations_total 1
# HELP bootrig_machines Machines that were heard.
# TYPE bootrig_machines gauge
bootrig_machines 2
# HELP bootrig_sent_bytes_total Bytes of files, by protocol; of TFTP those that arrived whole.
# TYPE bootrig_sent_bytes_total counter
bootrig_sent_bytes_total{protocol="http"} 7
bootrig_sent_bytes_total{protocol="tftp"} 1000
# HELP bootrig_silences_total Packets that were left without an answer, by reason.
# TYPE bootrig_silences_total counter
bootrig_silences_total{reason="dhcp-host says to ignore it"} 1
# HELP bootrig_tftp_retransmissions_total Times that a TFTP packet was sent again.
# TYPE bootrig_tftp_retransmissions_total counter
bootrig_tftp_retransmissions_total 1
# HELP bootrig_tftp_transfers_total TFTP read requests that have ended, by how.
# TYPE bootrig_tftp_transfers_total counter
bootrig_tftp_transfers_total{result="got"} 1
bootrig_tftp_transfers_total{result="miss"} 1
`
	var names []string
	for line := range strings.Lines(want) {
		if words := strings.Fields(line); words[1] == "TYPE" {
			names = append(names, words[2])
		}
	}
	if err := testutil.GatherAndCompare(m.registry, strings.NewReader(want), names...); err != nil {
		t.Error(err)
	}
}

func TestPrometheussLinterFindsNothing(t *testing.T) {
	m := New("v1")
	for _, kind := range event.Kinds() {
		m.Record(event.Event{Kind: kind})
	}
	problems, err := testutil.GatherAndLint(m.registry)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		if strings.HasPrefix(p.Metric, "bootrig_") {
			t.Errorf("%s: %s", p.Metric, p.Text)
		}
	}
}

func TestReasonsAreBounded(t *testing.T) {
	m := New("v1")
	for n := range 10_000 {
		m.Record(event.Event{Kind: event.Ignore, Text: fmt.Sprint("from port ", n)})
	}
	m.Record(event.Event{Kind: event.Ignore, Text: strings.Repeat("x", 1000)})
	if n := testutil.CollectAndCount(m.silences); n != maxReasons+1 {
		t.Errorf("%d reasons", n)
	}
}

// What a client sent may be a part of a reason: it is no way to end a server, nor to reach a terminal.
func TestAReasonIsHarmless(t *testing.T) {
	m := New("v")
	m.Record(event.Event{Kind: event.Ignore, Text: "class \xff\x1b[2J"})
	if got := testutil.ToFloat64(m.silences.WithLabelValues(`class \xff\x1b[2J`)); got != 1 {
		t.Errorf("%v silences are counted", got)
	}
}
