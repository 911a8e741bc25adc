package archive

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz"

	"github.com/bootrig/bootrig/server/internal/amount"
)

// A compression is a way in which tarballs are made small.
type compression struct {
	suffix string
	magic  string
	reader func(io.Reader) (io.ReadCloser, error)
	check  func(head []byte) error // refuses what would need too much memory
}

var compressions = []compression{
	{"gz", "\x1f\x8b\x08", gunzip, nil},      // RFC 1952 section 2.3.1, CM 8
	{"xz", "\xfd7zXZ\x00", unxz, dictionary}, // .xz file format 1.2.1 section 2.1.1.1
	{"zst", "\x28\xb5\x2f\xfd", unzstd, nil}, // RFC 8878 section 3.1.1
}

// headSize is enough for every magic number, and for the first block header of an xz.
const headSize = 12 + 1024

// compressionOf tells by the beginning of a file how it is compressed; nil: not in a way that is known.
func compressionOf(head []byte) *compression {
	for i, c := range compressions {
		if bytes.HasPrefix(head, []byte(c.magic)) {
			return &compressions[i]
		}
	}
	return nil
}

// maxWindow is how far back a compressed file may refer, which is kept in memory: what xz -9 (64 MiB) and
// zstd --ultra -22 or --long (128 MiB) make.
const maxWindow = 256 << 20

func gunzip(r io.Reader) (io.ReadCloser, error) {
	z, err := gzip.NewReader(r)
	if err != nil {
		return nil, err
	}
	return &members{z}, nil
}

// members reads all members of a gzip file. What is behind them, and is none, gzip(1) ignores too.
type members struct{ *gzip.Reader }

func (m *members) Read(b []byte) (int, error) {
	n, err := m.Reader.Read(b)
	if errors.Is(err, gzip.ErrHeader) {
		err = io.EOF
	}
	return n, err
}

func unxz(r io.Reader) (io.ReadCloser, error) {
	z, err := xz.NewReader(r)
	if err != nil {
		return nil, err
	}
	return io.NopCloser(z), nil
}

func unzstd(r io.Reader) (io.ReadCloser, error) {
	z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow))
	if err != nil {
		return nil, err
	}
	return z.IOReadCloser(), nil
}

// dictionary refuses an xz whose first block wants a larger dictionary than maxWindow: the reader makes room for
// it at once (.xz file format 1.2.1 sections 3.1 and 5.3.1).
func dictionary(head []byte) error {
	const streamHeader, lzma2 = 12, 0x21
	if len(head) < streamHeader+2 {
		return nil
	}
	b := head[streamHeader+2:] // behind the size and the flags of the block
	for flag := byte(0x40); flag != 0 && flag <= 0x80; flag <<= 1 {
		if head[streamHeader+1]&flag != 0 { // compressed size, uncompressed size
			_, n := binary.Uvarint(b)
			b = b[max(n, 0):]
		}
	}
	if len(b) < 3 || b[0] != lzma2 || b[1] != 1 {
		return nil // for the reader to refuse
	}
	size := uint64(2|b[2]&1) << (b[2]/2 + 11)
	if size > maxWindow {
		return tooFar(size)
	}
	return nil
}

func tooFar(size uint64) error {
	return fmt.Errorf("unpacking it takes %s of memory, more than the limit of %s: unpack it by hand and serve what comes out", amount.Bytes(int64(size)), amount.Bytes(maxWindow))
}

// explain says what an error of a reader means to who has the file.
func (c *compression) explain(err error) error {
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("ends in the middle (%s): download it again", c.suffix)
	case errors.Is(err, zstd.ErrWindowSizeExceeded):
		return tooFar(2 * maxWindow)
	}
	return fmt.Errorf("is damaged: %w: download it again", err)
}

// isTar tells a tarball by its first header: its sum is right, and it is not of zeros (POSIX pax, ustar
// interchange format). Old ones have no magic number.
func isTar(head []byte) bool {
	const size = 512
	if len(head) < size {
		return false
	}
	_, err := tar.NewReader(bytes.NewReader(head[:size])).Next()
	return err == nil || errors.Is(err, io.ErrUnexpectedEOF)
}
