package server

// Owners is how many addresses a server knows the owners of.
func Owners(s *Server) int { return len(s.owners.macs) }
