package ways

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/content/image"
	"github.com/bootrig/bootrig/server/media"
	"github.com/bootrig/bootrig/server/media/program"
	"github.com/bootrig/bootrig/server/seed"
)

// Options are what is known beside the media.
type Options struct {
	HTTP     config.HTTP // by which files are had too; without a port 80
	Leases   bool        // we are the DHCP server, and so the one that every boot program asks
	Families *media.Families
	Host     []program.Place // where boot programs are looked for that neither the media have nor the configuration names
	Image    image.Options
}

// Served is what is served of some media.
type Served struct {
	Notices []config.Notice // who gets nothing, and what to do about it
	Ways    []Way           // by firmware
	world   *world
	rule    string
}

// A world is what all ways are chosen from.
type world struct {
	Options
	pieces   []*piece
	programs []program.Place // the media's first
	open     []io.Closer
	seed     *seed.Seed // answer files for installers; nil: there are none
	hold     hold

	media content.Source   // all of them
	over  []content.Source // what is laid over them
	mu    sync.Mutex
	made  map[netip.Addr]*made // what was generated, by our address
	stale atomic.Bool          // what was made is to be made anew
}

// Open looks into the media and chooses how each kind of machine boots them. Its error joins every mistake.
func Open(m config.Media, o Options) (*Served, error) {
	if o.HTTP.Port == 0 {
		o.HTTP.Port = 80
	}
	w := &world{Options: o, made: map[netip.Addr]*made{}}
	w.hold.close = w.close
	var err error
	if w.pieces, w.open, err = w.collect(m.Paths); err != nil {
		return nil, errors.Join(err, w.close())
	}
	for _, p := range w.pieces {
		if p.bootable() {
			w.programs = append(w.programs, program.Medium(p.called(), content.Of(p.src, "/"), known(p.loaders)))
		}
	}
	for _, dir := range m.Programs {
		place, err := program.Directory(dir)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("%s: %w", cmp.Or(m.Rule, "--programs"), err), w.close())
		}
		w.programs = append(w.programs, place)
	}
	w.programs = append(w.programs, o.Host...)
	if m.Seed != "" {
		if w.seed, err = seed.Open(m.Seed); err != nil {
			return nil, errors.Join(err, w.close())
		}
		w.open = append(w.open, w.seed)
	}
	w.together()
	s := &Served{world: w, rule: cmp.Or(m.Rule, strings.Join(m.Paths, " "))}
	s.note()
	if err := s.chooseAll(m.Starts); err != nil {
		return nil, errors.Join(err, w.close())
	}
	if len(s.Ways) == 0 {
		reasons := []error{fmt.Errorf("%s: no machine could boot it", s.rule)}
		for _, n := range s.Notices {
			reasons = append(reasons, errors.New(n.String()))
		}
		return nil, errors.Join(append(reasons, w.close())...)
	}
	return s, nil
}

// chooseAll chooses for every kind of machine.
func (s *Served) chooseAll(starts []config.Start) error {
	tried := newMade()
	if err := s.world.images(tried, anywhere(s.world.HTTP)); err != nil {
		return errors.Join(err, tried.close())
	}
	for _, f := range firmwares() {
		s.choose(choice{s.world, f, tried, start{}})
	}
	err := s.startAll(starts, tried)
	return errors.Join(err, tried.close())
}

// note tells what of the media cannot be served, and which are of no use over a network.
func (s *Served) note() {
	for _, p := range s.world.pieces {
		for _, text := range p.notes {
			s.Notices = append(s.Notices, config.Notice{Rule: p.path, Text: text, Note: true})
		}
		for _, m := range p.media {
			whole := func(e media.Entry) bool { return s.world.complete(chosen{piece: p, Medium: m, Entry: e}) }
			switch {
			case m.Instead != "":
				s.Notices = append(s.Notices, config.Notice{Rule: p.path, Text: fmt.Sprintf("%s cannot be booted from the network: %s", m.Title, m.Instead)})
			case !slices.ContainsFunc(m.Entries, whole):
				s.Notices = append(s.Notices, config.Notice{Rule: p.path, Text: fmt.Sprintf("%s wants its image as one file: serve the .iso as it was downloaded, not what is in it", m.Title)})
			}
		}
	}
}

// Close gives the media back, as soon as nobody reads any of them.
func (s *Served) Close() error { return s.world.hold.end() }

func (w *world) close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	var all []error
	for _, m := range w.made {
		all = append(all, m.hold.end())
	}
	for _, c := range w.open {
		all = append(all, c.Close())
	}
	return errors.Join(all...)
}

// together makes one tree of all media, and finds what lies over it.
func (w *world) together() {
	below := map[string]content.Source{}
	for _, p := range w.pieces {
		switch {
		case !p.bootable():
			w.over = append(w.over, p.src)
		case p.name == "":
			w.media = p.src
		default:
			below[p.name] = p.src
		}
	}
	if w.media == nil {
		w.media = content.Mount(below)
	}
}

// Media are what was recognised, and where each lies in the tree.
func (s *Served) Media() (all []Found) {
	for _, p := range s.world.pieces {
		for _, m := range p.media {
			all = append(all, Found{Path: p.path, Below: p.in(m, ""), Medium: m})
		}
	}
	return all
}

// Seed is what installers are answered; nil: nothing.
func (s *Served) Seed() *seed.Seed { return s.world.seed }

// Host is what stands in URLs of ours where our address is server.
func (s *Served) Host(server netip.Addr) string { return s.world.at(server).host() }

// Base is where the files of the first medium are had.
func (s *Served) Base(server netip.Addr) string {
	if all := s.Media(); len(all) > 0 {
		return s.URL(server, all[0])
	}
	return s.world.at(server).base()
}

// URL is where the files of a medium are had where our address is server.
func (s *Served) URL(server netip.Addr, f Found) string {
	base := s.world.at(server).base()
	if f.Below == "" {
		return base
	}
	return base + escaped(f.Below) + "/"
}

// A Found is a medium that is served.
type Found struct {
	Path  string // of the host
	Below string // its directory in the tree; "": the top
	media.Medium
}
