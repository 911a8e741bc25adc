package content

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// A member is a file, directory, link or device of an initrd: a cpio archive of the kind "newc"
// (Documentation/driver-api/early-userspace/buffer-format.rst of Linux).
type member struct {
	name   string
	mode   uint32 // as stat(2) has it, with the kind
	device [2]uint32
	data   []byte
}

const (
	cpioMagic   = "070701"
	cpioHeader  = 110
	cpioTrailer = "TRAILER!!!"

	kindMask = 0o170000
	kindDir  = 0o040000
	kindFile = 0o100000
	kindLink = 0o120000
)

var errCPIO = errors.New("this is no cpio archive of the kind newc")

// readCPIO takes an archive apart. Hard links, which an initrd of Debian's does not have, become empty files.
func readCPIO(data []byte) ([]member, error) {
	var all []member
	for at := 0; ; {
		if len(data)-at < cpioHeader || string(data[at:at+6]) != cpioMagic {
			return nil, fmt.Errorf("%w: no header at %d", errCPIO, at)
		}
		var field [13]uint32
		for i := range field {
			n, err := strconv.ParseUint(string(data[at+6+8*i:at+14+8*i]), 16, 32)
			if err != nil {
				return nil, fmt.Errorf("%w: a header at %d: %w", errCPIO, at, err)
			}
			field[i] = uint32(n)
		}
		mode, size, nameSize := field[1], int(field[6]), int(field[11])
		begin := round4(at + cpioHeader + nameSize)
		end := begin + size
		if nameSize < 1 || begin > len(data) || end > len(data) {
			return nil, fmt.Errorf("%w: it ends within the member at %d", errCPIO, at)
		}
		m := member{name: string(data[at+cpioHeader : at+cpioHeader+nameSize-1]), mode: mode, device: [2]uint32{field[9], field[10]}, data: data[begin:end]}
		if m.name == cpioTrailer {
			return all, nil
		}
		all = append(all, m)
		at = round4(end)
	}
}

// writeCPIO puts an archive together.
func writeCPIO(w io.Writer, all []member) error {
	var b bytes.Buffer
	for i, m := range append(all, member{name: cpioTrailer}) {
		fmt.Fprintf(&b, cpioMagic+"%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%s\x00",
			i+1, m.mode, 0, 0, 1, 0, len(m.data), 0, 0, m.device[0], m.device[1], len(m.name)+1, 0, m.name)
		b.Write(make([]byte, round4(b.Len())-b.Len()))
		b.Write(m.data)
		b.Write(make([]byte, round4(b.Len())-b.Len()))
	}
	_, err := w.Write(b.Bytes())
	return err
}

func round4(n int) int { return (n + 3) &^ 3 }
