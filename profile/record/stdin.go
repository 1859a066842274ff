package record

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
)

// Stdin is the path of standard input: see [Options].
const Stdin = "-"

// An opener opens a file from its beginning.
type opener func() (io.ReadCloser, error)

func openerOf(path string) opener {
	return func() (io.ReadCloser, error) { return os.Open(path) }
}

// A spool keeps a stream, so that it can be read more than once. It is in a temporary file without a name, where the system allows that, under a key that
// is drawn for it and stays in memory: nothing of it is left when the process ends, however it does.
type spool struct {
	file  *os.File
	block cipher.Block
	size  int64
}

// newSpool reads a stream to its end.
func newSpool(from io.Reader) (*spool, error) {
	key := make([]byte, 32)
	rand.Read(key) // never fails
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	file, err := os.CreateTemp("", ".patina-*")
	if err != nil {
		return nil, err
	}
	os.Remove(file.Name()) // where the system refuses, the file stays, and is noise
	s := &spool{file: file, block: block}
	if s.size, err = io.Copy(cipher.StreamWriter{S: s.stream(), W: file}, from); err != nil {
		file.Close()
		return nil, fmt.Errorf("keep what is read: %w", err)
	}
	return s, nil
}

// stream returns the key stream from the beginning. The key is used for one text, so that it needs no nonce.
func (s *spool) stream() cipher.Stream { return cipher.NewCTR(s.block, make([]byte, aes.BlockSize)) }

func (s *spool) open() (io.ReadCloser, error) {
	text := cipher.StreamReader{S: s.stream(), R: io.NewSectionReader(s.file, 0, s.size)}
	return io.NopCloser(text), nil
}

// openStdin keeps standard input and opens it as a file of a format.
func (s *Source) openStdin(opts Options) error {
	switch {
	case opts.Stdin == nil:
		return errors.New("open data: there is no standard input")
	case opts.Format == "":
		return errors.New("open data: standard input does not say its format: give --format csv or jsonl")
	case opts.Format == Parquet:
		return errors.New("open data: Parquet is read from its end, which standard input does not show: give a file")
	}
	spool, err := newSpool(opts.Stdin)
	if err != nil {
		return fmt.Errorf("read standard input: %w", err)
	}
	s.spooled = spool.size
	var p part
	if opts.Format == CSV {
		p, s.schema, err = openCSV(Stdin, spool.open, opts.Dialect)
	} else {
		p, s.schema, err = openJSONL(Stdin, spool.open)
	}
	if err != nil {
		return fmt.Errorf("read standard input: %w", err)
	}
	s.files, s.parts, s.partitions = []string{Stdin}, []part{p}, [][]string{nil}
	return nil
}
