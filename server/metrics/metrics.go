package metrics

import (
	"net/http"
	"net/netip"
	"strconv"
	"sync"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/bootrig/bootrig/internal/teller"
	"github.com/bootrig/bootrig/wire/event"
)

// Metrics counts facts. It is an event.Recorder.
type Metrics struct {
	registry *prometheus.Registry

	dhcp      *prometheus.CounterVec // kind, address
	silences  *prometheus.CounterVec // reason
	transfers *prometheus.CounterVec // result
	resends   prometheus.Counter
	responses *prometheus.CounterVec // code
	bytes     *prometheus.CounterVec // protocol
	installed prometheus.Counter
	faults    prometheus.Counter
	boots     *prometheus.CounterVec // verdict

	mu       sync.Mutex
	reasons  map[string]bool
	messages map[message]prometheus.Counter // of dhcp
}

// A message is what DHCP messages are counted by.
type message struct {
	kind event.Kind
	addr netip.Addr
}

// A Gauge is a number that somebody else knows.
type Gauge struct {
	Name, Help string
	Value      func() float64
}

// New makes a Metrics, of a program of a version, with gauges beside what it counts itself.
func New(version string, gauges ...Gauge) *Metrics {
	m := &Metrics{
		registry:  prometheus.NewRegistry(),
		dhcp:      counters("dhcp_messages_total", "DHCP messages that were taken and sent, by kind and by our address on the link.", "kind", "address"),
		silences:  counters("silences_total", "Packets that were left without an answer, by reason.", "reason"),
		transfers: counters("tftp_transfers_total", "TFTP read requests that have ended, by how.", "result"),
		resends:   counter("tftp_retransmissions_total", "Times that a TFTP packet was sent again."),
		responses: counters("http_responses_total", "HTTP responses, by status code.", "code"),
		bytes:     counters("sent_bytes_total", "Bytes of files, by protocol; of TFTP those that arrived whole.", "protocol"),
		installed: counter("installations_total", "Installers that said that they are done."),
		faults:    counter("faults_total", "Things that were wrong on the server's side."),
		boots:     counters("boots_total", "Boots that have ended, as far as they were seen, by verdict: booted, or why not.", "verdict"),
		reasons:   map[string]bool{},
		messages:  map[message]prometheus.Counter{},
	}
	info := prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "bootrig_build_info", Help: "1, of the version that runs.", ConstLabels: prometheus.Labels{"version": version}},
		func() float64 { return 1 })
	m.registry.MustRegister(m.dhcp, m.silences, m.transfers, m.resends, m.responses, m.bytes, m.installed, m.faults, m.boots, info,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	for _, g := range gauges {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "bootrig_" + g.Name, Help: g.Help}, g.Value))
	}
	return m
}

func counters(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Name: "bootrig_" + name, Help: help}, labels)
}

func counter(name, help string) prometheus.Counter {
	return prometheus.NewCounter(prometheus.CounterOpts{Name: "bootrig_" + name, Help: help})
}

// Handler answers Prometheus.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4})
}

// Record counts a fact.
func (m *Metrics) Record(e event.Event) {
	switch e.Kind {
	case event.Discover, event.Offer, event.Request, event.Ack, event.Nak, event.Inform, event.Decline, event.Release, event.BOOTP, event.BOOTPReply,
		event.ProxyRequest, event.ProxyAck, event.BootRequest, event.BootAck, event.LeaseQuery, event.LeaseActive, event.LeaseUnassigned, event.LeaseUnknown:
		m.message(e.Kind, e.Peer.Addr()).Inc()
	case event.Ignore:
		m.silences.WithLabelValues(m.reason(e.Text)).Inc()
	case event.Got:
		m.transfers.WithLabelValues(string(e.Kind)).Inc()
		m.bytes.WithLabelValues("tftp").Add(float64(e.Bytes))
	case event.Miss, event.TFTPError, event.Abort, event.Unreachable:
		m.transfers.WithLabelValues(string(e.Kind)).Inc()
	case event.Retry:
		m.resends.Inc()
	case event.HTTPResponse:
		m.responses.WithLabelValues(strconv.Itoa(e.Code)).Inc()
		m.bytes.WithLabelValues("http").Add(float64(e.Bytes))
	case event.Installed:
		m.installed.Inc()
	case event.Verdict:
		if e.Attr("was") == "" { // else more was heard of a boot that was counted
			m.boots.WithLabelValues(e.Attr("id")).Inc()
		}
	case event.Fault:
		m.faults.Inc()
	}
}

// message is the counter of a kind of messages at an address of ours, of which there are few.
func (m *Metrics) message(kind event.Kind, addr netip.Addr) prometheus.Counter {
	m.mu.Lock()
	defer m.mu.Unlock()
	counter := m.messages[message{kind, addr}]
	if counter == nil {
		address := ""
		if addr.IsValid() {
			address = addr.String()
		}
		counter = m.dhcp.WithLabelValues(string(kind), address)
		m.messages[message{kind, addr}] = counter
	}
	return counter
}

// maxReasons bounds what is told apart: some reasons name what a client sent.
const maxReasons = 100

func (m *Metrics) reason(text string) string {
	text = teller.Clean(text) // what is no UTF-8 is no label
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case m.reasons[text]:
		return text
	case len(m.reasons) >= maxReasons || len(text) > 200:
		return "other"
	}
	m.reasons[text] = true
	return text
}
