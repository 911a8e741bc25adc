package soak

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/bootrig/bootrig/emulator/tap"
)

// fetch fetches a file by HTTP again and again, each time by another connection.
func (s *scene) fetch(ctx context.Context, from *tap.Host) {
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true, DialContext: in(from)}}
	for ctx.Err() == nil {
		if err := s.fetchOnce(ctx, &client); err == nil {
			s.fetches.Add(1)
		} else if ctx.Err() == nil {
			s.fail("HTTP: %v", err)
		}
		pause(ctx, 500*time.Millisecond)
	}
}

func (s *scene) fetchOnce(ctx context.Context, client *http.Client) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stalled := time.AfterFunc(patience, cancel)
	defer stalled.Stop()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://192.168.9.2/big", nil)
	if err != nil {
		return err
	}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(moving{resp.Body, stalled})
	if err == nil && !bytes.Equal(got, s.content) {
		err = fmt.Errorf("%s and %d bytes, which are not the file", resp.Status, len(got))
	}
	return err
}

// moving is a body that may be slow, but not stand still.
type moving struct {
	io.Reader
	stalled *time.Timer
}

func (m moving) Read(b []byte) (int, error) {
	n, err := m.Reader.Read(b)
	m.stalled.Reset(patience)
	return n, err
}
