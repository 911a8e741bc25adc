package must

import (
	"flag"
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"sync"
	"testing"
)

// told are the lines that this package's tests have said: forty tests that lack QEMU are one line.
var told sync.Map

// tell says a line on the standard error of the go command, since `go test` keeps to itself whatever a package
// that passes has printed: a skip would look like a pass. With -v it shows every skip anyway.
func tell(line string) {
	again()
	if _, before := told.LoadOrStore(line, true); before || testing.Verbose() {
		return
	}
	if w := stderrOfGo(); w != nil {
		defer w.Close()
		fmt.Fprintln(w, where()+": "+line)
	}
}

// where is the package under test, within this module.
func where() string {
	b, ok := debug.ReadBuildInfo()
	if !ok {
		return os.Args[0]
	}
	return strings.TrimSuffix(strings.TrimPrefix(b.Path, b.Main.Path+"/"), ".test")
}

// again keeps go's cache from remembering this run: what is lacking may be there the next time. It holds only
// runs whose log of what they looked at is there in the end.
func again() {
	if log := flag.Lookup("test.testlogfile"); log != nil && log.Value.String() != "" {
		_ = os.Remove(log.Value.String())
	}
}
