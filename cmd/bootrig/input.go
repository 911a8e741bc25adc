package main

import (
	"io"
	"os"
)

// An input is the standard input, which can be read to its end as often as it is wanted: it is what it was.
type input struct {
	text  []byte
	at    int
	ended bool
}

// Read gives what is next, and after the end the beginning.
func (i *input) Read(p []byte) (n int, err error) {
	if !i.ended {
		n, err = os.Stdin.Read(p)
		i.text = append(i.text, p[:n]...)
		i.ended = err == io.EOF
		return n, err
	}
	if n = copy(p, i.text[i.at:]); n == 0 {
		i.at = 0
		return 0, io.EOF
	}
	i.at += n
	return n, nil
}
