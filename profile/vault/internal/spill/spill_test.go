package spill

import (
	"bytes"
	"math/rand/v2"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
)

func block(r *rand.Rand, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.IntN(256))
	}
	return b
}

// TestBlocks: what was put comes back, from memory and from the file, to several goroutines at once.
func TestBlocks(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, limit := range []int64{0, 10_000, 1 << 30} {
		s := New(limit, t.TempDir())
		var want [][]byte
		var blocks []*Block
		for range 100 {
			b := block(r, r.IntN(1000))
			want = append(want, bytes.Clone(b))
			blocks = append(blocks, s.Put(b))
		}
		var work sync.WaitGroup
		for range 4 {
			work.Go(func() {
				var buf []byte
				for i, k := range blocks {
					if got := k.Bytes(&buf); !bytes.Equal(got, want[i]) {
						t.Errorf("limit %d: block %d of %d bytes is another", limit, i, len(want[i]))
					}
				}
			})
		}
		work.Wait()
		if s.held > limit || s.Err() != nil || (s.file == nil) != (limit > 100_000) {
			t.Errorf("limit %d: %d bytes in memory, a file: %t, error %v", limit, s.held, s.file != nil, s.Err())
		}
		for _, k := range blocks {
			k.Free()
		}
		if s.held != 0 {
			t.Errorf("limit %d: %d bytes are held when all are free", limit, s.held)
		}
		s.Close()
	}
}

// TestFileIsSecret: the file holds nothing of the blocks, has no name while it is used, and is nobody's else to read.
func TestFileIsSecret(t *testing.T) {
	dir := t.TempDir()
	s := New(0, dir)
	defer s.Close()
	secret := []byte("ann.miller@example.com, +49 30 1234567; ")
	for range 50 {
		s.Put(bytes.Repeat(secret, 10))
	}
	text := make([]byte, s.end)
	if _, err := s.file.ReadAt(text, 0); err != nil {
		t.Fatal(err)
	}
	for n := range len(secret) - 4 {
		if bytes.Contains(text, secret[n:n+5]) {
			t.Fatalf("the file of %d bytes has a piece of what it holds", len(text))
		}
	}
	if bytes.Equal(text[:400], text[len(text)/50:len(text)/50+400]) {
		t.Error("equal blocks are alike in the file")
	}
	if info, err := s.file.Stat(); err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("others may read the file: %v, %v", info.Mode(), err)
	}
	if runtime.GOOS != "windows" {
		if names, err := os.ReadDir(dir); err != nil || len(names) > 0 {
			t.Errorf("the file has a name: %v, %v", names, err)
		}
	}
}

// TestLoss: what cannot be written or was changed on the disk is an error that says what to do, and never other bytes.
func TestLoss(t *testing.T) {
	s := New(0, t.TempDir())
	k := s.Put([]byte("one thing"))
	if _, err := s.file.WriteAt([]byte{1, 2, 3}, 2); err != nil {
		t.Fatal(err)
	}
	if got := k.Bytes(new([]byte)); !bytes.Equal(got, make([]byte, len("one thing"))) {
		t.Errorf("a changed block is %q", got)
	}
	if s.Err() == nil {
		t.Error("a changed block is no error")
	}
	s.Close()
	gone := New(0, t.TempDir()+"/no/such")
	gone.Put([]byte("x"))
	if err := gone.Err(); err == nil || !strings.Contains(err.Error(), "disk") {
		t.Errorf("a file that cannot be made: %v", err)
	}
	gone.Close()
}
