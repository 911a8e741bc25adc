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

	Markdown string `placeholder:"FILE" help:"Append the results as Markdown, as the page of a CI step wants them."`

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

// write writes all that was asked for: the page first, whose directory the others may be in.
func (v *evidence) write(results []runner.Result) error {
	if v.Report != "" {
		if err := v.book(results).Write(v.Report); err != nil {
			return fmt.Errorf("--report: %w", err)
		}
	}
	if v.JUnit != "" {
		if err := telling.WriteJUnit(v.JUnit, results); err != nil {
			return fmt.Errorf("--junit: %w", err)
		}
	}
	if v.Markdown != "" {
		if err := telling.AppendMarkdown(v.Markdown, results); err != nil {
			return fmt.Errorf("--markdown: %w", err)
		}
	}
	return nil
}

// book is the page of all.
func (v *evidence) book(results []runner.Result) paper.Book {
	book := paper.Book{Command: strings.Join(slices.Concat([]string{"bootrig"}, os.Args[1:]), " "), When: time.Now()}
	for _, r := range results {
		run, ran := v.pages[key(r)]
		if !ran {
			run = paper.Of(r, nil, nil)
		}
		book.Runs = append(book.Runs, run)
	}
	return book
}
