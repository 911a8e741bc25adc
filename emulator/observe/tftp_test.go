package observe

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/wire/event"
)

const (
	plain = "f\x00octet\x00"
	small = plain + "blksize\x008\x00"
)

func TestTransfers(t *testing.T) {
	for name, c := range map[string]struct {
		say  func(p tftpPeer)
		want []string
	}{
		"a file in lock step": {func(p tftpPeer) {
			p.rrq(small)
			p.oack("blksize\x008\x00")
			p.ack(0)
			p.data(1, 8)
			p.ack(1)
			p.data(2, 3)
			p.ack(2)
		}, []string{"rrq f", "oack f", "data f", "got f"}},
		"a file whose last block is empty": {func(p tftpPeer) {
			p.rrq(plain)
			p.data(1, 512)
			p.ack(1)
			p.data(2, 0)
			p.ack(2)
		}, []string{"rrq f", "data f", "got f"}},
		"an empty file": {func(p tftpPeer) {
			p.rrq(plain)
			p.data(1, 0)
			p.ack(1)
		}, []string{"rrq f", "data f", "got f"}},
		"a file that is not acknowledged to its end": {func(p tftpPeer) {
			p.rrq(plain)
			p.data(1, 512)
			p.ack(1)
			p.data(2, 1)
		}, []string{"rrq f", "data f"}},
		"everything sent twice": {func(p tftpPeer) {
			for range 2 {
				p.rrq(small)
			}
			for range 2 {
				p.oack("blksize\x008\x00")
			}
			for range 2 {
				p.ack(0)
			}
			for range 2 {
				p.data(1, 3)
			}
			for range 2 {
				p.ack(1)
			}
			p.data(1, 3)
		}, []string{
			"rrq f", "retry f rrq", "oack f", "retry f oack", "retry f ack", "data f", "retry f data", "got f", "retry f ack", "retry f data",
		}},
		"a window with a gap, sent again from there": {func(p tftpPeer) {
			p.rrq(small)
			p.oack("blksize\x008\x00windowsize\x004\x00")
			p.ack(0)
			p.data(1, 8)
			p.data(3, 8)
			p.data(4, 1)
			p.ack(1)
			p.data(2, 8)
			p.data(3, 8)
			p.data(4, 1)
			p.ack(4)
		}, []string{"rrq f", "oack f", "data f", "retry f data", "retry f data", "got f"}},
		"blocks that overtake each other are no retransmission": {func(p tftpPeer) {
			p.rrq(small)
			p.oack("blksize\x008\x00windowsize\x004\x00")
			p.ack(0)
			p.data(2, 8)
			p.data(1, 8)
			p.data(3, 0)
			p.ack(3)
		}, []string{"rrq f", "oack f", "data f", "got f"}},
		"a size probe, then the file from the same port": {func(p tftpPeer) {
			p.rrq("f\x00octet\x00tsize\x000\x00")
			p.oack("tsize\x003\x00")
			p.abort(8, "User aborted the transfer")
			p.rrq(plain)
			p.oack("tsize\x003\x00") // a late answer to the probe
			p.tid++
			p.data(1, 3)
			p.ack(1)
		}, []string{"rrq f", "oack f", "abort f", "rrq f", "data f", "got f"}},
		"other files from the same port, refused from the same port": {func(p tftpPeer) {
			for _, file := range []string{"a", "b", "a"} {
				p.rrq(file + "\x00octet\x00")
				p.refuse(1, "not found")
			}
		}, []string{"rrq a", "miss a", "rrq b", "miss b", "rrq a", "miss a"}},
		"a request doubled on the way, answered from two ports": {func(p tftpPeer) {
			stray := p
			stray.tid++
			p.rrq(plain)
			p.data(1, 3)
			stray.data(1, 3)
			stray.abort(5, "unknown transfer ID")
			stray.abort(0, "go away")
			stray.refuse(0, "give up")
			p.ack(1)
		}, []string{"rrq f", "data f", "got f"}},
		"the same, where the guest takes the second": {func(p tftpPeer) {
			stray := p
			stray.tid++
			p.rrq(small)
			p.oack("blksize\x008\x00")
			stray.oack("blksize\x008\x00")
			stray.ack(0)
			stray.data(1, 3)
			stray.ack(1)
		}, []string{"rrq f", "oack f", "data f", "got f"}},
		"the same, where the guest refuses the first": {func(p tftpPeer) {
			stray := p
			stray.tid++
			p.rrq(small)
			p.oack("blksize\x008\x00")
			p.abort(5, "unknown transfer ID")
			stray.ack(0)
			stray.data(1, 3)
			stray.ack(1)
		}, []string{"rrq f", "oack f", "data f", "got f"}},
		"a block beyond a gap, twice": {func(p tftpPeer) {
			p.rrq(plain)
			p.data(2, 512)
			p.data(2, 512)
		}, []string{"rrq f", "retry f data"}},
		"a server with a single port": {func(p tftpPeer) {
			p.tid = tftpPort
			p.rrq(plain)
			p.data(1, 3)
			p.ack(1)
			p.rrq("g\x00octet\x00")
			p.data(1, 4)
			p.ack(1)
		}, []string{"rrq f", "data f", "got f", "rrq g", "data g", "got g"}},
		"a miss": {func(p tftpPeer) {
			p.rrq(plain)
			p.refuse(1, "File not found")
			p.refuse(1, "File not found")
		}, []string{"rrq f", "miss f", "retry f miss"}},
		"the same name again after a miss": {func(p tftpPeer) {
			p.rrq(plain)
			p.refuse(1, "File not found")
			p.later += 2 * inFlight
			p.rrq(plain)
		}, []string{"rrq f", "miss f", "rrq f"}},
		"the same name again from another port": {func(p tftpPeer) {
			p.rrq(plain)
			p.refuse(1, "File not found")
			p.port++
			p.rrq(plain)
		}, []string{"rrq f", "miss f", "rrq f"}},
		"a request that was on its way when the miss came": {func(p tftpPeer) {
			p.rrq(plain)
			p.refuse(1, "File not found")
			p.later += inFlight / 10
			p.rrq(plain)
			p.tid++
			p.refuse(1, "File not found")
		}, []string{"rrq f", "miss f", "retry f rrq"}},
		"another refusal": {func(p tftpPeer) {
			p.rrq(plain)
			p.refuse(2, "Access violation")
		}, []string{"rrq f", "tftp-error f"}},
		"a name with bytes of any kind": {func(p tftpPeer) {
			p.rrq("a \xff\x00octet\x00")
		}, []string{"rrq a \xff"}},
		"requests that are none": {func(p tftpPeer) {
			p.rrq("f\x00octet")
			p.rrq("f")
			p.rrq("")
		}, nil},
		"answers nobody asked for": {func(p tftpPeer) {
			p.data(1, 3)
			p.oack("")
			p.ack(1)
			p.abort(0, "")
			p.refuse(1, "")
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWire(t)
			c.say(tftpPeer{w, 1024, 40000})
			if diff := cmp.Diff(c.want, w.facts.kinds()); diff != "" {
				t.Errorf("facts (-want +got):\n%s", diff)
			}
		})
	}
}

func TestBlockNumbersWrapToZero(t *testing.T) {
	const blocks = 2*65536 + 5
	w := newWire(t)
	p := tftpPeer{w, 1024, 40000}
	p.rrq(small)
	p.oack("blksize\x008\x00")
	p.ack(0)
	server := hostPort(serverIP, p.tid)
	for n := 1; n < blocks; n++ { // without frames: 260,000 of them take gopacket a second
		w.o.fromServer(p.port, server, packet(opDATA, uint16(n), "8 bytes."))
		w.o.fromClient(p.port, server, packet(opACK, uint16(n), ""))
	}
	p.data(blocks, 7)
	p.ack(blocks)
	last := w.facts[len(w.facts)-1]
	if last.Kind != event.Got || last.Bytes != (blocks-1)*8+7 {
		t.Fatalf("last fact %+v", last)
	}
	data := 0
	for _, e := range w.facts {
		switch e.Kind {
		case event.Retry:
			t.Fatalf("a retry where nothing was repeated: %+v", e)
		case event.Data:
			data++
		}
	}
	if data != 2 { // the first block, and 1 MiB
		t.Errorf("%d facts of progress", data)
	}
}

func TestATransferOfFragments(t *testing.T) {
	w := newWire(t)
	p := tftpPeer{w, 1024, 40000}
	p.rrq("f\x00octet\x00blksize\x002000\x00")
	p.oack("blksize\x002000\x00")
	p.ack(0)
	whole := w.frame(false, 17, udpLayer(40000, 1024), payload(packet(opDATA, 1, string(make([]byte, 1999)))))
	for _, part := range fragments(whole, 1480) {
		w.o.Frame(epoch, false, part)
	}
	p.ack(1)
	if last := w.facts[len(w.facts)-1]; last.Kind != event.Got || last.Bytes != 1999 {
		t.Fatalf("last fact %+v", last)
	}
}
