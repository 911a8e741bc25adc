package tftp

// An Error is why a transfer ended without its file.
type Error struct {
	Reason Reason
	Code   int    // TFTP error code, with the faults an ERROR brings
	Text   string // what the server said, or what was wrong
}

// Error is the text.
func (e *Error) Error() string { return e.Text }

// A Reason is why a transfer ended without its file, whatever a firmware prints then.
type Reason string

// The reasons.
const (
	NoSize       Reason = "no size"       // the server does not say how long the file is
	Unreachable  Reason = "unreachable"   // ICMP says that nobody listens there
	OpenTimeout  Reason = "open timeout"  // no answer to an RRQ
	ReadTimeout  Reason = "read timeout"  // the data stopped
	NotFound     Reason = "not found"     // ERROR 1
	AccessDenied Reason = "access denied" // ERROR 2
	IllegalOp    Reason = "illegal op"    // ERROR 4
	ServerError  Reason = "server error"  // any other ERROR
	BadPacket    Reason = "bad packet"    // a packet that breaks the protocol
	TooBig       Reason = "too big"       // the file does not fit in memory
)
