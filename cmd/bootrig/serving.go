package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/coreos/go-systemd/v22/activation"

	"github.com/bootrig/bootrig/server"
	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/config/yaml"
	"github.com/bootrig/bootrig/server/confine"
	"github.com/bootrig/bootrig/server/control"
	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/host"
	"github.com/bootrig/bootrig/server/lint"
	"github.com/bootrig/bootrig/server/machines"
	"github.com/bootrig/bootrig/server/media"
	"github.com/bootrig/bootrig/server/media/ways"
	"github.com/bootrig/bootrig/server/metrics"
	"github.com/bootrig/bootrig/server/watch"
	"github.com/bootrig/bootrig/wire/event"
)

// A serving is a server and all that it takes to have it go on otherwise: its host and its configuration.
type serving struct {
	*ServeCmd
	server  *server.Server
	log     *log
	remarks *tape
	control *control.Listener // nil: there is none
	files   *watch.Watcher    // nil: there is none

	user    *confine.User  // whom we became; nil: we are still what we were started as
	holders server.Holders // that were seen before

	machines machines.Book
	memory   memory
	metrics  *metrics.Metrics

	reading sync.Mutex    // one configuration after the other
	stdin   input         // which may be one
	media   *ways.Options // nil: there were none yet
	told    []string      // of the warnings about it

	mu       sync.Mutex
	now      host.Snapshot
	settings config.Config // changes only with reading locked too
	gives    bool          // addresses, at some time
}

// begin makes the server, and opens what it takes but its sockets.
func (c *ServeCmd) begin(links *host.Watcher, log *log) (s *serving, err error) {
	s = &serving{ServeCmd: c, log: log, remarks: newTape(os.Stderr, func(n int) []byte { return fmt.Appendf(nil, "bootrig: %d lines are missing here\n", n) })}
	s.machines.Keep, s.machines.Tell = s.memory.Keep, log
	s.metrics = metrics.New(thisVersion().Version, s.gauges()...)
	defer func() {
		if err != nil {
			s.Close()
		}
	}()
	sockets := activation.Files(true) // first: what it starts has no use for them
	if s.now, err = links.Snapshot(); err != nil {
		return s, err
	}
	began := time.Now()
	if s.settings, err = s.read(); err != nil {
		return s, err
	}
	if err := s.listen(); err != nil {
		return s, err
	}
	if err := s.confine(); err != nil {
		return s, err
	}
	cfg, err := s.serverConfig(s.settings)
	if err != nil {
		return s, err
	}
	cfg.Sockets, cfg.Holders = sockets, s.holders
	cfg.Waits, cfg.Events = true, event.Func(func(e event.Event) {
		log.Record(e)
		s.machines.Record(e)
		s.metrics.Record(e)
	})
	if s.server, err = server.New(cfg); err != nil {
		return s, err
	}
	s.log.hush(s.settings.TFTP.Quiet)
	s.warn(&s.settings)
	if s.files, err = watch.New(); err != nil {
		s.remark(err.Error())
	}
	s.watchFiles(began)
	return s, nil
}

// Close gives back what begin has opened.
func (s *serving) Close() error {
	if s.files != nil {
		s.files.Close()
	}
	if s.control != nil {
		s.control.Close()
	}
	if !s.DryRun {
		_ = s.machines.Save() // that it fails was told
	}
	s.memory.Close()
	return s.remarks.Close()
}

// serverConfig is what the server is told of a configuration and of the host as it is.
func (s *serving) serverConfig(settings config.Config) (server.Config, error) {
	if err := bound(s.now, s.Interface, settings.Interfaces); err != nil {
		return server.Config{}, err
	}
	h := here(s.now, s.Interface, settings.Interfaces)
	cfg := server.Config{Silent: s.DryRun, Machines: &s.machines, Links: h.Links, Others: h.Others, Missing: h.Missing, Settings: settings}
	var err error
	if len(settings.Media.Paths) > 0 {
		if cfg.Media, err = s.mediaOptions(); err != nil {
			return cfg, err
		}
	}
	err = s.openMemory()
	if s.gives = s.gives || len(settings.Leases.Ranges) > 0; s.gives && !s.DryRun {
		if err != nil {
			return cfg, err
		}
		store, _ := s.memory.file()
		cfg.Known, cfg.Store, cfg.Clock = store.Leases(), store.Apply, store.Now
	}
	return cfg, nil
}

// mediaOptions are made when there are media, and have the families as they are now.
func (s *serving) mediaOptions() (o ways.Options, err error) {
	if s.media == nil {
		if o, err = mediaOptions(s.State); err == nil {
			s.media = &o
		}
		return o, err
	}
	o = *s.media
	o.Families, err = media.Load(media.Dirs()...)
	return o, err
}

// alive tells the service manager that we are, as long as we have a pulse.
func (s *serving) alive(ctx context.Context) { s.log.manager.alive(ctx, s.pulse) }

// pulse returns if facts are told, and the configuration is not held by anybody.
func (s *serving) pulse() {
	s.machines.Len()
	s.mu.Lock()
	defer s.mu.Unlock()
}

// move tells the server what its host is like now.
func (s *serving) move(now host.Snapshot) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = now
	s.server.Move(here(now, s.Interface, s.settings.Interfaces))
}

// reload reads the configuration again. What is another counts from the next packet on; where there is a mistake all
// stays as it was. It is told, and said: that nothing is another only to who asked.
func (s *serving) reload(asked bool) (said []string, err error) {
	s.reading.Lock()
	defer s.reading.Unlock()
	defer s.log.manager.reloading(s.server.Ready())()
	began := time.Now()
	settings, err := s.read()
	last := s.settings
	if err == nil {
		err = s.change(settings)
	}
	if err != nil {
		for _, mistake := range flat(err) {
			s.log.say(event.Fault, "", "configuration: "+mistake.Error())
		}
		s.log.say(event.Fault, "", "the configuration is not taken, and all stays as it was")
		return nil, err
	}
	s.log.hush(settings.TFTP.Quiet)
	for _, d := range brief(yaml.Differences(&last, &settings), asked) {
		s.log.say(event.Change, d.Rule, d.Text)
		said = append(said, told(d))
	}
	said = append(said, s.warn(&settings)...)
	s.watchFiles(began)
	return said, nil
}

// change has the server go on with other settings.
func (s *serving) change(settings config.Config) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	cfg, err := s.serverConfig(settings)
	if err == nil {
		err = s.server.Change(cfg)
	}
	if err == nil {
		s.settings = settings
	}
	return err
}

// brief keeps what fits on a page of differences.
func brief(all []yaml.Difference, asked bool) []yaml.Difference {
	const page = 50
	switch n := len(all) - page; {
	case n > 1:
		return append(all[:page:page], yaml.Difference{Text: fmt.Sprintf("and %d more differences", n)})
	case len(all) == 0 && asked:
		return []yaml.Difference{{Text: "the configuration was read again, and nothing is another"}}
	}
	return all
}

func told(d yaml.Difference) string {
	if d.Rule == "" {
		return d.Text
	}
	return d.Rule + ": " + d.Text
}

// warn tells what is to be known of a configuration, and was not told of the last one.
func (s *serving) warn(settings *config.Config) (said []string) {
	notes := slices.DeleteFunc(slices.Clone(settings.Notices), func(n config.Notice) bool { return n.ID != "" || n.Note })
	var all []string
	s.mu.Lock()
	links := here(s.now, s.Interface, settings.Interfaces).Links
	s.mu.Unlock()
	missed := slices.DeleteFunc(findings(*settings, links, s.State), func(n config.Notice) bool { return n.Note })
	for _, notice := range append(notes, missed...) {
		text := notice.Rule + ": warning: " + notice.Text
		if all = append(all, text); !slices.Contains(s.told, text) {
			said = append(said, text)
			s.remark(text)
		}
	}
	s.told = all
	return said
}

// findings is what clients would miss, and among it notes. A root that is missing was told of. links are this
// host's, where they are known.
func findings(settings config.Config, links []dhcp.Link, state string) []config.Notice {
	c, err := openContents(settings, state)
	if err != nil {
		return []config.Notice{{Rule: settings.TFTP.Rule, Text: err.Error()}}
	}
	defer c.Close()
	said := func(n config.Notice) bool { return n.ID != "" || slices.Contains(settings.Notices, n) }
	on := c.settings.On(links)
	return append(slices.DeleteFunc(slices.Clone(c.settings.Notices), said), lint.Check(&on, c.tree(ours(links)), links...)...)
}

func (s *serving) remark(text string) { fmt.Fprintf(s.remarks, "bootrig: %s\n", text) }

// watchFiles watches what counts at once, of a configuration whose reading began at some time.
func (s *serving) watchFiles(began time.Time) {
	if s.files == nil {
		return
	}
	places := watch.Places{Dirs: s.settings.Watched}
	if s.Watch {
		places.Files = slices.Concat(s.settings.Files, s.settings.Sought)
	}
	if err := s.files.Watch(places, began); err != nil {
		s.log.say(event.Fault, "", err.Error())
	}
}
