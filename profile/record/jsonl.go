package record

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"sync/atomic"
)

// maxJSONLine bounds one line of JSON, in bytes; a longer one is malformed.
const maxJSONLine = 64 << 20

// maxJSONColumns bounds the columns that are read at once, so that one fits two bytes of [Batch.Orders].
const maxJSONColumns = 1 << 16

// A jsonFile is a file of one JSON object per line. Blank lines are skipped; a line that is not an object
// is a row of the shape Malformed, never an error: what is in it is data.
type jsonFile struct{ open opener }

// openJSONL looks at no more than whether a .json file is an array, which is a matter of format.
func openJSONL(path string, open opener) (part, Schema, error) {
	file, err := openText(open, nil)
	if err != nil {
		return nil, Schema{}, err
	}
	defer file.Close()
	c, err := firstByte(skipBOM(file))
	if err != nil && err != io.EOF {
		return nil, Schema{}, err
	}
	if c == '[' && strings.EqualFold(filepath.Ext(Bare(path)), ".json") {
		return nil, Schema{}, errors.New("the file is one JSON array, and JSON lines are wanted: write one object per line, for example with jq -c '.[]'")
	}
	return &jsonFile{open}, Schema{Format: JSONL}, nil
}

// firstByte returns the first byte that is not white space.
func firstByte(r io.ByteReader) (byte, error) {
	for {
		c, err := r.ReadByte()
		if err != nil || !isSpace(c) {
			return c, err
		}
	}
}

func skipBOM(r io.Reader) *bufio.Reader {
	br := bufio.NewReaderSize(r, 1<<16)
	if head, err := br.Peek(3); err == nil && string(head) == "\xef\xbb\xbf" {
		// What was just peeked at is there to discard.
		_, _ = br.Discard(3)
	}
	return br
}

// lines adds what it reads of the file to done, and calls line with every line that is not blank; nil stands for one that is too long.
func (j *jsonFile) lines(done *atomic.Int64, line func([]byte) error) error {
	file, err := openText(j.open, done)
	if err != nil {
		return err
	}
	defer file.Close()
	r, buf := skipBOM(file), []byte(nil)
	for {
		text, long, err := readLine(r, &buf, maxJSONLine)
		if err != nil && err != io.EOF {
			return err
		}
		if text = bytes.TrimSpace(text); long || len(text) > 0 {
			if err := line(text); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return nil
		}
	}
}

// isObject reports whether a line is one JSON object. Strings need not be valid UTF-8.
func isObject(line []byte) bool {
	return len(line) > 0 && line[0] == '{' && json.Valid(line)
}

func (j *jsonFile) read(want []string, b *batcher) error {
	if len(want) > maxJSONColumns {
		return fmt.Errorf("%d columns: at most %d", len(want), maxJSONColumns)
	}
	nesting, err := NewNesting(want)
	if err != nil {
		return err
	}
	b.keepOrder()
	f := flattener{nesting: nesting, cells: b.cells}
	return j.lines(b.done, func(line []byte) error {
		for i := range b.cells {
			b.cells[i][b.rows] = Cell{}
		}
		b.others[b.rows], b.orders[b.rows] = 0, b.orders[b.rows][:0]
		if !isObject(line) {
			return b.end(Malformed)
		}
		f.record(line, b.rows, b.orders[b.rows])
		b.others[b.rows], b.orders[b.rows] = f.others, f.order
		return b.end(0)
	})
}

// paths calls emit for each line; stopped tells an error of emit or ctx from one of reading.
func (j *jsonFile) paths(ctx context.Context, finder *pathFinder, emit func([]string) error) (stopped bool, err error) {
	err = j.lines(finder.done, func(line []byte) error {
		var paths []string
		if isObject(line) {
			paths = finder.record(line)
		}
		err := ctx.Err()
		if err == nil {
			err = emit(paths)
		}
		stopped = err != nil
		return err
	})
	return stopped, err
}
