package tap

import (
	"fmt"
	"syscall"
	"time"
)

// Stop ends the host: SIGTERM, after the grace SIGKILL, also for what the process left behind, and its
// card and root are gone. It returns an error if the process had failed before, or had to be killed.
func (h *Host) Stop() error {
	h.stopOnce.Do(func() {
		h.stopErr = h.stop()
		h.release()
	})
	return h.stopErr
}

func (h *Host) stop() error {
	select {
	case <-h.exited:
		return h.Err()
	default:
	}
	_ = h.cmd.Process.Signal(syscall.SIGTERM)
	grace := time.NewTimer(h.spec.Grace)
	defer grace.Stop()
	select {
	case <-h.exited:
		return nil // whatever its code: it was asked to
	case <-grace.C:
		h.ns.killAll() // its daemons too: they hold its output open
		<-h.exited
		return fmt.Errorf("host %s: %s did not end within %v of SIGTERM", h.spec.Name, h.spec.Argv[0], h.spec.Grace)
	}
}

// release gives back what start took, as far as it came.
func (h *Host) release() {
	if h.ns != nil {
		h.ns.killAll()
	}
	for _, tap := range h.taps {
		tap.Close()
	}
	if h.root != "" {
		removeRoot(h.root)
	}
	if h.ns != nil {
		h.ns.close()
	}
}
