package main

import (
	"fmt"
	"net"
	"time"

	"github.com/bootrig/bootrig/server/lint"
	"github.com/bootrig/bootrig/server/machines"
)

// until stands before what ends a mark, in a request.
const until = "until="

// aboutMachine answers a request about one machine.
func aboutMachine(name string, say func(string), answer func(mac string) error) int {
	mac, err := net.ParseMAC(name)
	if err != nil {
		say(fmt.Sprintf("%q is no MAC address, such as 52:54:00:12:34:56", name))
		return int(exitUsage)
	}
	if err := answer(mac.String()); err != nil {
		say(err.Error())
		return int(exitFailed)
	}
	return 0
}

func (s *serving) forget(mac string) error {
	switch known, err := s.machines.Forget(mac); {
	case err != nil:
		return fmt.Errorf("%s is forgotten until this server ends: %w", mac, err)
	case !known:
		return fmt.Errorf("%s was not heard of", mac)
	}
	return nil
}

func (s *serving) done(mac string) error {
	marked, ok := s.machines.Marked(mac)
	if !ok || marked.Once == nil {
		return fmt.Errorf("%s has no mark for a boot", mac)
	}
	if err := s.machines.Done(mac); err != nil {
		return fmt.Errorf("the mark of %s is taken away until this server ends: %w", mac, err)
	}
	return nil
}

// set answers `bootrig machines set`.
func (s *serving) set(name string, tags []string, say func(string)) int {
	return s.mark(name, tags, say, func(mac string) error {
		err := s.machines.Set(mac, tags)
		if err != nil && len(tags) == 0 {
			return fmt.Errorf("the tags of %s are taken away until this server ends: %w", mac, err)
		}
		return err
	})
}

// once answers `bootrig machines once`.
func (s *serving) once(name, what string, tags []string, say func(string)) int {
	return s.mark(name, tags, say, func(mac string) error { return s.machines.Once(mac, tags, what, time.Now()) })
}

// mark marks a machine, and says how it is marked now, and what comes to nothing.
func (s *serving) mark(name string, tags []string, say func(string), mark func(mac string) error) int {
	for _, tag := range tags {
		if err := machines.CheckTag(tag); err != nil {
			say(err.Error())
			return int(exitUsage)
		}
	}
	return aboutMachine(name, say, func(mac string) error {
		if err := mark(mac); err != nil {
			return fmt.Errorf("%s is not marked: %w", mac, err)
		}
		if m, marked := s.machines.Marked(mac); marked {
			say(fmt.Sprintf("%s: %s", mac, m))
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, tag := range lint.Unwanted(&s.settings, tags) {
			say(fmt.Sprintf("note: no line of the configuration asks for the tag %s, so nothing is another for it", tag))
		}
		return nil
	})
}
