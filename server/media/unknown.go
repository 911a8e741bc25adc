package media

import (
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/server/content/archive"
	"github.com/bootrig/bootrig/server/media/header"
)

// Unknown says that no family fits a tree: what there is, what it nearly was, and how to say it by hand.
type Unknown struct {
	Kernels []Loader
	Loaders []Loader
	Near    []Near
	Images  []string // tarballs and ISO images at the top, which are media by themselves
	initrds []string // beside the first kernel
}

// Near is a family that would fit if one thing were there.
type Near struct {
	Family  string
	Dir     string
	Lacking string // "install.img", or "there is ..." for what must not be
	held    int
}

// unknown looks at what no family fits.
func (f *Families) unknown(s *site) *Unknown {
	u := &Unknown{}
	u.Loaders, u.Kernels = s.programsBelow(".")
	slices.SortStableFunc(u.Kernels, func(a, b Loader) int { // Xen starts Linux, not the other way round
		return boolOrder(a.Kind == header.Multiboot, b.Kind == header.Multiboot)
	})
	dirs := append([]string{"."}, s.directories(".")...)
	for _, one := range f.all {
		var best Near
		for _, dir := range dirs {
			if n := one.near(s, dir); n.held > best.held {
				best = n
			}
		}
		if best.held > 1 { // one thing in common says nothing: many have a directory boot
			u.Near = append(u.Near, best)
		}
	}
	slices.SortStableFunc(u.Near, func(a, b Near) int { return b.held - a.held })
	u.Near = u.Near[:min(len(u.Near), 3)]
	for _, e := range s.list(".") {
		// What is compressed beside a kernel is its initrd.
		if begin := s.beginning(e.Name); header.Format(begin) == header.ISO || archive.Is(begin) && len(u.Kernels) == 0 {
			u.Images = append(u.Images, e.Name)
		}
	}
	if len(u.Kernels) > 0 {
		u.initrds = s.initrdsBeside(u.Kernels[0].Path)
	}
	return u
}

// boolOrder puts what is so before what is not.
func boolOrder(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// near is how much of a family there is in a directory, and what is the first that is not.
func (f *family) near(s *site, dir string) Near {
	_, lacking := f.fit(s, dir)
	n := Near{Family: f.Name.text, Dir: dir, Lacking: lacking}
	for _, c := range f.Has {
		if c.holds(s, dir, nil) {
			n.held++
		}
	}
	return n
}

// initrdsBeside are files of the forms that an initrd has, in the directory of a kernel.
func (s *site) initrdsBeside(kernel string) (all []string) {
	for _, e := range s.list(path.Dir(kernel)) {
		name := path.Join(path.Dir(kernel), e.Name)
		if !e.IsDir && name != kernel && s.isInitrd(name) {
			all = append(all, name)
		}
	}
	return all
}

// isInitrd tells what may be an initrd by its beginning.
func (s *site) isInitrd(name string) bool {
	return header.Initrd(s.beginning(name))
}

// beginning is as much of a file as tells what it is.
func (s *site) beginning(name string) []byte {
	f, err := s.tree.Open("/" + name)
	if err != nil {
		return nil
	}
	defer f.Close()
	const enough = 64 << 10
	begin, _ := io.ReadAll(io.NewSectionReader(f, 0, min(f.Size, enough))) // what cannot be read is nothing
	return begin
}

// Error is told in several lines: what was found, what is nearest, and the file to write.
func (u *Unknown) Error() string {
	var b strings.Builder
	b.WriteString("no medium that is known")
	tell := func(what string, all []Loader) {
		if len(all) == 0 {
			fmt.Fprintf(&b, "\n  %s: none", what)
			return
		}
		fmt.Fprintf(&b, "\n  %s: %s", what, few(all))
	}
	tell("kernels", u.Kernels)
	tell("boot programs", u.Loaders)
	for _, n := range u.Near {
		where := ""
		if n.Dir != "." {
			where = " in " + n.Dir
		}
		lacking := n.Lacking + " is missing"
		if strings.HasPrefix(n.Lacking, "there is ") {
			lacking = n.Lacking
		}
		fmt.Fprintf(&b, "\n  nearly %s%s: %s", n.Family, where, lacking)
	}
	if len(u.Images) > 0 {
		fmt.Fprintf(&b, "\n  images: %s: name them, and not the directory they are in", strings.Join(u.Images[:min(len(u.Images), 5)], ", "))
	}
	if example := u.Example(); example != "" {
		b.WriteString("\nSay what it is in a file, and `bootrig media add FILE` takes it:\n\n")
		b.WriteString(example)
	} else if len(u.Images) == 0 {
		b.WriteString("\nWithout a kernel there is nothing to boot: is it the whole tree?")
	}
	return b.String()
}

// few are so many programs that a line can hold them.
func few(all []Loader) string {
	const most = 5
	var said []string
	for _, l := range all[:min(len(all), most)] {
		said = append(said, strings.TrimSpace(fmt.Sprintf("%s (%s", l.Path, strings.TrimSpace(string(l.Kind)+" "+l.CPU)))+")")
	}
	if len(all) > most {
		said = append(said, fmt.Sprintf("and %d more", len(all)-most))
	}
	return strings.Join(said, ", ")
}

// Example is a family's file with the tree's own paths; "" where there is no kernel.
func (u *Unknown) Example() string {
	if len(u.Kernels) == 0 {
		return ""
	}
	k := u.Kernels[0]
	var b strings.Builder
	b.WriteString("family: mine\ntitle: My system\nhas:                 # what tells it from others\n")
	fmt.Fprintf(&b, "  - %s\n", quoted(k.Path))
	for _, i := range u.initrds {
		fmt.Fprintf(&b, "  - %s\n", quoted(i))
	}
	b.WriteString("entries:\n  - name: boot\n    title: Boot {title}\n")
	if k.Kind == header.Multiboot {
		b.WriteString("    kind: multiboot\n")
	}
	fmt.Fprintf(&b, "    kernel: %s\n", quoted(k.Path))
	beside := u.initrds
	if k.Kind == header.Multiboot {
		b.WriteString("    modules:           # Linux first\n")
		for _, other := range u.Kernels[1:] {
			if other.Kind == header.Linux {
				beside = append([]string{other.Path}, beside...)
				break
			}
		}
		if len(beside) == 0 {
			beside = []string{"LINUX"}
		}
		for _, name := range beside {
			fmt.Fprintf(&b, "      - {file: %s}\n", quoted(name))
		}
	} else if len(beside) > 0 {
		b.WriteString("    initrds:\n")
		for _, name := range beside {
			fmt.Fprintf(&b, "      - %s\n", quoted(name))
		}
	}
	b.WriteString("    args: ip=dhcp      # {server} {base} {iso} stand for our address and the URLs of this tree and of the image\n")
	return b.String()
}

// quoted is a path as a scalar of YAML, and as a pattern of itself.
func quoted(name string) string {
	name = strings.NewReplacer("*", "?", "[", "?", "{", "?").Replace(name)
	return "'" + strings.ReplaceAll(name, "'", "''") + "'"
}
