package qemu

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"slices"
)

// Known says whether a real machine can have a firmware.
func Known(name string) error {
	_, err := lookupFirmware(name, "")
	return err
}

// Installed says what is missing on this host for machines with that firmware; versions of it are looked for below sets.
func Installed(name, sets string) error {
	f, err := lookupFirmware(name, sets)
	if err != nil {
		return err
	}
	if _, err := exec.LookPath(f.platform.binary); err != nil {
		return fmt.Errorf("no %s here: %s", f.platform.binary, aptGet+f.platform.from)
	}
	return f.installed()
}

func (f firmware) installed() error {
	for _, file := range f.files {
		if !slices.ContainsFunc(file.names, there) {
			return fmt.Errorf("no %s here: %s", file.names[0], file.from)
		}
	}
	return nil
}

// there also says so of what may not be looked at: QEMU says why.
func there(name string) bool {
	_, err := os.Stat(name)
	return !errors.Is(err, fs.ErrNotExist)
}
