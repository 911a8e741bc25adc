package observe

import (
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/wire/event"
)

// bootpBytes makes a packet for the guest.
func bootpBytes(op byte, xid uint32, sname, file, options string) []byte {
	b := make([]byte, fixedLen)
	b[0], b[1], b[2] = op, 1, 6
	binary.BigEndian.PutUint32(b[4:], xid)
	copy(b[28:], guestMAC)
	copy(b[44:108], sname)
	copy(b[108:236], file)
	return append(binary.BigEndian.AppendUint32(b, cookie), options...)
}

func TestParseBOOTP(t *testing.T) {
	for name, c := range map[string]struct {
		packet []byte
		want   []string // file, sname, class
	}{
		"plain fields":                          {bootpBytes(2, 1, "srv", "pxelinux.0", "\x3c\x09PXEClient\xff"), []string{"pxelinux.0", "srv", "PXEClient"}},
		"a file in option 67":                   {bootpBytes(2, 1, "", "", "\x43\x03abc\xff"), []string{"abc", "", ""}},
		"the field before the option":           {bootpBytes(2, 1, "", "x", "\x43\x03abc\xff"), []string{"x", "", ""}},
		"option 67 with a NUL":                  {bootpBytes(2, 1, "", "", "\x43\x04abc\x00\xff"), []string{"abc", "", ""}},
		"padding between options":               {bootpBytes(2, 1, "", "", "\x00\x00\x3c\x01P\x00\xff\x3c\x01Q"), []string{"", "", "P"}},
		"an option in two parts":                {bootpBytes(2, 1, "", "", "\x3c\x03PXE\x35\x01\x02\x3c\x06Client\xff"), []string{"", "", "PXEClient"}},
		"options in the file field":             {bootpBytes(2, 1, "srv", "\x3c\x01P\xff", "\x34\x01\x01\xff"), []string{"", "srv", "P"}},
		"options in both fields":                {bootpBytes(2, 1, "\x43\x01f\xff", "\x3c\x01P\xff", "\x34\x01\x03\xff"), []string{"f", "", "P"}},
		"an option that is cut short":           {bootpBytes(2, 1, "", "", "\x3c\x09PXE"), []string{"", "", ""}},
		"an option without a length":            {bootpBytes(2, 1, "", "", "\x3c"), []string{"", "", ""}},
		"a file that fills its field":           {bootpBytes(2, 1, "", strings.Repeat("f", 128), ""), []string{strings.Repeat("f", 128), "", ""}},
		"no magic cookie is no DHCP":            {append(make([]byte, fixedLen), 1, 2, 3, 4), nil},
		"a packet that is cut short is no DHCP": {bootpBytes(2, 1, "", "", "")[:239], nil},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			if p, ok := parseBOOTP(c.packet); ok {
				got = []string{p.bootFile(), p.sname, string(p.options[optClass])}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("file, sname, class (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTheMenuIsDecoded(t *testing.T) {
	vendor := "\x06\x01\x07\x0a\x08\xffPick me\x08\x0e\x80\x00\x01\xc0\xa8\x09\x02\x00\x11\x01\xc0\xa8\x09\x03\x09\x0d\x80\x00\x03One\x00\x00\x04Disk\xff"
	p, ok := parseBOOTP(bootpBytes(2, 1, "", "", "\x2b"+string(rune(len(vendor)))+vendor+"\xff"))
	if !ok {
		t.Fatal("not read")
	}
	want := []string{
		"control", "7", "prompt", "255 Pick me",
		"servers", "32768:192.168.9.2; 17:192.168.9.3", "menu", "32768:One; 0:Disk",
	}
	if diff := cmp.Diff(want, p.menu()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestDHCPConversations(t *testing.T) {
	const item = "\x2b\x07\x47\x04\x80\x00\x00\x00\xff"
	type message struct {
		fromGuest bool
		src, dst  uint16
		xid       uint32
		options   string
	}
	for name, c := range map[string]struct {
		messages []message
		want     []string
	}{
		"questions and answers": {[]message{
			{true, 68, 67, 1, "\x35\x01\x01"}, {false, 67, 68, 1, "\x35\x01\x02"}, {true, 68, 67, 1, "\x35\x01\x03"}, {false, 67, 68, 1, "\x35\x01\x05"},
			{true, 68, 4011, 2, "\x35\x01\x03"}, {false, 4011, 68, 2, "\x35\x01\x05"},
			{true, 68, 4011, 0, "\x35\x01\x03" + item}, {false, 4011, 68, 0, "\x35\x01\x05" + item},
		}, []string{"discover", "offer", "request", "ack", "proxy-request", "proxy-ack", "boot-request", "boot-ack"}},
		"the same question again": {[]message{
			{true, 68, 67, 1, "\x35\x01\x01"}, {true, 68, 67, 1, "\x35\x01\x01"}, {true, 68, 67, 1, "\x35\x01\x03"}, {true, 68, 67, 1, "\x35\x01\x03"},
		}, []string{"discover", "retry discover", "request", "retry request"}},
		"a DISCOVER with a new xid is a new one": {[]message{
			{true, 68, 67, 1, "\x35\x01\x01"}, {false, 67, 68, 1, "\x35\x01\x02"}, {true, 68, 67, 2, "\x35\x01\x01"}, {false, 67, 68, 1, "\x35\x01\x02"},
		}, []string{"discover", "offer", "discover", "offer"}},
		"an answer that changed is no retransmission": {[]message{
			{false, 67, 68, 1, "\x35\x01\x02"}, {false, 67, 68, 1, "\x35\x01\x02\x3c\x01P"}, {false, 67, 68, 1, "\x35\x01\x02"},
		}, []string{"offer", "offer", "retry offer"}},
		"a boot server on port 67 that echoes nothing": {[]message{
			{true, 68, 67, 7, "\x35\x01\x03" + item}, {false, 67, 68, 7, "\x35\x01\x05"},
		}, []string{"boot-request", "boot-ack"}},
		"informs are questions too": {[]message{
			{true, 68, 67, 1, "\x35\x01\x08"}, {true, 68, 4011, 2, "\x35\x01\x08"}, {true, 68, 4011, 3, "\x35\x01\x08" + item},
		}, []string{"request", "proxy-request", "boot-request"}},
		"an address that somebody has": {[]message{{true, 68, 67, 1, "\x35\x01\x04"}}, []string{"decline"}},
		"a refusal":                    {[]message{{false, 67, 68, 1, "\x35\x01\x06"}}, []string{"nak"}},
		"what is no message":           {[]message{{true, 68, 67, 1, "\x35\x01\x07"}, {true, 68, 67, 1, ""}, {true, 68, 4011, 1, "\x35\x01\x01"}, {false, 67, 68, 1, "\x35\x01\x03"}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWire(t)
			for _, m := range c.messages {
				op := byte(bootReply)
				if m.fromGuest {
					op = bootRequest
				}
				w.udp(m.fromGuest, m.src, m.dst, bootpBytes(op, m.xid, "", "", m.options))
			}
			if diff := cmp.Diff(c.want, w.facts.kinds()); diff != "" {
				t.Errorf("facts (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAZeroSiaddrIsToldInRepliesOnly(t *testing.T) {
	w := newWire(t)
	w.udp(true, 68, 67, bootpBytes(bootRequest, 1, "", "", "\x35\x01\x01"))
	w.udp(false, 67, 68, bootpBytes(bootReply, 1, "", "", "\x35\x01\x02"))
	var got []string
	for _, e := range w.facts {
		got = append(got, string(e.Kind)+" "+e.Attr("siaddr"))
	}
	if diff := cmp.Diff([]string{string(event.Discover) + " ", "offer 0.0.0.0"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAnAnswerThatGoesAstrayIsToldWithThePort(t *testing.T) {
	w := newWire(t)
	w.udp(true, 68, 4011, bootpBytes(bootRequest, 1, "", "", "\x35\x01\x03"))
	for _, port := range []uint16{68, 67} {
		w.udp(false, 4011, port, bootpBytes(bootReply, 1, "", "", "\x35\x01\x05"))
	}
	w.udp(true, 68, 4011, bootpBytes(bootRequest, 2, "", "", "\x35\x01\x03"))
	other := w.frame(false, 17, udpLayer(4011, 68), payload(bootpBytes(bootReply, 2, "", "", "\x35\x01\x05")))
	other[29]++ // of another address
	other[25]--
	other[40], other[41] = 0, 0 // without a sum
	w.o.Frame(epoch, false, other)
	var got []string
	for _, e := range w.facts {
		got = append(got, fmt.Sprintf("%s port=%s asked=%s", e.Kind, e.Attr("toport"), e.Attr("asked")))
	}
	want := []string{"proxy-request port= asked=", "proxy-ack port= asked=", "proxy-ack port=67 asked=", "proxy-request port= asked=", "proxy-ack port= asked=192.168.9.2"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
