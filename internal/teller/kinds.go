package teller

import (
	"fmt"
	"strings"

	"github.com/bootrig/bootrig/wire/event"
)

// A manner is how a kind of fact is told.
type manner struct {
	words func(event.Event, *transfer) string
	with  string // which facts tell it too, so that only Verbose gives it a line of its own
}

// kinds has every kind there is.
var kinds = map[event.Kind]manner{
	event.Discover:        {words: asks},
	event.Offer:           {words: answers},
	event.Request:         {asks, "its answer, or the silence"},
	event.Ack:             {words: answers},
	event.Nak:             {words: answers},
	event.Inform:          {asks, "its answer, or the silence"},
	event.Decline:         {words: answers},
	event.Release:         {words: answers},
	event.BOOTP:           {asks, "its answer, or the silence"},
	event.BOOTPReply:      {words: answers},
	event.LeaseQuery:      {asks, "its answer, or the silence"},
	event.LeaseActive:     {words: answers},
	event.LeaseUnassigned: {words: answers},
	event.LeaseUnknown:    {words: answers},
	event.ProxyRequest:    {asks, "its answer, or the silence"},
	event.ProxyAck:        {words: answers},
	event.BootRequest:     {asks, "its answer, or the silence"},
	event.BootAck:         {words: answers},
	event.RRQ:             {readRequest, "the file that came, or what became of it"},
	event.OACK:            {optionsAgreed, "the file that came, or what became of it"},
	event.Data:            {words: underWay},
	event.Got:             {words: got},
	event.Miss:            {words: notThere},
	event.TFTPError:       {words: refused},
	event.Abort:           {words: stopped},
	event.Retry:           {again, "the fact it repeats"},
	event.Unreachable:     {words: closed},
	event.HTTPRequest:     {httpRequest, "its response"},
	event.HTTPResponse:    {words: httpResponse},
	event.Console:         {words: func(e event.Event, _ *transfer) string { return "| " + e.Text }},
	event.Stage:           {words: func(e event.Event, _ *transfer) string { return "runs " + e.Text }},
	event.Handoff:         {words: func(e event.Event, _ *transfer) string { return "hands over to " + e.Attr("kind") }},
	event.Cmdline:         {words: func(e event.Event, _ *transfer) string { return "command line: " + e.Text }},
	event.Error:           {words: func(e event.Event, _ *transfer) string { return "gives up: " + e.Text + bracket(e.Attr("cause")) }},
	event.Key:             {words: func(e event.Event, _ *transfer) string { return "key " + e.Text }},
	event.Act:             {words: func(e event.Event, _ *transfer) string { return "is " + e.Text }},
	event.Ready:           {words: func(e event.Event, _ *transfer) string { return "ready: " + e.Text }},
	event.Medium:          {words: func(e event.Event, _ *transfer) string { return e.Text }},
	event.Installed:       {words: func(e event.Event, _ *transfer) string { return "says that it is installed" + bracket(e.Text) }},
	event.Waiting:         {words: func(e event.Event, _ *transfer) string { return "waiting: " + e.Text + bracket(e.Rule) }},
	event.Change:          {words: func(e event.Event, _ *transfer) string { return "change: " + e.Text + bracket(e.Rule) }},
	event.Ignore:          {words: silence},
	event.Fault:           {words: func(e event.Event, _ *transfer) string { return "fault: " + e.Text + bracket(e.Rule) }},
	event.Relay:           {words: relayed},
	event.Heard:           {words: heard},
	event.Verdict:         {words: ended},
	event.Conflict:        {words: func(e event.Event, _ *transfer) string { return "CONFLICT" + bracket(e.Text, e.Rule) }},
}

// words tells one fact. A kind of tomorrow is told too, in its own name.
func words(e event.Event, t *transfer) string {
	if m, known := kinds[e.Kind]; known {
		return m.words(e, t)
	}
	return join(string(e.Kind), from(e), e.Path, string(e.Attrs), e.Text)
}

// asks is a question of DHCP. Its architecture is a name where the server says it; the witness has a
// number, which the class repeats.
func asks(e event.Event, _ *transfer) string {
	arch := ""
	if e.Source == "server" {
		arch = e.Attr("arch")
	}
	return join(upper(e.Kind), label("to", from(e)), label("item", e.Attr("item")), label("server", e.Attr("server")), arch, e.Attr("class"))
}

// answers is an answer of DHCP, or a message that gets none.
func answers(e event.Event, _ *transfer) string {
	siaddr := e.Attr("siaddr")
	if e.Path == "" || siaddr == from(e) || strings.Contains(e.Path, "://") {
		siaddr = "" // it decides nothing, or is who speaks
	}
	return join(upper(e.Kind), label("from", from(e)), label("address", set(e.Attr("yiaddr"))), label("file", e.Path),
		label("siaddr", siaddr)) + bracket(e.Text, e.Rule)
}

func silence(e event.Event, _ *transfer) string {
	return fmt.Sprintf("no answer to %s: %s", asked(e), e.Text) + bracket(e.Rule)
}

// heard tells of an answer of another server.
func heard(e event.Event, _ *transfer) string {
	return join("hears of another server:", strings.ToUpper(e.Attr("of")), label("from", e.Attr("server")), label("address", e.Attr("yiaddr")),
		label("file", e.Path), e.Attr("class"))
}

// usual tells that another server did what a DHCP server beside a proxy is for: it gave an address.
func usual(e event.Event) bool { return e.Attr("yiaddr") != "" && e.Attr("class") == "" }

// ended tells what became of a boot.
func ended(e event.Event, _ *transfer) string {
	id := e.Attr("id")
	if e.Attr("fix") == "" {
		return join(id+":", e.Text)
	}
	return join("does not go on:", e.Text) + bracket(id, e.Attr("sure")) + ". What to do: " + e.Attr("fix")
}

func relayed(e event.Event, _ *transfer) string {
	return join("relay of", asked(e)+":", e.Text) + bracket(e.Rule)
}

// asked is what was asked, as far as the fact says it.
func asked(e event.Event) string {
	if of := e.Attr("of"); of != "" {
		return strings.ToUpper(of)
	}
	return "a packet"
}

func readRequest(e event.Event, _ *transfer) string {
	return "asks for " + e.Path + bracket(e.Attr("options"))
}

func optionsAgreed(e event.Event, _ *transfer) string {
	return "OACK for " + e.Path + bracket(e.Attr("options"))
}

func underWay(e event.Event, t *transfer) string {
	text := "getting " + e.Path + ", " + event.Size(e.Bytes)
	if t.size > 0 {
		text += " of " + event.Size(t.size)
	}
	return text
}

func got(e event.Event, t *transfer) string {
	return "got " + e.Path + ", " + event.Size(e.Bytes) + t.took(e.Time)
}

func notThere(e event.Event, _ *transfer) string {
	return "asked for " + e.Path + ", which is not there" + instead(e) + bracket(e.Rule)
}

// instead is what a name that is not there may have been meant for.
func instead(e event.Event) string {
	if e.Attr("like") == "" {
		return ""
	}
	return ": there is " + e.Attr("like")
}

func refused(e event.Event, _ *transfer) string {
	return fmt.Sprintf("is refused %s: %s", e.Path, e.Text) + bracket(e.Rule)
}

func stopped(e event.Event, t *transfer) string {
	switch {
	case sizeProbe(e, t):
		return "asked how large " + e.Path + " is"
	case e.Attr("by") == "server":
		return fmt.Sprintf("%s is given up after %s: %s", e.Path, event.Size(e.Bytes), e.Text)
	}
	return fmt.Sprintf("stopped %s after %s: %s", e.Path, event.Size(e.Bytes), e.Text)
}

func again(e event.Event, _ *transfer) string { return join("again:", e.Attr("of"), e.Path) }

// closed tells of an ICMP port unreachable.
func closed(e event.Event, _ *transfer) string {
	if e.Attr("by") == "guest" {
		return join("its port is closed to", e.Peer.String(), e.Path)
	}
	return join("finds a closed port at", e.Peer.String(), e.Path)
}

func httpRequest(e event.Event, _ *transfer) string {
	return join("asks for", e.Path, "by HTTP") + bracket(e.Attr("method"), e.Attr("range"))
}

func httpResponse(e event.Event, t *transfer) string {
	if missing(e) {
		return "asked for " + e.Path + " by HTTP, which is not there" + instead(e) + bracket(e.Rule)
	}
	took := ""
	if e.Source == "server" { // the witness sees where it begins
		took = t.took(e.Time)
	}
	return fmt.Sprintf("HTTP %d for %s, %s%s", e.Code, e.Path, event.Size(e.Bytes), took) + bracket(e.Text)
}
