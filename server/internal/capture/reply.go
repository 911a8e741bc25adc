package capture

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/wire/pxe"
)

const (
	snameAt   = 44
	fileAt    = 108
	cookieAt  = 236
	optionsAt = 240
)

// Faults are all that is wrong with a reply: what a client could not take of it, and a Packet that is not
// what the Payload says.
func Faults(asked *dhcpv4.DHCPv4, reply *dhcp.Reply) []string {
	faults := untakable(asked, reply.Payload)
	read, err := dhcp.Parse(reply.Payload)
	if err != nil {
		return append(faults, err.Error())
	}
	if diff := cmp.Diff(read, reply.Packet, cmpopts.EquateEmpty()); diff != "" {
		faults = append(faults, "its packet is not what its bytes say (-bytes +packet):\n"+diff)
	}
	return faults
}

// untakable is what a client could not take: the header that must come back, the options, which must have their
// end wherever they are, and the size.
func untakable(asked *dhcpv4.DHCPv4, reply []byte) (faults []string) {
	wrong := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	if len(reply) < pxe.MinPacket {
		return []string{fmt.Sprintf("%d bytes are too short", len(reply))}
	}
	if !bytes.Equal(reply[cookieAt:optionsAt], []byte{0x63, 0x82, 0x53, 0x63}) {
		wrong("there is no cookie")
	}
	if reply[0] != byte(dhcpv4.OpcodeBootReply) || !bytes.Equal(reply[4:8], asked.TransactionID[:]) {
		wrong("it is no reply to the question")
	}
	if n := len(asked.ClientHWAddr); int(reply[2]) != n || !bytes.Equal(reply[28:28+n], asked.ClientHWAddr) || reply[1] != byte(asked.HWType) {
		wrong("it is for another client")
	}
	options, err := ended(reply[optionsAt:])
	if err != nil {
		wrong("the options: %v", err)
	}
	if overload := options[pxe.OptOverload]; len(overload) == 1 {
		if _, err := ended(reply[fileAt:cookieAt]); overload[0]&1 != 0 && err != nil {
			wrong("the options in the file's field: %v", err)
		}
		if _, err := ended(reply[snameAt:fileAt]); overload[0]&2 != 0 && err != nil {
			wrong("the options in the server name's field: %v", err)
		}
	} else if bytes.IndexByte(reply[fileAt:cookieAt], 0) < 0 || bytes.IndexByte(reply[snameAt:fileAt], 0) < 0 {
		wrong("a name has no end")
	}
	return append(faults, tooLong(asked, reply)...)
}

// tooLong tells of a reply that is longer than the client takes (option 57). What a relay wants back (option
// 82) may make it so.
func tooLong(asked *dhcpv4.DHCPv4, reply []byte) []string {
	var taken uint16
	if size := asked.Options[pxe.OptMaxMessageSize]; len(size) == 2 {
		taken = binary.BigEndian.Uint16(size)
	}
	most := pxe.MaxReply(taken)
	if len(asked.Options[pxe.OptMessageType]) == 0 {
		most = pxe.MinPacket
	}
	for n := len(asked.Options[pxe.OptRelayAgent]); n > 0; n -= 255 {
		most += min(n, 255) + 2
	}
	if len(reply) > most {
		return []string{fmt.Sprintf("%d bytes, it takes %d", len(reply), most)}
	}
	return nil
}

// ended reads options to their end, behind which nothing may be.
func ended(b []byte) (map[byte][]byte, error) {
	options := map[byte][]byte{}
	for len(b) > 0 {
		switch {
		case b[0] == pxe.OptEnd:
			if rest := bytes.TrimLeft(b[1:], "\x00"); len(rest) > 0 {
				return options, fmt.Errorf("%x behind the end", rest)
			}
			return options, nil
		case b[0] == 0:
			b = b[1:]
			continue
		case len(b) < 2 || len(b) < 2+int(b[1]):
			return options, fmt.Errorf("option %d is cut short", b[0])
		}
		n := 2 + int(b[1])
		options[b[0]] = append(options[b[0]], b[2:n]...)
		b = b[n:]
	}
	return options, fmt.Errorf("there is no end")
}
