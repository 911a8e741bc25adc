package httpd

import (
	"io"
	"net/http"
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
	n, err := a.ResponseWriter.Write(b)
	a.sent += int64(n)
	return n, err
}

// ReadFrom sends all of r, which a conn does without copying where it can.
func (a *answer) ReadFrom(r io.Reader) (int64, error) {
	if a.code == 0 {
		a.code = http.StatusOK
	}
	n, err := io.Copy(a.ResponseWriter, r)
	a.sent += n
	return n, err
}
