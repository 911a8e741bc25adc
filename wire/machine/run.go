package machine

import (
	"context"
	"time"
)

// Run drives m in real time: inputs from in, datagrams to send. It returns nil when ctx ends or in is
// closed, and the first error of send.
func Run(ctx context.Context, m Machine, in <-chan Input, send func(Datagram) error) error {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		for d, ok := m.Next(); ok; d, ok = m.Next() {
			if err := send(d); err != nil {
				return err
			}
		}
		var expired <-chan time.Time
		if at, ok := m.Deadline(); ok {
			timer.Reset(time.Until(at))
			expired = timer.C
		}
		select {
		case <-ctx.Done():
			return nil
		case <-expired:
			m.Expire(time.Now())
		case input, ok := <-in:
			if !ok {
				return nil
			}
			m.Receive(time.Now(), input)
		}
	}
}
