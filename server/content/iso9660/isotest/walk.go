package isotest

import (
	"errors"
	"io"
	"io/fs"
	"strings"
	"testing"
)

// ErrTooMany ends a walk through an image that seems to have no end.
var ErrTooMany = errors.New("the walk does not end")

// Walk goes through a whole image and reads a byte of every file: the errors, one for each name at most.
func Walk(image fs.FS, most int) (names int, errs []error) {
	err := fs.WalkDir(image, ".", func(name string, d fs.DirEntry, err error) error {
		if names++; names > most {
			return ErrTooMany
		}
		switch {
		case err != nil:
		case d.Type()&fs.ModeSymlink != 0:
			_, err = fs.ReadLink(image, name)
		case d.Type().IsRegular():
			var f fs.File
			if f, err = image.Open(name); err == nil {
				if _, err = f.Read(make([]byte, 1)); errors.Is(err, io.EOF) {
					err = nil
				}
			}
		}
		if err != nil {
			errs = append(errs, err)
		}
		return nil
	})
	if err != nil {
		errs = append(errs, err)
	}
	return names, errs
}

// OneLine checks what an error says; the name in front of it is the image's, or who asked's.
func OneLine(t *testing.T, err error) {
	t.Helper()
	if errors.Is(err, ErrTooMany) {
		t.Error(err)
	}
	if path := (*fs.PathError)(nil); errors.As(err, &path) {
		err = path.Err
	}
	if err != nil && (strings.Contains(err.Error(), "\n") || len(err.Error()) > 5000) {
		t.Error(err)
	}
}
