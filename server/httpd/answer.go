package httpd

import (
	"net/http"
	"time"
)

// stall is how long a client may take for one piece of a body. A limit for the whole would cut off an
// installer that reads an ISO over a slow link.
const stall = time.Minute

// An answer counts what a ResponseWriter sends, and gives up on a client that takes nothing.
type answer struct {
	http.ResponseWriter
	control *http.ResponseController
	code    int
	sent    int64
	whole   int64 // the size of the file; -1 where there is none
}

// WriteHeader notes the status.
func (a *answer) WriteHeader(code int) {
	if a.code == 0 {
		a.code = code
	}
	a.patient()
	a.ResponseWriter.WriteHeader(code)
}

// patient gives the client a minute from now. Not every ResponseWriter has deadlines; without them a
// piece may take forever.
func (a *answer) patient() { _ = a.control.SetWriteDeadline(time.Now().Add(stall)) }

// Write sends a piece.
func (a *answer) Write(b []byte) (int, error) {
	if a.code == 0 {
		a.code = http.StatusOK
	}
	a.patient()
	n, err := a.ResponseWriter.Write(b)
	a.sent += int64(n)
	return n, err
}
