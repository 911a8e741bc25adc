package tap

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Self is where a host's root shows this program, whatever its path outside.
const Self = "/bootrig"

// A Bind shows a file or directory of the run at a path of a host's root. The path need not exist on the
// machine. Binds may lie below one another: the deeper one covers what the other shows there.
type Bind struct {
	Host     string // outside
	Inside   string // absolute, as the server's configuration names it
	ReadOnly bool
}

// A server is told what to do by a scenario, which may be a stranger's: its root shows what programs are made of,
// and nothing that is somebody's.
var (
	// shown are the machine's top-level directories that programs are in. A root has an empty /run and /tmp of its
	// own, a /dev with a few devices, and what is bound.
	shown = []string{"bin", "etc", "gnu", "lib", "lib32", "lib64", "libx32", "nix", "opt", "proc", "sbin", "usr", "var"}

	// masked are covered by nothing: what only root may read, and what the machine's own servers keep.
	masked = []string{
		"/etc/shadow", "/etc/shadow-", "/etc/gshadow", "/etc/gshadow-", "/etc/sudoers", "/etc/sudoers.d", "/etc/ssh", "/etc/ssl/private",
		"/etc/krb5.keytab", "/var/backups", "/var/cache", "/var/lib", "/var/log", "/var/mail", "/var/spool",
	}

	// devices are all that a root's /dev has, beside links to a process's own files.
	devices = []string{"full", "null", "random", "tty", "urandom", "zero"}
)

// A step makes one entry of a root. The steps of a root are done in their order.
type step struct {
	do     action
	inside string
	from   string // bindDir, bindFile: what is shown; symlink: its target
	ro     bool
}

type action string

const (
	mkdir    action = "mkdir"
	symlink  action = "symlink"
	bindDir  action = "bind-dir"  // make a directory, and mount on it
	bindFile action = "bind-file" // make a file, and mount on it
	maskDir  action = "mask-dir"  // mount an empty directory on what is there
	maskFile action = "mask-file" // mount an empty file on what is there
)

// planRoot says how to build a root that shows host, and over it the binds. A mount needs something to
// be mounted on, and the host's directories are not ours to add to: so each directory above a bind is
// made anew, with a mount for each of its entries.
func planRoot(host fs.FS, binds []Bind) ([]step, error) {
	p := planner{host: host}
	seen := map[string]bool{}
	for _, b := range binds {
		switch {
		case !path.IsAbs(b.Inside) || path.Clean(b.Inside) != b.Inside || b.Inside == "/":
			return nil, fmt.Errorf("bind %s: %q is not a clean absolute path", b.Host, b.Inside)
		case seen[b.Inside]:
			return nil, fmt.Errorf("bind %s: something else is bound at %s", b.Host, b.Inside)
		}
		seen[b.Inside] = true
	}
	p.devices()
	if err := p.open("/", "/", true, binds); err != nil {
		return nil, err
	}
	p.mask(binds)
	return p.steps, nil
}

type planner struct {
	host  fs.FS
	steps []step
}

// devices makes a /dev of the root's own.
func (p *planner) devices() {
	p.steps = append(p.steps, step{do: mkdir, inside: "/dev"}, step{do: mkdir, inside: "/dev/shm"})
	for _, name := range devices {
		if _, err := fs.Stat(p.host, local("/dev/"+name)); err == nil {
			p.steps = append(p.steps, step{do: bindFile, inside: "/dev/" + name, from: "/dev/" + name})
		}
	}
	for i, name := range []string{"stdin", "stdout", "stderr"} {
		p.steps = append(p.steps, step{do: symlink, inside: "/dev/" + name, from: fmt.Sprintf("/proc/self/fd/%d", i)})
	}
	p.steps = append(p.steps, step{do: symlink, inside: "/dev/fd", from: "/proc/self/fd"})
}

// mask covers what is nobody's business. What a bind shows there or below was asked for.
func (p *planner) mask(binds []Bind) {
	for _, name := range masked {
		asked := func(b Bind) bool {
			return strings.HasPrefix(b.Inside+"/", name+"/") || strings.HasPrefix(name, b.Inside+"/")
		}
		info, err := fs.Stat(p.host, local(name))
		switch {
		case err != nil || slices.ContainsFunc(binds, asked):
		case info.IsDir():
			p.steps = append(p.steps, step{do: maskDir, inside: name, ro: true})
		default:
			p.steps = append(p.steps, step{do: maskFile, inside: name, ro: true})
		}
	}
}

// open makes the entries of the directory inside: those of the directory from, and the binds below.
func (p *planner) open(inside, from string, ro bool, binds []Bind) error {
	below := map[string][]Bind{}
	for _, b := range binds {
		name, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(b.Inside, inside), "/"), "/")
		below[name] = append(below[name], b)
	}
	entries, err := p.entries(inside, from)
	if err != nil {
		return fmt.Errorf("bind %s at %s: %w", binds[0].Host, binds[0].Inside, err)
	}
	for _, e := range entries {
		if below[e.Name()] != nil {
			continue
		}
		if err := p.show(path.Join(inside, e.Name()), path.Join(from, e.Name()), e.Type(), ro); err != nil {
			return err
		}
	}
	for _, name := range sorted(below) {
		if err := p.cover(path.Join(inside, name), under(inside, from, name), ro, below[name]); err != nil {
			return err
		}
	}
	return nil
}

// entries are those of the machine's directory from, which may not exist.
func (p *planner) entries(inside, from string) ([]fs.DirEntry, error) {
	if from == "" || slices.Contains(masked, from) {
		return nil, nil
	}
	entries, err := fs.ReadDir(p.host, local(from))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return slices.DeleteFunc(entries, func(e fs.DirEntry) bool { return under(inside, from, e.Name()) == "" }), err
}

// under is what the root shows as an entry of inside.
func under(inside, from, name string) string {
	if from == "" || inside == "/" && !slices.Contains(shown, name) {
		return ""
	}
	return path.Join(from, name)
}

// cover makes one entry that is bound, or that lies above something bound.
func (p *planner) cover(inside, from string, ro bool, binds []Bind) error {
	i := slices.IndexFunc(binds, func(b Bind) bool { return b.Inside == inside })
	if i < 0 {
		p.steps = append(p.steps, step{do: mkdir, inside: inside})
		return p.open(inside, from, ro, binds)
	}
	bind, deeper := binds[i], slices.Delete(slices.Clone(binds), i, i+1)
	if len(deeper) > 0 {
		p.steps = append(p.steps, step{do: mkdir, inside: inside})
		return p.open(inside, bind.Host, bind.ReadOnly, deeper)
	}
	info, err := fs.Stat(p.host, local(bind.Host))
	if err != nil {
		return fmt.Errorf("bind %s at %s: %w", bind.Host, inside, err)
	}
	return p.show(inside, bind.Host, info.Mode().Type(), bind.ReadOnly)
}

// show makes one entry as it is outside.
func (p *planner) show(inside, from string, kind fs.FileMode, ro bool) error {
	s := step{do: bindFile, inside: inside, from: from, ro: ro}
	switch kind {
	case fs.ModeDir:
		s.do = bindDir
	case fs.ModeSymlink:
		target, err := fs.ReadLink(p.host, local(from))
		if err != nil {
			return err
		}
		s = step{do: symlink, inside: inside, from: target}
	}
	p.steps = append(p.steps, s)
	return nil
}

// local is an absolute path as io/fs wants it.
func local(name string) string {
	if name == "/" {
		return "."
	}
	return strings.TrimPrefix(path.Clean(name), "/")
}

func sorted(m map[string][]Bind) []string {
	var names []string
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
