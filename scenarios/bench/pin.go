package bench

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/pin/tftp/v3"
)

// pinVar has this program be a server of the library pin/tftp, for a directory.
const pinVar = "BOOTRIG_BENCH_PIN"

// servePin serves a directory as the library's README does.
func servePin(dir string) int {
	root, err := os.OpenRoot(dir)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	server := tftp.NewServer(func(name string, to io.ReaderFrom) error {
		file, err := root.Open(name)
		if err != nil {
			return err
		}
		defer file.Close()
		_, err = to.ReadFrom(file)
		return err
	}, nil)
	server.SetTimeout(5 * time.Second)
	if err := server.ListenAndServe(serverAddr.String() + ":69"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}
