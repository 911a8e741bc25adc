package httpd

import (
	"net/http"

	"github.com/bootrig/bootrig/internal/magic"
)

// An answer counts what a ResponseWriter sends.
type answer struct {
	http.ResponseWriter
	code  int
	sent  int64
	whole int64  // the size of the file; -1 where there is none
	why   string // of a refusal, for the log
	is    string // what the file is, as far as its beginning says
	like  string // what is there in place of one that is not
}

// WriteHeader notes the status.
func (a *answer) WriteHeader(code int) {
	if a.code == 0 {
		a.code = code
	}
	a.ResponseWriter.WriteHeader(code)
}

// Write sends a piece.
func (a *answer) Write(b []byte) (int, error) {
	if a.code == 0 {
		a.code = http.StatusOK
	}
	if a.sent == 0 && a.whole >= 0 {
		a.is = magic.Of(b, a.whole)
	}
	n, err := a.ResponseWriter.Write(b)
	a.sent += int64(n)
	return n, err
}
