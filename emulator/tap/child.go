package tap

import (
	"io"
	"os"
	"strings"
)

// stageVar tells a re-executed process which part it plays.
const stageVar = "BOOTRIG_TAP_STAGE"

// The tmpfs of a run, and what lies on it. Nothing here survives the run, or is on the host's disk.
const (
	runDir   = "/run"
	tempDir  = runDir + "/tmp"   // TMPDIR inside
	hostsDir = runDir + "/hosts" // the roots of hosts
	selfCopy = runDir + "/bootrig"
	// emptyDir and emptyFile cover what a root does not show.
	emptyDir  = runDir + "/empty"
	emptyFile = runDir + "/nothing"
	// outsideRun is where the host's own /run went.
	outsideRun = runDir + "/outside"
)

// Outside is where the inside of a run finds a file of the host, by its absolute name without links: the tmpfs
// of the run lies over /run.
func Outside(name string) string {
	if name == runDir || strings.HasPrefix(name, runDir+"/") {
		return outsideRun + strings.TrimPrefix(name, runDir)
	}
	return name
}

// ChildSpec says what a run's child is started with.
type ChildSpec struct {
	Args   []string // what follows the program's name
	Env    []string // added to this process's environment
	Stdin  io.Reader
	Stdout io.Writer
	Stderr io.Writer
	Extra  []*os.File // file descriptors 3, 4, ... of the child
}

// Child says whether this process is a re-executed child that belongs to Main. It is the first question
// of a program's main, and of a TestMain.
func Child() bool { return os.Getenv(stageVar) != "" }
