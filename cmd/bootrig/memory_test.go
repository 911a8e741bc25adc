package main

import (
	"bytes"
	"errors"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// That nothing can be kept is told once, and again when the reason is another. Where addresses are given the leases tell it.
func TestAMemoryThatFailsIsToldOnce(t *testing.T) {
	full, readOnly := errors.New("the disk is full"), errors.New("the disk is read-only")
	for name, c := range map[string]struct {
		gives bool
		want  []string
	}{
		"a proxy": {false, []string{"fault: machines are remembered in memory only, and marks are refused: the disk is full",
			"fault: machines are remembered in memory only, and marks are refused: the disk is read-only", "change: machines and marks are kept again"}},
		"who gives addresses": {true, nil},
	} {
		var said bytes.Buffer
		s := &serving{log: newLog(&said, logged{LogLevel: "info"}), gives: c.gives}
		told := ""
		for _, err := range []error{nil, full, full, readOnly, nil, nil} {
			told = s.tellMemory(told, err)
		}
		ok(t, s.log.Close())
		got := regexp.MustCompile(`(fault|change): .*`).FindAllString(said.String(), -1)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
