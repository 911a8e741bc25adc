// Package event is the one stream of facts. The server's log, progress bars, verdicts and golden
// traces all read it; nothing has a second one.
package event

import (
	"net/netip"
	"time"
)

// A Kind names what happened.
type Kind string

// What crosses the wire, as emulator/observe reads it at a guest's port. The server records the same
// kinds for what it receives and sends, with Source "server".
const (
	Discover        Kind = "discover"         // DHCPDISCOVER to port 67
	Offer           Kind = "offer"            // DHCPOFFER; Peer sent it, Path is its boot file
	Request         Kind = "request"          // DHCPREQUEST to port 67; Attr server is option 54
	Ack             Kind = "ack"              // DHCPACK from port 67
	Nak             Kind = "nak"              // DHCPNAK
	Inform          Kind = "inform"           // DHCPINFORM: options wanted, the address is there
	Decline         Kind = "decline"          // DHCPDECLINE: somebody has the address already
	Release         Kind = "release"          // DHCPRELEASE: the address is given back
	BOOTP           Kind = "bootp"            // a request without a message type
	BOOTPReply      Kind = "bootp-reply"      // its answer
	LeaseQuery      Kind = "lease-query"      // DHCPLEASEQUERY: a relay asks about a lease (RFC 4388)
	LeaseActive     Kind = "lease-active"     // its answer: whose it is
	LeaseUnassigned Kind = "lease-unassigned" // its answer: the address is nobody's
	LeaseUnknown    Kind = "lease-unknown"    // its answer: we do not know
	ProxyRequest    Kind = "proxy-request"    // DHCPREQUEST to port 4011 without a boot item
	ProxyAck        Kind = "proxy-ack"        // its answer
	BootRequest     Kind = "boot-request"     // a request with a boot item (option 43.71); Attr item is TYPE.LAYER
	BootAck         Kind = "boot-ack"         // its answer
	RRQ             Kind = "rrq"              // TFTP read request; Path as sent, Attr options as sent
	OACK            Kind = "oack"             // TFTP option acknowledgement; Attr options
	Data            Kind = "data"             // progress of a transfer; Bytes so far (recorded sparsely)
	Got             Kind = "got"              // the final ACK of the last block; Path, Bytes
	Miss            Kind = "miss"             // ERROR 1 to an RRQ: the file is not there
	TFTPError       Kind = "tftp-error"       // any other ERROR from the server; Code, Text
	Abort           Kind = "abort"            // ERROR from the client, as the size probe of EDK2 and Intel ROMs
	Retry           Kind = "retry"            // a retransmission; Attr of names the kind that came again
	Unreachable     Kind = "unreachable"      // ICMP port unreachable about Peer
	HTTPRequest     Kind = "http-request"     // a request line; Path
	HTTPResponse    Kind = "http-response"    // its status; Path, Code, Bytes
)

// What a guest says of itself, with Source "guest". It explains; for a real guest only Console and
// what is read from it exist.
const (
	Console Kind = "console" // one line of the serial console (Text)
	Stage   Kind = "stage"   // a stage starts; Text names it: "ipxe-bios", "pxelinux 6", "mboot.c32"
	Handoff Kind = "handoff" // the chain ends well; Attr kind is linux, multiboot, local, program
	Cmdline Kind = "cmdline" // the command line a kernel was given, or printed (Text)
	Error   Kind = "error"   // the guest gave up; Text is the cause in one line
	Key     Kind = "key"     // a key was pressed
	Act     Kind = "act"     // something else was done to the machine: it was reset, its cable pulled...
)

// What the server says of itself, with Source "server".
const (
	Ready     Kind = "ready"     // it listens; Text says where
	Medium    Kind = "medium"    // what of a medium is served, or how some machines boot it; Text, Rule its path
	Installed Kind = "installed" // an installer asked for its callback; Text what it said
	Waiting   Kind = "waiting"   // something that is to be served is not there yet; Text says what
	Change    Kind = "change"    // the host or the configuration is another; Text says what is
	Ignore    Kind = "ignore"    // a packet deserved no answer; Text is the reason, Rule the line that decided
	Fault     Kind = "fault"     // something is wrong on our side; Text
	Relay     Kind = "relay"     // a packet is passed on to or from a server elsewhere; Text says to whom, Attr of what it is
	Conflict  Kind = "conflict"  // somebody has the address that a client was to get; Text
	Heard     Kind = "heard"     // an answer of another server passed by; Attr of is what, server whose
	Verdict   Kind = "verdict"   // a boot has ended, as far as it was seen; Attr id is how, Text why
)

// An Event is one observed fact, a flat value: copy it, compare it, print it.
type Event struct {
	Seq    uint64         `json:"seq"`
	Time   time.Time      `json:"time"`
	Kind   Kind           `json:"kind"`
	Source string         `json:"source"`           // whose eyes: "wire", "server", "guest"
	Client string         `json:"client,omitempty"` // the guest's name, or a MAC address where no name is known
	Stage  int            `json:"stage,omitempty"`  // 0 is the ROM, 1 what it loaded, and so on
	Peer   netip.AddrPort `json:"peer,omitzero"`    // the server's side of the exchange
	Path   string         `json:"path,omitempty"`   // a file name exactly as it crossed the wire
	Bytes  int64          `json:"bytes,omitempty"`
	Code   int            `json:"code,omitempty"` // TFTP error code or HTTP status
	Xfer   uint64         `json:"xfer,omitempty"` // one transfer's facts share it
	Rule   string         `json:"rule,omitempty"` // file:line of the configuration that decided, or BuiltIn
	Attrs  Attributes     `json:"attrs,omitempty"`
	Text   string         `json:"text,omitempty"`
}

// BuiltIn is the Rule of what no configuration can change.
const BuiltIn = "built-in"

// A Recorder takes facts. It may be called from several goroutines.
type Recorder interface{ Record(Event) }

// Func makes a Recorder of a function.
type Func func(Event)

// Record calls f.
func (f Func) Record(e Event) { f(e) }

// Discard takes facts and forgets them.
var Discard Recorder = Func(func(Event) {})
