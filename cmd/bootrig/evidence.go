package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/bootrig/bootrig/scenarios/runner"
	telling "github.com/bootrig/bootrig/scenarios/runner/report"
	paper "github.com/bootrig/bootrig/scenarios/runner/report/page"
	"github.com/bootrig/bootrig/wire/event"
)

// evidence is what runs are told in, beside what is printed.
type evidence struct {
	Report string `type:"path" placeholder:"DIR" help:"Make a page of all runs, DIR/index.html, with each boot message by message, its files, screens and console; what runs leave is kept below DIR too, unless --keep says where."`
	JUnit  string `name:"junit" placeholder:"FILE" help:"Write the results as JUnit XML too."`

	mu    sync.Mutex
	pages map[string]paper.Run // by name, world and server
}

// watch keeps the facts of a request for the page.
func (v *evidence) watch(req *runner.Request) (told func(runner.Result)) {
	if v.Report == "" {
		return func(runner.Result) {}
	}
	var facts []event.Event
	next, source := req.Events, req.Source
	req.Events = event.Func(func(e event.Event) {
		facts = append(facts, e) // a run tells one after the other
		next.Record(e)
	})
	return func(r runner.Result) {
		run := paper.Of(r, source, facts)
		v.mu.Lock()
		defer v.mu.Unlock()
		if v.pages == nil {
			v.pages = map[string]paper.Run{}
		}
		v.pages[key(r)] = run
	}
}

// key tells the runs of an invocation apart.
func key(r runner.Result) string {
	return strings.Join([]string{telling.Name(r), r.World, r.Server}, "\n")
}

// write writes all that was asked for.
func (v *evidence) write(results []runner.Result) error {
	if v.JUnit != "" {
		if err := telling.WriteJUnit(v.JUnit, results); err != nil {
			return fmt.Errorf("--junit: %w", err)
		}
	}
	if v.Report == "" {
		return nil
	}
	book := paper.Book{Command: strings.Join(slices.Concat([]string{"bootrig"}, os.Args[1:]), " "), When: time.Now()}
	for _, r := range results {
		run, ran := v.pages[key(r)]
		if !ran {
			run = paper.Of(r, nil, nil)
		}
		book.Runs = append(book.Runs, run)
	}
	if err := book.Write(v.Report); err != nil {
		return fmt.Errorf("--report: %w", err)
	}
	return nil
}
