package bench

import (
	"context"
	"fmt"
	"time"
)

// A Config is a benchmark.
type Config struct {
	Servers []Server // ratios are of the first to the others
	Points  []Point
	Rounds  int // that count; one more, which does not, goes before
	Cores   Cores
}

// NewConfig checks one. all are the cores that there are, and server how many of them the server gets.
func NewConfig(servers []Server, points []Point, rounds int, all []int, server int) (Config, error) {
	if rounds < 1 {
		return Config{}, fmt.Errorf("--rounds %d: there is one at least", rounds)
	}
	cores, err := share(all, server)
	return Config{servers, points, rounds, cores}, err
}

// A Result is what a point came to.
type Result struct {
	Point Point `json:"point"`
	Unit  Unit  `json:"unit"`
	Rows  []Row `json:"rows"`
}

// A Row is what one server came to.
type Row struct {
	Server  string        `json:"server"`
	Value   Figures       `json:"value"`
	Ratio   Figures       `json:"ratio"` // how many times better the first server of the table was, in the same rounds
	Samples []Sample      `json:"samples"`
	Stay    time.Duration `json:"stay,omitempty"`  // how long a block was in the server, as the median of the warm-up
	Error   string        `json:"error,omitempty"` // why there are not all of them
}

// A Step is one round of one server, for who watches.
type Step struct {
	Point  string
	Server string
	Round  int // 0 is the warm-up
	Rounds int
	Sample Sample
	Err    error
}

// Run measures point after point. tell is told of each round, and done of each point.
func Run(ctx context.Context, cfg Config, tell func(Step), done func(Result) error) error {
	for _, p := range cfg.Points {
		r, err := cfg.point(ctx, p, tell)
		if err != nil {
			return err
		}
		if len(r.Rows) == 0 {
			continue
		}
		if err := done(r); err != nil {
			return err
		}
	}
	return nil
}

// point lets all servers bear one load, in turn. Who fails is not asked again.
func (cfg Config) point(ctx context.Context, p Point, tell func(Step)) (Result, error) {
	var able []Server
	for _, s := range cfg.Servers {
		if s.Can(p) {
			able = append(able, s)
		}
	}
	rows := make([]Row, len(able))
	for round := range cfg.Rounds + 1 {
		for i, s := range able {
			row := &rows[i]
			if row.Server = s.Name; row.Error != "" {
				continue
			}
			sample, err := cfg.sample(ctx, p, s, round)
			if ctx.Err() != nil {
				return Result{}, ctx.Err()
			}
			tell(Step{p.Name, s.Name, round, cfg.Rounds, sample, err})
			switch {
			case err != nil:
				row.Error = err.Error()
			case round == 0:
				row.Stay = sample.Stay
			default:
				row.Samples = append(row.Samples, sample)
			}
		}
	}
	return conclude(p, rows), nil
}

// limit is for a server that gets nothing done.
const limit = 5 * time.Minute

func (cfg Config) sample(ctx context.Context, p Point, s Server, round int) (Sample, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, limit, fmt.Errorf("it was not done after %s", limit))
	defer cancel()
	var r Sample
	var err error
	switch {
	case p.Storm != nil:
		r, err = p.Storm.loose(ctx, s, round)
	case p.Boot != nil:
		r, err = p.Boot.boot(ctx, s)
	default:
		r, err = measure(ctx, order{p, s, cfg.Cores, round})
	}
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return r, err
}

// conclude compares. A round in which not every client had its file is none: it has no value, and is shown.
func conclude(p Point, rows []Row) Result {
	unit := p.Unit()
	for i := range rows {
		row := &rows[i]
		var values, ratios []float64
		for n, s := range row.Samples {
			values = append(values, s.Value)
			if n < len(rows[0].Samples) {
				ratios = append(ratios, unit.better(rows[0].Samples[n].Value, s.Value))
			}
		}
		row.Value, row.Ratio = of(values), of(ratios)
	}
	return Result{p, unit, rows}
}

// better is how many times better one value is than another; 0: there is no telling.
func (u Unit) better(than, it float64) float64 {
	if u.Less {
		than, it = it, than
	}
	if it == 0 {
		return 0
	}
	return than / it
}
