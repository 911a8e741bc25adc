package dnsmasq

import "github.com/bootrig/bootrig/server/config"

// trap notes what only this reader can see of a rule of server/lint, or of a Difference.
func (r *reader) trap(id, text string) {
	r.cfg.Notices = append(r.cfg.Notices, config.Notice{Rule: r.rule, Text: text, ID: id})
}

// note says what is good to know of a line.
func (r *reader) note(text string) {
	r.cfg.Notices = append(r.cfg.Notices, config.Notice{Rule: r.rule, Text: text, Note: true})
}
