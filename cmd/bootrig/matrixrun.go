package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/bootrig/bootrig/scenarios/runner"
	"github.com/bootrig/bootrig/scenarios/runner/matrix"
)

// A matrixTable is a table that is being filled.
type matrixTable struct {
	base  runner.Request
	cells []matrixCell // that are to be filled
	file  *os.File     // of results; nil: nobody wants them

	mu   sync.Mutex
	done []matrix.Record
	told int
}

// A matrixCell is a row and a column.
type matrixCell struct {
	row    matrix.Row
	server string
}

// open makes the table: column by column, so that the first server's is there first.
func (c *MatrixCmd) open(rows []matrix.Row) (*matrixTable, error) {
	t := &matrixTable{base: (&running{Keep: c.Keep}).request()}
	t.base.World = runner.QEMU
	if err := t.load(c.Results, c.Resume); err != nil {
		return nil, fmt.Errorf("--results: %w", err)
	}
	for _, server := range c.Servers {
		for _, row := range rows {
			if _, found := matrix.Find(t.done, row, server); !found {
				t.cells = append(t.cells, matrixCell{row, server})
			}
		}
	}
	return t, nil
}

// load opens the file of results, and takes over what it has.
func (t *matrixTable) load(name string, resume bool) error {
	if name == "" {
		return nil
	}
	data, err := os.ReadFile(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if resume {
		if t.done, err = matrix.Read(data); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		t.done = slices.DeleteFunc(t.done, func(r matrix.Record) bool { return r.Outcome == runner.Wrong }) // what broke is tried again
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	if t.file, err = os.Create(name); err != nil {
		return err
	}
	for _, r := range t.done { // without a line that was cut off
		if err := json.NewEncoder(t.file).Encode(r); err != nil {
			return err
		}
	}
	return nil
}

// run fills it, some cells at once.
func (t *matrixTable) run(ctx context.Context, jobs int) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(jobs)
	for _, cell := range t.cells {
		group.Go(func() error {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			f, err := readScenario(cell.row.Scenario)
			if err != nil {
				return err
			}
			req := of(f, t.base)
			req.Server, req.Firmware, req.NIC, req.Machine = cell.server, cell.row.Firmware, cell.row.NIC, cell.row.Machine
			r, err := runner.Run(ctx, req)
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err != nil {
				_ = usage(err)
			}
			return t.record(matrix.Of(cell.row, cell.server, r))
		})
	}
	err := group.Wait()
	if t.file != nil {
		err = errors.Join(err, t.file.Close())
	}
	return err
}

// record keeps a result, and tells it.
func (t *matrixTable) record(r matrix.Record) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.done, t.told = append(t.done, r), t.told+1
	if _, err := fmt.Fprintf(os.Stderr, "%d/%d %s\n", t.told, len(t.cells), r); err != nil || t.file == nil {
		return err
	}
	return json.NewEncoder(t.file).Encode(r)
}
