package record

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// A compression is a way in which a text file can be packed. It is recognised by its first bytes, whatever the file is called.
type compression struct {
	name       string
	extensions []string
	magic      []byte
	unpack     func(io.Reader) (io.ReadCloser, error)
}

var compressions = []compression{
	{"gzip", []string{".gz"}, []byte{0x1f, 0x8b}, func(r io.Reader) (io.ReadCloser, error) { return gzip.NewReader(r) }},
	{"zstd", []string{".zst", ".zstd"}, []byte{0x28, 0xb5, 0x2f, 0xfd}, unpackZstd},
	{"bzip2", []string{".bz2"}, []byte("BZh91AY&SY"), func(r io.Reader) (io.ReadCloser, error) { return io.NopCloser(bzip2.NewReader(r)), nil }},
}

// packed reports whether a file that begins so is packed in this way. bzip2's fourth byte is a level from 1 to 9.
func (c compression) packed(head []byte) bool {
	if len(head) < len(c.magic) {
		return false
	}
	if c.name == "bzip2" && '1' <= head[3] && head[3] <= '9' {
		head = slices.Concat(head[:3], []byte("9"), head[4:])
	}
	return bytes.HasPrefix(head, c.magic)
}

// maxWindow bounds the memory that a compressed file can ask for, in bytes: what zstd --long=27 writes.
const maxWindow = 128 << 20

func unpackZstd(r io.Reader) (io.ReadCloser, error) {
	d, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow))
	if err != nil {
		return nil, err
	}
	return d.IOReadCloser(), nil
}

// A counted adds the bytes that are read of a file to what is done.
type counted struct {
	io.Reader
	done *atomic.Int64
}

func (c counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.done.Add(int64(n))
	return n, err
}

// openText opens a file to read its text, unpacked if it is compressed. What is read of the file is added to done; nil is allowed.
func openText(open opener, done *atomic.Int64) (io.ReadCloser, error) {
	file, err := open()
	if err != nil {
		return nil, err
	}
	if done == nil {
		done = new(atomic.Int64)
	}
	buffered := bufio.NewReaderSize(counted{file, done}, 1<<16)
	head, err := buffered.Peek(10)
	if err != nil && err != io.EOF {
		file.Close()
		return nil, err
	}
	for _, c := range compressions {
		if !c.packed(head) {
			continue
		}
		text, err := c.unpack(buffered)
		if err != nil {
			file.Close()
			return nil, fmt.Errorf("unpack %s: %w", c.name, err)
		}
		return &unpacked{c.name, text, file}, nil
	}
	return &unpacked{"", io.NopCloser(buffered), file}, nil
}

// An unpacked is the text of an open file.
type unpacked struct {
	name string // of the compression; "" for none
	text io.ReadCloser
	file io.Closer
}

// Read implements io.Reader. An error of unpacking says of which compression.
func (u *unpacked) Read(p []byte) (int, error) {
	n, err := u.text.Read(p)
	if err != nil && err != io.EOF && u.name != "" {
		err = fmt.Errorf("unpack %s: %w", u.name, err)
	}
	return n, err
}

// Close implements io.Closer.
func (u *unpacked) Close() error {
	u.text.Close()
	return u.file.Close()
}

// Bare returns a file's name without the extension of a compression.
func Bare(path string) string {
	ext := strings.ToLower(filepath.Ext(path))
	for _, c := range compressions {
		if slices.Contains(c.extensions, ext) {
			return path[:len(path)-len(ext)]
		}
	}
	return path
}
