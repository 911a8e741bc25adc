package seed

import (
	"github.com/bootrig/bootrig/server/media"
)

// Answer is how a medium's installer is told where its answers are: the medium's own way with the URL in it. url is
// where the machine's files begin (At.URL), or what a boot program makes such a URL of:
// "http://192.168.9.2/seed/${net0/mac:hexhyp}/". ok is false where there is no file that the installer reads.
//
// Of a machine of which nothing is known the files of any machine count: it may be that one, and who it is is told
// when it asks. Where it is none of them its installer finds no answers, says so and asks a person.
func (s *Seed) Answer(m media.Medium, machine Machine, url string) (a media.Answer, ok bool) {
	a = m.Answer
	if a.Args == "" {
		return media.Answer{}, false
	}
	names := s.names(machine)
	if len(machine.words()) == 0 {
		names = s.anyones()
	}
	for _, name := range a.Files {
		if _, there := names[name]; !there {
			continue
		}
		answer := url + name
		if a.Directory {
			answer = url
		}
		a.Args = media.Places{Answer: answer}.Fill(a.Args)
		return a, true
	}
	return media.Answer{}, false
}

// Argument is what Answer adds to an entry's command line, "" for nothing.
func (s *Seed) Argument(m media.Medium, e media.Entry, machine Machine, url string) string {
	a, ok := s.Answer(m, machine, url)
	if !ok || !e.Takes(a) {
		return ""
	}
	return a.Args
}

// Answered is the medium with the argument in each of its entries.
func (s *Seed) Answered(m media.Medium, machine Machine, url string) media.Medium {
	a, ok := s.Answer(m, machine, url)
	if !ok {
		return m
	}
	entries := m.Entries
	m.Entries = nil
	for _, e := range entries {
		m.Entries = append(m.Entries, e.Answered(a))
	}
	return m
}

// anyones are the files that there are for any machine.
func (s *Seed) anyones() map[string]string {
	all := s.names(Machine{})
	for _, dir := range s.list(".") {
		if hidden(dir.Name()) || !s.isDir(dir.Name()) {
			continue
		}
		for _, e := range s.list(dir.Name()) {
			all[e.Name()] = dir.Name() + "/" + e.Name()
		}
	}
	return all
}
