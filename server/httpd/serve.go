package httpd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"
)

// grace is how long a body may go on after Serve was told to stop.
const grace = 2 * time.Second

// Serve answers on all listeners until ctx ends, then lets what is under way finish within two seconds. It
// returns nil when ctx ended it, and closes the listeners.
func Serve(ctx context.Context, h http.Handler, limits Limits, listeners ...net.Listener) error {
	gate := newGate(limits)
	server := &http.Server{
		Handler:           &quick{h, gate.Body},
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    64 << 10,
		ConnState:         gate.state,
		ConnContext:       func(ctx context.Context, c net.Conn) context.Context { return context.WithValue(ctx, connKey{}, c) },
		ErrorLog:          log.New(io.Discard, "", 0), // what clients do wrong is told in events
	}
	stopped := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(stopped)
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
		defer cancel()
		if server.Shutdown(last) != nil {
			server.Close()
		}
	})
	var group errgroup.Group
	for _, l := range listeners {
		group.Go(func() error {
			err := server.Serve(listener{l, gate})
			if !errors.Is(err, http.ErrServerClosed) {
				server.Close() // one listener that fails is the end of all
				return fmt.Errorf("http on %s: %w", l.Addr(), err)
			}
			return nil
		})
	}
	err := group.Wait()
	if !stop() {
		<-stopped
	}
	return err
}

type connKey struct{}

// A quick handler does not wait for bodies: nobody who gives files wants one.
type quick struct {
	http.Handler
	body time.Duration
}

func (q *quick) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c, ok := r.Context().Value(connKey{}).(*conn)
	if ok {
		c.doing.Store(answering)
	}
	if r.ContentLength != 0 {
		// net/http reads what is left of a body before it takes the next request.
		w.Header().Set("Connection", "close")
		_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(q.body))
	}
	q.Handler.ServeHTTP(w, r)
	if ok {
		c.moves()
		c.doing.Store(answered)
	}
}
