package event

// Kinds are all of them, in the order in which they are documented.
func Kinds() []Kind {
	return []Kind{
		Discover, Offer, Request, Ack, Nak, Inform, Decline, Release, BOOTP, BOOTPReply,
		LeaseQuery, LeaseActive, LeaseUnassigned, LeaseUnknown, ProxyRequest, ProxyAck, BootRequest, BootAck,
		RRQ, OACK, Data, Got, Miss, TFTPError, Abort, Retry, Unreachable, HTTPRequest, HTTPResponse,
		Console, Stage, Handoff, Cmdline, Error, Key, Act,
		Ready, Medium, Installed, Waiting, Change, Ignore, Fault, Relay, Conflict, Heard, Verdict,
	}
}
