package web

import (
	"bytes"
	"fmt"
	"io"
	"iter"
	"net/http"
	"slices"
	"strconv"
)

// piece is how much of an answer is handed over at once.
const piece = 1 << 15

// An answer is the http.ResponseWriter of one request: what its handler writes comes out in pieces.
type answer struct {
	header http.Header
	code   int
	head   bool // the request's method is HEAD: there is no body
	close  bool // the connection ends behind it
	begun  bool // its header fields are out
	held   []byte
	yield  func([]byte) bool
	gone   bool // nobody wants the rest
}

// pieces are the bytes of the answer. The handler runs between them.
func (a *answer) pieces(h http.Handler, r *http.Request) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		a.yield = yield
		h.ServeHTTP(a, r)
		if a.code == 0 {
			a.code = http.StatusOK
		}
		if !a.begun && a.header.Get("Content-Length") == "" && !a.head {
			a.header.Set("Content-Length", strconv.Itoa(len(a.held)))
		}
		_ = a.flush()
	}
}

// Header is what WriteHeader sends.
func (a *answer) Header() http.Header { return a.header }

// WriteHeader says the status.
func (a *answer) WriteHeader(code int) {
	if a.code == 0 && code >= http.StatusOK {
		a.code = code
	}
}

func (a *answer) Write(p []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	if a.head {
		return len(p), nil
	}
	if a.held = append(a.held, p...); len(a.held) < piece {
		return len(p), nil
	}
	return len(p), a.flush()
}

// flush hands over what is held, behind the header fields if they are not out. A length that is not known is told by the
// connection's end.
func (a *answer) flush() error {
	out := a.held
	if !a.begun {
		a.begun = true
		if a.header.Get("Content-Length") == "" && !a.head {
			a.close = true
		}
		out = append(a.fields(), out...)
	}
	a.held = nil
	if a.gone = a.gone || len(out) > 0 && !a.yield(out); a.gone {
		return io.ErrClosedPipe
	}
	return nil
}

// fields are the status line and the header fields. No date: invented time is none.
func (a *answer) fields() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "HTTP/1.1 %03d %s\r\n", a.code, http.StatusText(a.code))
	if a.close {
		a.header.Set("Connection", "close")
	}
	_ = a.header.Write(&b) // in the order of their names
	b.WriteString("\r\n")
	return slices.Clip(b.Bytes())
}
