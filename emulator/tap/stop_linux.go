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
	p := h.now()
	select {
	case <-p.exited:
		return h.Err()
	default:
	}
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	grace := time.NewTimer(h.spec.Grace)
	defer grace.Stop()
	select {
	case <-p.exited:
		return nil // whatever its code: it was asked to
	case <-grace.C:
		h.ns.killAll() // its daemons too: they hold its output open
		<-p.exited
		return fmt.Errorf("host %s: %s did not end within %v of SIGTERM", h.spec.Name, h.spec.Argv[0], h.spec.Grace)
	}
}

// Kill ends all that the host runs by SIGKILL, and returns when it is gone. What is on its disk stays.
func (h *Host) Kill() {
	p := h.now()
	if p.cmd == nil {
		return
	}
	h.mu.Lock()
	p.killed = true
	h.mu.Unlock()
	h.ns.killAll()
	<-p.exited
}

// Start starts the process again that was killed, or has ended: the same command, in the same root.
func (h *Host) Start() error {
	select {
	case <-h.now().exited:
	default:
		return fmt.Errorf("host %s: %s is running", h.spec.Name, h.spec.Argv[0])
	}
	h.out.Again()
	if err := h.run(); err != nil {
		return fmt.Errorf("host %s: start %s again: %w", h.spec.Name, h.spec.Argv[0], err)
	}
	return nil
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
