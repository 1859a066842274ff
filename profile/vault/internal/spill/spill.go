// Package spill keeps blocks of bytes: in memory up to a limit, and beyond it in a temporary file.
//
// The file is encrypted under a key that is drawn for it and never leaves memory, and it has no name from the moment it is
// there, where the system allows that: when the process ends, however it does, the system takes it back, and what the
// disk still holds of it is noise.
package spill

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"

	"github.com/patina-data/patina/dp"
)

// A Store holds blocks. It may be used by several goroutines at once.
type Store struct {
	dir   string
	limit int64

	mu     sync.Mutex
	held   int64 // bytes in memory
	told   int64 // what held was when that was told
	tell   func(bytes int64)
	file   *os.File
	aead   cipher.AEAD
	end    int64 // of the file
	sealed uint64
	err    error // the first that befell a block
	failed atomic.Bool
}

// OnHeld has a function told how many bytes of blocks are in memory, whenever that has changed by much. To be called before there are blocks.
func (s *Store) OnHeld(held func(bytes int64)) { s.tell = held }

// much is a change that is worth telling, in bytes.
const much = 64 << 20

// hold counts bytes that came into memory, or left it.
func (s *Store) hold(bytes int) {
	s.held += int64(bytes)
	if d := s.held - s.told; s.tell != nil && (d >= much || d <= -much) {
		s.told = s.held
		s.tell(s.held)
	}
}

// New returns a store that keeps up to limit bytes in memory, and others in a file in dir, which it makes once it needs it. An empty
// dir is the system's for temporary files.
func New(limit int64, dir string) *Store { return &Store{limit: limit, dir: dir} }

// A Block is bytes in a store.
type Block struct {
	store *Store
	held  []byte // nil once it is in the file
	size  int
	at    int64
	nonce uint64
}

// Put gives bytes to the store, which are then its own. Where they cannot be kept the store has failed; see [Store.Err].
func (s *Store) Put(b []byte) *Block {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := &Block{store: s, size: len(b)}
	if s.held+int64(len(b)) <= s.limit || s.err != nil {
		k.held = b
		s.hold(len(b))
		return k
	}
	if err := s.write(k, b); err != nil {
		s.fail(err)
	}
	return k
}

// write seals a block and appends it to the file.
func (s *Store) write(k *Block, b []byte) error {
	if s.file == nil {
		if err := s.open(); err != nil {
			return err
		}
	}
	k.at, k.nonce = s.end, s.sealed
	s.sealed++ // a nonce is used once
	sealed := s.aead.Seal(make([]byte, 0, len(b)+s.aead.Overhead()), nonce(k.nonce), b, nil)
	if _, err := s.file.WriteAt(sealed, k.at); err != nil {
		return err
	}
	s.end += int64(len(sealed))
	return nil
}

func (s *Store) open() error {
	f, err := os.CreateTemp(s.dir, ".patina-*")
	if err != nil {
		return err
	}
	os.Remove(f.Name()) // where the system refuses, Close does it
	key := dp.NewKey()
	block, err := aes.NewCipher(key[:])
	if err != nil {
		f.Close()
		return err
	}
	if s.aead, err = cipher.NewGCM(block); err != nil {
		f.Close()
		return err
	}
	s.file = f
	return nil
}

func nonce(n uint64) []byte { return binary.LittleEndian.AppendUint64(make([]byte, 4, 12), n) }

var errLost = errors.New("what was read of the data could not be kept: check the space on the disk for temporary files, or give more memory")

// fail keeps the first error. The system's words name the file and no more.
func (s *Store) fail(err error) {
	if s.err == nil {
		s.err = fmt.Errorf("%w (%w)", errLost, err)
		s.failed.Store(true)
	}
}

// Watch makes the store fail when a context is done, so that who goes through blocks can stop. The function it returns ends that.
func (s *Store) Watch(ctx context.Context) (stop func() bool) {
	return context.AfterFunc(ctx, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.err == nil {
			s.err = context.Cause(ctx)
			s.failed.Store(true)
		}
	})
}

// Failed reports whether there is an error: what is counted from then on is of no use.
func (s *Store) Failed() bool { return s.failed.Load() }

// Err returns the first error that befell a block. What was read from the store since then is not what was put there.
func (s *Store) Err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// Close gives the file back to the system. The blocks are lost.
func (s *Store) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.file != nil {
		s.file.Close()
		os.Remove(s.file.Name())
		s.file = nil
	}
}

// Bytes returns a block's bytes, in memory that is the block's own, or in *buf, which it may replace by a larger one. They
// are valid until buf is used again, and not to be changed. A block that cannot be read is all zeros; see [Store.Err].
func (k *Block) Bytes(buf *[]byte) []byte {
	if k.held != nil || k.size == 0 {
		return k.held
	}
	b, err := k.read(buf)
	if err != nil {
		k.store.mu.Lock()
		defer k.store.mu.Unlock()
		k.store.fail(err)
		return make([]byte, k.size)
	}
	return b
}

var errClosed = errors.New("the file is closed")

func (k *Block) read(buf *[]byte) ([]byte, error) {
	k.store.mu.Lock()
	file, aead := k.store.file, k.store.aead
	k.store.mu.Unlock()
	if file == nil {
		return nil, errClosed
	}
	n := k.size + aead.Overhead()
	if cap(*buf) < n {
		*buf = make([]byte, n)
	}
	sealed := (*buf)[:n]
	if _, err := file.ReadAt(sealed, k.at); err != nil {
		return nil, err
	}
	return aead.Open(sealed[:0], nonce(k.nonce), sealed, nil)
}

// Free gives up a block; nil is none.
func (k *Block) Free() {
	if k == nil || k.held == nil {
		return
	}
	k.store.mu.Lock()
	defer k.store.mu.Unlock()
	k.store.hold(-len(k.held))
	k.held, k.size = nil, 0
}
