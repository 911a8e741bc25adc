package httpd

import "net/http"

// An answer counts what a ResponseWriter sends.
type answer struct {
	http.ResponseWriter
	code  int
	sent  int64
	whole int64  // the size of the file; -1 where there is none
	why   string // of a refusal, for the log
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
