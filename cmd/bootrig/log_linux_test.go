package main

import (
	"fmt"
	"testing"

	"golang.org/x/sys/unix"
)

func TestOnlyTheJournalsSocketIsTheJournal(t *testing.T) {
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	ok(t, err)
	defer unix.Close(pair[0])
	defer unix.Close(pair[1])
	var journal unix.Stat_t
	ok(t, unix.Fstat(pair[0], &journal))
	t.Setenv("JOURNAL_STREAM", fmt.Sprintf("%d:%d", journal.Dev, journal.Ino))
	if !journaled(pair[0]) || journaled(pair[1]) {
		t.Errorf("the journal's socket is the journal: %t, another: %t", journaled(pair[0]), journaled(pair[1]))
	}
	t.Setenv("JOURNAL_STREAM", "")
	if journaled(pair[0]) {
		t.Error("without a journal a socket is one")
	}
}
