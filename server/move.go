package server

// Move tells a server that its host is another now: links came or went, or have other addresses. What is the same
// goes on undisturbed; it returns when the next packet is answered by what is so now. It is for a Machine, and for
// while Run runs.
func (s *Server) Move(h Host) {
	s.moving.Lock()
	defer s.moving.Unlock()
	s.adopt(s.plan.Load().at(h))
}

// Change gives a server another configuration, as Move gives it other links: the Settings, Media, Links, Others and
// Missing of cfg, where leases are kept (Store, Clock), and if none were given before which there are (Known). The rest stays as New was
// told. Transfers that have begun go on as they began, leases stay whose they are, and sockets are opened and closed
// only where others are wanted.
//
// A configuration that New would refuse changes nothing; the error joins every mistake.
func (s *Server) Change(cfg Config) error {
	s.moving.Lock()
	defer s.moving.Unlock()
	cfg.Tree, cfg.Waits, cfg.Neighbor, cfg.Holders = s.cfg.Tree, s.cfg.Waits, s.cfg.Neighbor, s.cfg.Holders
	next, err := newPlan(cfg)
	if err != nil {
		return err
	}
	last := s.plan.Load()
	s.adopt(next)
	if s.retired != nil {
		s.retired.close()
	}
	s.retired = last
	s.caution(last.cautions(s.limits))
	return nil
}

// adopt serves another plan.
func (s *Server) adopt(next *plan) {
	if s.sim != nil {
		s.tell(s.plan.Swap(next), next)
		s.simulate(next)
		return
	}
	c := change{next, make(chan struct{})}
	select {
	case s.changes <- c:
		<-c.taken
	case <-s.ended:
	}
}
