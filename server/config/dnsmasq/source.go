package dnsmasq

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"slices"

	"github.com/bootrig/bootrig/internal/textfile"
	"github.com/bootrig/bootrig/server/config"
)

// A Source is where configurations come from, beside their own text. Its zero value is this host.
type Source struct {
	Files fs.FS                                // by absolute names without their first slash; nil: the host's
	Stdin io.Reader                            // of conf-file=-; nil: the program's
	Run   func(command string) ([]byte, error) // of conf-script; nil: sh -c
}

// Unrun is this host, whose programs are not started: to look at a configuration is not to do what it says.
// A conf-script is a notice then.
func Unrun() Source {
	return Source{Run: func(string) ([]byte, error) { return nil, errNotRun }}
}

var errNotRun = errors.New("not run")

// The files that dnsmasq knows by itself (config.h).
const (
	ethersFile = "/etc/ethers"
	namesFile  = "/etc/hosts"
)

// Load reads a file and those it names; "-" is the standard input. Its error joins every mistake in
// them, each with its file:line.
func (s Source) Load(name string) (*config.Config, error) {
	r := s.reader()
	r.first(name)
	name, data, err := r.confText(name)
	if err != nil {
		return nil, fmt.Errorf("configuration: %w", err)
	}
	return r.read(name, data)
}

// Parse reads the content of a file that is called name, and the files that it names.
func (s Source) Parse(name string, data []byte) (*config.Config, error) {
	return s.reader().read(name, data)
}

func (s Source) reader() *reader {
	if s.Files == nil {
		s.Files = hostFiles{}
	}
	if s.Stdin == nil {
		s.Stdin = os.Stdin
	}
	if s.Run == nil {
		s.Run = shell
	}
	return newReader(s)
}

// shell runs a command as popen does. What it says on its standard error goes to ours.
func shell(command string) ([]byte, error) {
	cmd := exec.Command("sh", "-c", command)
	cmd.Stderr = os.Stderr
	return cmd.Output()
}

// hostFiles are the host's files by their ordinary names, which fs.FS does not allow: a name may begin
// at the root or in the working directory.
type hostFiles struct{}

func (hostFiles) Open(name string) (fs.File, error)          { return os.Open(name) }
func (hostFiles) Stat(name string) (fs.FileInfo, error)      { return os.Stat(name) }
func (hostFiles) ReadFile(name string) ([]byte, error)       { return textfile.Read(name) }
func (hostFiles) ReadDir(name string) ([]fs.DirEntry, error) { return os.ReadDir(name) }

// place is the name of a file for s.Files.
func (s Source) place(name string) string {
	if s.Files == (hostFiles{}) {
		return name
	}
	return path.Join(".", path.Join("/", name)[1:])
}

func (s Source) stat(name string) (fs.FileInfo, error) { return fs.Stat(s.Files, s.place(name)) }
func (s Source) readDir(name string) ([]fs.DirEntry, error) {
	return fs.ReadDir(s.Files, s.place(name))
}

// readRegular reads a file, but no FIFO and no device, whose end may never come.
func (s Source) readRegular(name string) ([]byte, error) {
	info, err := s.stat(name)
	if err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file", name)
	}
	return fs.ReadFile(s.Files, s.place(name))
}

// A known file was read, so that none is read twice, by whatever name.
type known struct {
	name string
	info fs.FileInfo
}

// first tells whether a file is met for the first time.
func (r *reader) first(name string) bool {
	info, err := r.stat(name)
	if err != nil {
		return true // the reading will say
	}
	if slices.ContainsFunc(r.files, func(k known) bool { return k.name == r.place(name) || os.SameFile(k.info, info) }) {
		return false
	}
	r.files = append(r.files, known{r.place(name), info})
	return true
}
