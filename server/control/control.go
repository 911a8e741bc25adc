// Package control is how commands reach a server that runs: one line each way and more, over a Unix socket.
//
// A request is one line of words. The answer is lines that begin with "> ", and then "exit N", the exit code of the
// command that asks. Who may write to the socket may ask: its owner, and root.
package control

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// What a stranger can hold: so many connections, a line so long, and that for so long.
const (
	maxConns   = 16
	maxRequest = 4096
	patience   = 10 * time.Second
)

// A Handler answers a request. What say gets is told line by line; code is that of the command.
type Handler func(words []string, say func(line string)) (code int)

// A Listener is where requests come.
type Listener struct {
	net.Listener
	made string // the directory, if it was not there
}

// Listen makes the socket, and the directory for it if that is missing. What a server left that was killed is
// replaced; with one that answers it is an error.
func Listen(path string) (*Listener, error) {
	dir := filepath.Dir(path)
	l := &Listener{}
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, fmt.Errorf("the directory of the control socket: %w", err)
		}
		l.made = dir
	}
	if err := vacate(path); err != nil {
		return nil, err
	}
	var err error
	if l.Listener, err = net.Listen("unix", path); err != nil {
		return nil, fmt.Errorf("the control socket: %w", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		l.Close()
		return nil, fmt.Errorf("the control socket: %w", err)
	}
	return l, nil
}

// vacate removes the socket of a server that is not there any more.
func vacate(path string) error {
	if info, err := os.Lstat(path); err == nil && info.Mode().Type() != fs.ModeSocket {
		return fmt.Errorf("the control socket: %s is there already and is no socket", path)
	}
	c, err := net.Dial("unix", path)
	if err == nil {
		c.Close()
		return fmt.Errorf("the control socket: a server answers at %s already", path)
	}
	if errors.Is(err, syscall.ECONNREFUSED) {
		return os.Remove(path)
	}
	return nil // the listening will say what else is wrong
}

// Close removes the socket, and the directory if it was made for it and is empty, as far as this process may by now.
func (l *Listener) Close() error {
	err := l.Listener.Close()
	if l.made != "" {
		_ = os.Remove(l.made) // others may have put something there
	}
	return err
}

// Serve answers requests until ctx ends, each by a goroutine of its own, and closes the Listener.
func (l *Listener) Serve(ctx context.Context, h Handler) error {
	defer context.AfterFunc(ctx, func() { l.Close() })()
	var running sync.WaitGroup
	defer running.Wait()
	room := make(chan struct{}, maxConns)
	for {
		c, err := l.Accept()
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.Is(err, net.ErrClosed):
			return fmt.Errorf("the control socket: %w", err)
		case err != nil: // no descriptor is left, for a moment
			select {
			case <-time.After(100 * time.Millisecond):
			case <-ctx.Done():
			}
			continue
		}
		select {
		case room <- struct{}{}:
		case <-ctx.Done():
			c.Close()
			return nil
		}
		running.Go(func() {
			defer func() { <-room }()
			defer context.AfterFunc(ctx, func() { c.Close() })()
			defer c.Close()
			answer(c, h)
		})
	}
}

// answer reads one request.
func answer(c net.Conn, h Handler) {
	_ = c.SetReadDeadline(time.Now().Add(patience))
	line, err := readLine(bufio.NewReaderSize(c, maxRequest))
	if err != nil {
		return // nobody waits for an answer, or he sent no request
	}
	say := func(text string) {
		_ = c.SetWriteDeadline(time.Now().Add(patience))
		for text := range strings.SplitSeq(text, "\n") {
			_, _ = fmt.Fprintf(c, "> %s\n", text)
		}
	}
	code := h(strings.Fields(line), say)
	_ = c.SetWriteDeadline(time.Now().Add(patience))
	_, _ = fmt.Fprintf(c, "exit %d\n", code)
}

// readLine reads one line that fits the reader.
func readLine(r *bufio.Reader) (string, error) {
	line, err := r.ReadSlice('\n')
	return strings.TrimSuffix(string(line), "\n"), err
}

// Ask sends a request to the server at path, and gives say each line of the answer.
func Ask(ctx context.Context, path string, words []string, say func(line string)) (code int, err error) {
	var d net.Dialer
	c, err := d.DialContext(ctx, "unix", path)
	if err != nil {
		return 0, unheard(path, err)
	}
	defer c.Close()
	defer context.AfterFunc(ctx, func() { c.Close() })()
	if _, err := fmt.Fprintln(c, strings.Join(words, " ")); err != nil {
		return 0, fmt.Errorf("the server at %s: %w", path, err)
	}
	lines := bufio.NewReader(c)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return 0, fmt.Errorf("the server at %s ended before it had answered", path)
		}
		if text, is := strings.CutPrefix(line, "> "); is {
			say(strings.TrimSuffix(text, "\n"))
		} else if _, err := fmt.Sscanf(line, "exit %d\n", &code); err == nil {
			return code, nil
		} else {
			return 0, fmt.Errorf("%s is the socket of no bootrig: it said %q", path, line)
		}
	}
}

// unheard says why nobody is there.
func unheard(path string, err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ECONNREFUSED):
		return fmt.Errorf("no bootrig serve listens at %s: start one, or say where it does with --socket PATH", path)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%s is not open to this user: use sudo, or the user that bootrig serve runs as", path)
	}
	return fmt.Errorf("the control socket: %w", err)
}
