package content

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"
)

// pieceSize is how much of a file is read at once for who wants a little of it after the other.
const pieceSize = 32 << 10

// pieces are those of one state of a file that somebody reads now: a hundred machines that boot together read the
// same ones.
type pieces struct {
	state state
	mu    sync.Mutex
	held  map[int64]*piece // by where they begin
	spare []*piece         // that nobody holds any more, as many as one reads ahead
}

// A state is what tells that a file was written to.
type state struct {
	size int64
	time time.Time
}

type piece struct {
	from  int64
	data  []byte
	users int
}

func (p *piece) has(at int64) bool { return p != nil && at >= p.from && at < p.from+int64(len(p.data)) }

// take gives the piece that begins at from, and reads it if nobody has it. The disk is waited for with the lock: who
// wants the same piece would wait for it too.
func (all *pieces) take(f *File, from int64) (*piece, error) {
	all.mu.Lock()
	defer all.mu.Unlock()
	if p := all.held[from]; p != nil {
		p.users++
		return p, nil
	}
	var p *piece
	if last := len(all.spare) - 1; last >= 0 {
		p, all.spare = all.spare[last], all.spare[:last]
	} else {
		p = &piece{}
	}
	size := int(min(pieceSize, f.Size-from))
	p.from, p.users, p.data = from, 1, slices.Grow(p.data[:0], size)[:size]
	if err := f.Fill(p.data, from); err != nil {
		return nil, err
	}
	if all.held == nil {
		all.held = map[int64]*piece{}
	}
	all.held[from] = p
	return p, nil
}

func (all *pieces) give(p *piece) {
	if p == nil {
		return
	}
	all.mu.Lock()
	defer all.mu.Unlock()
	if p.users--; p.users == 0 {
		delete(all.held, p.from)
		if len(all.spare) < mostAhead {
			all.spare = append(all.spare, p)
		}
	}
}

// Part is the file from byte at on, which has to be less than Size, as far as it was read at once. It stays as it is
// until Part is called again, or Close, and is nobody's to write to. A file that has become shorter is an error.
func (f *File) Part(at int64) ([]byte, error) {
	if !f.piece.has(at) {
		p, err := f.next(at)
		if err != nil {
			return nil, err
		}
		f.pieces.give(f.piece)
		f.piece = p
	}
	return f.piece.data[at-f.piece.from:], nil
}

// next is the piece that has a byte.
func (f *File) next(at int64) (*piece, error) {
	if i := slices.IndexFunc(f.ahead, func(p *piece) bool { return p.has(at) }); i >= 0 {
		p := f.ahead[i]
		f.ahead = slices.Delete(f.ahead, i, i+1)
		return p, nil
	}
	if f.pieces == nil {
		f.pieces = &pieces{}
	}
	return f.pieces.take(f, at-at%pieceSize)
}

// mostAhead is how many pieces are read before they are asked for.
const mostAhead = 4

// Ahead reads what Part is asked for next, the bytes from one on up to another, or the first few pieces of them: for who
// has time now, and none then. What cannot be read Part will say.
func (f *File) Ahead(from, to int64) {
	first := from - from%pieceSize
	f.ahead = slices.DeleteFunc(f.ahead, func(p *piece) bool {
		gone := p.from < first
		if gone {
			f.pieces.give(p)
		}
		return gone
	})
	for at := first; at < min(to, f.Size) && len(f.ahead) < mostAhead; at += pieceSize {
		if f.piece.has(at) || slices.ContainsFunc(f.ahead, func(p *piece) bool { return p.has(at) }) {
			continue
		}
		p, err := f.next(at)
		if err != nil {
			return
		}
		f.ahead = append(f.ahead, p)
	}
}

// Fill reads all of b from byte at of the file on, or fails: it had Size bytes when it was opened.
func (f *File) Fill(b []byte, at int64) error {
	n, err := f.ReadAt(b, at)
	if n == len(b) {
		return nil // ReadAt may add EOF to the last bytes
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	where := "at"
	if n == 0 {
		where = "before"
	}
	return fmt.Errorf("the file ends %s %d, it had %d bytes when it was opened", where, at+int64(n), f.Size)
}
