package content

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
	"os"
	"regexp"
)

// prelude is what every stand-in installer begins with: a shell script that speaks on the serial line.
//
//go:embed init.sh
var prelude []byte

// kept is what a small initrd has of an installer's: a shell with its commands, a program that fetches, modules
// for the cards of QEMU's machines, and what these need.
var kept = regexp.MustCompile(`^(bin/(busybox|kmod)|usr/bin/wget` +
	`|etc/udhcpc/.*` +
	`|(usr/)?lib/([^/]*-linux-gnu/)?(ld-linux|libc\.|libpcre2|libuuid|libssl|libcrypto|libz\.)[^/]*` +
	`|lib/modules/[^/]*/modules\.[^/]*` +
	`|lib/modules/.*/(e1000|e1000e|virtio|virtio_ring|virtio_pci[a-z_]*|virtio_net|net_failover|failover)\.ko)$`)

// smallInitrd writes an initrd with what kept says of an installer's, and a program of its own: an emulated
// processor needs ten seconds to unpack all of that.
func smallInitrd(w io.Writer, installer string, script []byte) error {
	members, err := readInitrd(installer)
	if err != nil {
		return err
	}
	var small []member
	for _, m := range members {
		kind := m.mode & kindMask
		if m.name != "init" && (kind != kindFile || kept.MatchString(m.name)) {
			small = append(small, m)
		}
	}
	return zipCPIO(w, append(small, program(script)))
}

// fullInitrd writes an installer's whole initrd, and behind it an archive with a program in place of its own: Linux
// unpacks one behind the other.
func fullInitrd(w io.Writer, installer string, script []byte) error {
	f, err := os.Open(installer)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	n, err := io.Copy(w, f)
	if err != nil {
		return err
	}
	if _, err := w.Write(make([]byte, round4(int(n))-int(n))); err != nil {
		return err
	}
	return zipCPIO(w, []member{program(script)})
}

// program is the first that Linux runs.
func program(script []byte) member {
	return member{name: "init", mode: kindFile | 0o755, data: append(bytes.Clone(prelude), script...)}
}

func readInitrd(name string) ([]member, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	data, err := io.ReadAll(z)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	all, err := readCPIO(data)
	if err != nil {
		err = fmt.Errorf("%s: %w", name, err)
	}
	return all, err
}

func zipCPIO(w io.Writer, all []member) error {
	z := gzip.NewWriter(w)
	if err := writeCPIO(z, all); err != nil {
		return err
	}
	return z.Close()
}
