package dnsmasq

import "slices"

// A bank is a file, or a directory of files, whose lines are values of one option: dhcp-hostsfile,
// dhcp-optsfile, addn-hosts and their directories.
type bank struct {
	path, rule string
	line       func(*reader, string)
	watched    string // dhcp-hostsdir, dhcp-optsdir, hostsdir; "": it is none of these
}

func (r *reader) dhcpHostsFile(value text) { r.bank(value, hostLine, "") }
func (r *reader) dhcpHostsDir(value text)  { r.bank(value, hostLine, "dhcp-hostsdir") }
func (r *reader) dhcpOptsFile(value text)  { r.bank(value, optionLine, "") }
func (r *reader) dhcpOptsDir(value text)   { r.bank(value, optionLine, "dhcp-optsdir") }

func (r *reader) bank(value text, line func(*reader, string), watched string) {
	r.banks = append(r.banks, bank{value.String(), r.rule, line, watched})
}

func hostLine(r *reader, s string)   { r.valueLine(s, r.dhcpHost) }
func optionLine(r *reader, s string) { r.valueLine(s, r.dhcpOption) }

// valueLine reads a line that is a value, with quotes and comments as everywhere.
func (r *reader) valueLine(s string, read func(text)) {
	switch t, err := unquote(s); {
	case err != nil:
		r.wrong("%v", err)
	case len(t.trim()) > 0:
		read(t.trim())
	}
}

// readBanks reads them behind all else, in dnsmasq's order: ethers, the files, of those the last first
// and what directories hold behind them, and then the directories that dnsmasq watches (option.c,
// reread_dhcp and expand_filelist). What is missing or wrong there dnsmasq logs and goes on: it may be
// corrected while it runs. So it is a notice here.
func (r *reader) readBanks() {
	r.lenient = true
	r.readEthers()
	slices.Reverse(r.banks)
	for _, watched := range []bool{false, true} {
		var below []bank
		for _, b := range r.banks {
			if b.watched != "" == watched {
				below = append(below, r.readBank(b)...)
			}
		}
		for _, b := range below {
			r.readBank(b)
		}
	}
	r.lenient = false
}

// readBank reads a file. What is in a directory it returns.
func (r *reader) readBank(b bank) (below []bank) {
	if b.path == "" {
		return nil // an option without a value names none
	}
	r.rule = b.rule
	info, err := r.stat(b.path)
	if err == nil && info.IsDir() {
		r.looked(b)
		names, err := r.names(b.path, func(string) bool { return true })
		if err != nil {
			r.notice("%v", err)
		}
		for _, name := range names {
			below = append(below, bank{path: b.path + "/" + name, rule: b.rule, line: b.line})
		}
		return below
	}
	if err == nil && b.watched != "" {
		r.notice("%s is not a directory, and so is not read", b.path)
		return nil
	}
	data, err := r.readRegular(b.path)
	if err != nil {
		r.cfg.Sought = append(r.cfg.Sought, b.path)
		r.notice("%v", err)
		return nil
	}
	r.lines(b.path, data, func(s string) { b.line(r, s) })
	return nil
}

// looked takes note of a directory.
func (r *reader) looked(b bank) {
	if b.watched == "" {
		r.cfg.Sought = append(r.cfg.Sought, b.path)
		return
	}
	r.cfg.Watched = append(r.cfg.Watched, b.path)
	r.note(b.watched + ": while bootrig serves, files that come or change here count at once, and those that go with the next reading (SIGHUP)")
}
