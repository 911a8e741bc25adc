package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/bootrig/bootrig/server/metrics"
)

// gauges are the numbers that nothing counts.
func (s *serving) gauges() []metrics.Gauge {
	return []metrics.Gauge{
		{Name: "machines", Help: "Machines that were heard and are remembered.", Value: func() float64 { return float64(s.machines.Len()) }},
		{Name: "leases", Help: "Leases that have not ended.", Value: func() float64 { return float64(len(s.leases())) }},
		{Name: "ready", Help: "1 if there is a link to serve, 0 as long as one is waited for.", Value: func() float64 {
			if s.ready() {
				return 1
			}
			return 0
		}},
	}
}

func (s *serving) ready() bool {
	select {
	case <-s.server.Ready():
		return true
	default:
		return false
	}
}

// metricsAddr reads [ADDR:]PORT. Without an address only this host is answered.
func metricsAddr(value string) (string, error) {
	port, addr := value, "127.0.0.1"
	if i := strings.LastIndex(value, ":"); i >= 0 {
		addr, port = value[:i], value[i+1:]
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil || n == 0 {
		return "", fmt.Errorf("--metrics=%s: %q is no port; the form is [ADDR:]PORT", value, port)
	}
	if _, err := netip.ParseAddr(strings.Trim(addr, "[]")); err != nil {
		return "", fmt.Errorf("--metrics=%s: %q is no IP address; the form is [ADDR:]PORT", value, addr)
	}
	return net.JoinHostPort(strings.Trim(addr, "[]"), port), nil
}

// listenMetrics opens what --metrics wants.
func (c *ServeCmd) listenMetrics() (net.Listener, error) {
	if c.Metrics == "" {
		return nil, nil
	}
	addr, err := metricsAddr(c.Metrics)
	if err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("--metrics=%s: %w", c.Metrics, err)
	}
	return l, nil
}

// measure answers Prometheus and health checks until ctx ends.
func (s *serving) measure(ctx context.Context, l net.Listener) error {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", s.metrics.Handler())
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		if !s.ready() {
			http.Error(w, "waiting for a link to serve", http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ok")
	})
	const patience = 10 * time.Second
	server := &http.Server{Handler: mux, ReadTimeout: patience, WriteTimeout: 3 * patience, IdleTimeout: 6 * patience, MaxHeaderBytes: 1 << 14}
	defer context.AfterFunc(ctx, func() { server.Close() })()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("metrics: %w", err)
	}
	return nil
}
