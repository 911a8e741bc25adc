package server

// Move tells a server that its host is another now: links came or went, or have other addresses. What is the same
// goes on undisturbed; it returns when the next packet is answered by what is so now. It is for a Machine, and for
// while Run runs.
func (s *Server) Move(h Host) {
	s.moving.Lock()
	defer s.moving.Unlock()
	s.adopt(s.plan.Load().at(h))
}

// adopt serves another plan.
func (s *Server) adopt(next *plan) {
	if s.sim != nil {
		s.tell(s.plan.Swap(next), next)
		s.sim.dhcp.Change(s.dhcpConfig(next, next.wired))
		return
	}
	c := change{next, make(chan struct{})}
	select {
	case s.changes <- c:
		<-c.taken
	case <-s.ended:
	}
}
