package rom

import (
	"net/netip"

	"github.com/bootrig/bootrig/emulator/internal/testnet"
	"github.com/bootrig/bootrig/emulator/tcp"
	"github.com/bootrig/bootrig/wire/machine"
)

// exchanges are the requests of a capture and what answered each.
func exchanges(packets []testnet.Captured, addr netip.Addr) (asked []string, answers [][]byte) {
	for _, p := range packets {
		switch {
		case !p.TCP:
		case p.Src.Addr() == addr:
			asked, answers = append(asked, string(p.Payload)), append(answers, nil)
		case len(answers) > 0:
			last := len(answers) - 1
			answers[last] = append(answers[last], p.Payload...)
		}
	}
	return asked, answers
}

// browse gives a ROM the answers to its requests, one after the other, and returns the requests. The captured answers
// go through a TCP of ours, since whose numbers and windows are whose is not the question.
func browse(rom *ROM, answers [][]byte) (asked []string) {
	var server *tcp.Conn
	for len(answers) > 0 {
		now, waits := rom.Deadline()
		if !waits || rom.get == nil {
			break
		}
		rom.Expire(now)
		for moved := true; moved; {
			moved = false
			for d, ok := rom.Next(); ok; d, ok = rom.Next() {
				moved = true
				if server == nil || server.Config().Remote != d.Src {
					server, _ = tcp.Accept(now, tcp.Config{Local: d.Dst, Remote: d.Src, Patience: tcp.Patience()}, d)
					continue
				}
				server.Receive(now, d)
			}
			if server == nil {
				continue
			}
			if request := server.Read(); len(request) > 0 && len(answers) > 0 {
				asked = append(asked, string(request))
				server.Write(now, answers[0])
				answers = answers[1:]
			}
			for d, ok := server.Next(); ok; d, ok = server.Next() {
				moved = true
				rom.Receive(now, machine.Datagram{Src: d.Src, Dst: d.Dst, Payload: d.Payload, TCP: true})
			}
		}
	}
	return asked
}
